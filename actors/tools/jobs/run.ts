// Runs a job and waits for its real end, or answers as soon as it is on its way.

import { cancelJob, jobPage } from "../../hub/jobs/client.ts";
import { billedSeconds, costOf } from "../../hub/jobs/cost.ts";
import { followJob } from "../../hub/jobs/follow.ts";
import { isWaiting, type JobInfo } from "../../hub/jobs/types.ts";
import type { ToolContext } from "../contract.ts";
import type { ToolResult } from "../protocol.ts";
import { explained } from "./account.ts";
import { endingWords } from "./ending.ts";
import type { Input } from "./input.ts";
import { keepLog } from "./kept-log.ts";
import { launch } from "./launch.ts";
import { dashboardPage, prepareDashboard } from "./trackio.ts";
import { unstamped } from "./unstamped.ts";

/** Milliseconds for taking back a job that was started while the call was being stopped. */
const takeBackMs = 30_000;

/** Launches the job of a settled call. */
export async function runCall(args: Input, context: ToolContext): Promise<ToolResult> {
  await prepareDashboard(args, context);
  const job = await launch(args, context);
  if (context.signal.aborted) {
    // Nobody has heard of it yet, so nobody else would end it.
    const reach = { door: context.door, signal: AbortSignal.timeout(takeBackMs) };
    await cancelJob(reach, job.namespace, job.id);
    context.signal.throwIfAborted();
  }
  const url = jobPage(context.door.services.hub, job.namespace, job.id);
  const links = linksOf(args, url, context);
  context.log(`Job ${job.id} on ${args.hardware_flavor}: ${url}\n`);
  return args.wait === false ? onItsWay(args, job, links) : waitFor(args, job, links, context);
}

function linksOf({ trackio }: Input, url: string, { door }: ToolContext): string {
  const page =
    trackio === undefined
      ? ""
      : `\nDashboard: ${dashboardPage(door.services.hub, trackio.space)} (project ${trackio.project})`;
  return `${url}${page}`;
}

function onItsWay(args: Input, job: JobInfo, links: string): ToolResult {
  const follow = `It is followed: you will be told when it has ended. With job_id ${job.id}, operation logs reads its log, wait waits for its end, and cancel ends it.`;
  return {
    ok: true,
    text: `Started job ${job.id} of ${job.namespace} on ${args.hardware_flavor} (${job.stage}).\n${links}\n${follow}`,
    data: dataOf(args, job),
  };
}

async function waitFor(args: Input, job: JobInfo, links: string, context: ToolContext): Promise<ToolResult> {
  const log = keepLog(context.outputs, context.callId, Object.values(context.jobSecrets));
  let stage = "";
  try {
    const ended = await explained(context, job.namespace, `the job ${job.id}`, () =>
      followJob({
        door: context.door,
        signal: context.signal,
        namespace: job.namespace,
        id: job.id,
        onLine: async (line) => context.log(`${await log.add(line)}\n`),
        onSeen: (seen) => {
          if (seen.stage === stage) return;
          stage = seen.stage;
          if (isWaiting(stage)) context.log(`Waiting for a machine (${args.hardware_flavor}); this costs nothing.\n`);
        },
        onTrouble: (words) => context.log(`${words}\n`),
      }),
    );
    return await ending(args, { ...ended, namespace: job.namespace }, log.text(), links, context);
  } finally {
    await log.close();
  }
}

/** The result of a job that has ended. A job that has failed is a call that has failed. */
async function ending(
  args: Input,
  job: JobInfo,
  log: string,
  links: string,
  context: ToolContext,
): Promise<ToolResult> {
  const { seconds, usd } = bill(args, job);
  context.tell({
    type: "hf_job_complete",
    data: {
      job_id: job.id,
      namespace: job.namespace,
      flavor: args.hardware_flavor ?? job.flavor,
      final_status: job.stage.toLowerCase(),
      message: job.message || null,
      wall_time_s: seconds,
      estimated_cost_usd: usd,
    },
  });
  const source = [args.script ?? "", ...(args.command ?? []), ...(args.script_args ?? [])].join(" ");
  const remark = await unstamped({ source, log, isDone: job.stage === "COMPLETED" }, context);
  const shown = log === "" ? "(it wrote nothing)" : log.trimEnd();
  return {
    ok: job.stage === "COMPLETED",
    text: `${endingWords({ ...job, seconds, usd }, log)}\n${links}${remark}\nLog:\n${shown}`,
    data: { ...dataOf(args, job), wall_time_s: seconds, cost_usd: usd },
    untrusted: `the log of job ${job.id}`,
  };
}

/** What a job that has ended is billed for, as far as it can be told. */
function bill({ settled }: Input, job: JobInfo): { seconds: number | null; usd: number | null } {
  const seconds = billedSeconds(job);
  const price = settled?.usd_per_hour ?? null;
  return { seconds, usd: seconds === null || price === null ? null : costOf(seconds, price) };
}

function dataOf(args: Input, job: JobInfo) {
  return { job_id: job.id, namespace: job.namespace, stage: job.stage, flavor: args.hardware_flavor ?? job.flavor };
}
