// The tool for jobs on the Hub: its face to the model. What it does is in the files beside it, which are loaded when
// they are needed.

import type { Access } from "../../events.ts";
import { dollars } from "../../hub/jobs/cost.ts";
import { oneLine } from "../cap.ts";
import { defineTool, type LookContext, type ToolContext } from "../contract.ts";
import type { ToolResult } from "../protocol.ts";
import { shownDuration } from "./duration.ts";
import { type Input, input, mostUsd, reads, waitedFor, waitSeconds } from "./input.ts";
import { recurringCost } from "./recurring-cost.ts";

/** Milliseconds that a job may wait for its machine, beside the time that it may run, before the call ends without it. */
const queueMs = 24 * 3_600_000;
/** Milliseconds of the operations that answer at once. */
const briefMs = 180_000;

/** What a settled call touches. */
function touchesOf(args: Input, { door }: LookContext): Access[] {
  const { host } = new URL(door.services.hub);
  const { operation, namespace = "", settled, trackio } = args;
  const touched: Access[] = [{ kind: "network", host }];
  if (reads.has(operation)) return touched;
  const viewer = new URL(door.services.datasetsServer).host;
  if (settled?.dataset !== undefined && viewer !== host) touched.push({ kind: "network", host: viewer });
  const schedule = `${namespace}/${args.scheduled_job_id ?? "a new schedule"}`;
  if (operation === "scheduled run" || operation === "scheduled resume") {
    touched.push({ kind: "publish", host, target: schedule, what: "scheduled_job" });
  }
  if (operation === "scheduled delete") touched.push({ kind: "delete", host, target: schedule, what: "schedule" });
  if (operation === "scheduled suspend") touched.push({ kind: "publish", host, target: schedule, what: "other" });
  // What another one has started is not the agent's to end.
  if (operation === "cancel" && settled?.own !== true) {
    touched.push({ kind: "delete", host, target: `${namespace}/${args.job_id}`, what: "job" });
  }
  if (operation === "run") {
    touched.push({ kind: "spend", usd: mostUsd(args), payer: namespace });
  }
  if (trackio !== undefined && settled?.dashboard === "fill") {
    touched.push({ kind: "publish", host, target: trackio.space, what: "upload" });
  }
  if (trackio !== undefined && settled?.dashboard === "create") {
    touched.push({ kind: "publish", host, target: trackio.space, what: "create_repo" });
  }
  return touched;
}

function titleOf(args: Input): string {
  const { operation, settled, namespace, hardware_flavor } = args;
  if (operation === "wait") {
    return `Jobs: wait for ${waitedFor(args).join(", ")}, at most ${shownDuration(waitSeconds(args))}`;
  }
  if (settled?.resumes !== undefined) {
    const { schedule, recurrence, flavor, usd } = settled.resumes;
    return `Job on ${flavor} again (${schedule}), ${recurringCost(recurrence, usd)} of ${namespace}: ${args.scheduled_job_id}`;
  }
  if (operation !== "run" && operation !== "scheduled run") {
    return `Jobs: ${operation} ${args.job_id ?? args.scheduled_job_id ?? namespace ?? ""}`.trim();
  }
  const what = args.script === undefined ? (args.command ?? []).join(" ") : (settled?.script_name ?? "script");
  const most = mostUsd(args);
  const once = most === null ? "at an unknown price" : `up to ${dollars(most)}`;
  const cost = operation === "run" ? once : recurringCost(settled?.recurrence ?? null, most);
  const when = operation === "run" ? "" : ` (${args.schedule})`;
  return `Job on ${hardware_flavor}${when}, ${cost} of ${namespace}: ${oneLine(what, 60)}`;
}

function limitOf(args: Input): number {
  if (args.operation === "wait") return waitSeconds(args) * 1_000 + briefMs;
  return args.operation === "run" && args.wait !== false ? (args.settled?.seconds ?? 0) * 1_000 + queueMs : briefMs;
}

async function runOperation(args: Input, context: ToolContext): Promise<ToolResult> {
  const { operation } = args;
  if (operation === "run") return (await import("./run.ts")).runCall(args, context);
  if (operation === "wait") return (await import("./wait.ts")).wait(args, context);
  if (operation.startsWith("scheduled")) {
    const { scheduledChange, scheduledInspect, scheduledPs, scheduledRun } = await import("./schedules.ts");
    if (operation === "scheduled run") return scheduledRun(args, context);
    if (operation === "scheduled ps") return scheduledPs(args, context);
    if (operation === "scheduled inspect") return scheduledInspect(args, context);
    return scheduledChange(args, context);
  }
  const { cancel, hardware, inspect, logs, ps } = await import("./look.ts");
  const looks = { ps, logs, inspect, cancel, hardware };
  return looks[operation as keyof typeof looks](args, context);
}

/** Runs and watches jobs on the Hub. */
export const hfJobs = defineTool<Input>({
  name: "hf_jobs",
  description: [
    "Runs Python scripts (uv) or Docker commands on the Hub's machines, also with GPUs, paid by the minute; lists, reads, ends and schedules them.",
    "run waits for the end and answers with stage, cost and log; a job that failed is a failed call. With wait false it answers at once, and you are told of the end; operation wait waits for such jobs. See one train before you start more of a kind.",
    "A job's disk is gone with it: push results to the Hub, with secrets HF_TOKEN. Checks before the launch (syntax, dependencies, columns of the data set, results, token, timeout, hardware) refuse what must fail, at no cost.",
  ].join(" "),
  input,
  onCrash: "adopt",
  settle: async (args, look) => (await import("./settle.ts")).settleCall(args, look),
  touches: touchesOf,
  title: titleOf,
  timeoutMs: limitOf,
  preview: async (args) => (await import("./preview.ts")).previewOf(args),
  run: runOperation,
});
