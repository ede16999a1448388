// Jobs that the Hub starts again and again.
import {
  changeSchedule,
  createSchedule,
  findSchedule,
  getSchedule,
  type JobsReach,
  listSchedules,
} from "../../hub/jobs/client.ts";
import { flavorNamed, type Hardware, jobHardware } from "../../hub/jobs/hardware.ts";
import type { ScheduledJob } from "../../hub/jobs/types.ts";
import { oneLine } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { type Making, makeOnce } from "../once.ts";
import type { ToolResult } from "../protocol.ts";
import { explained } from "./account.ts";
import type { Input } from "./input.ts";
import { bodyOf, callLabel, callMark, sessionLabel } from "./plan.ts";
import { knownRecurrence } from "./recurrence.ts";
import { recurringCost, runCost, uncounted } from "./recurring-cost.ts";
import { prepareDashboard } from "./trackio.ts";
import { shortCommand } from "./uv.ts";

/** Schedules that a list shows. */
const mostListed = 50;

const reachOf = ({ door, signal, log }: ToolContext): JobsReach => ({ door, signal, onWait: log });
const date = (at: number | null): string =>
  at === null ? "-" : new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** What a schedule of the Hub's costs, in words. */
function costWords({ schedule, flavor, timeoutSeconds }: ScheduledJob, hardware: Hardware): string {
  const price = flavorNamed(hardware, flavor)?.usdPerHour ?? null;
  return recurringCost(knownRecurrence(schedule), runCost(timeoutSeconds, price));
}

function line(one: ScheduledJob, hardware: Hardware): string {
  const last = one.last === null ? "never ran" : `last ran ${date(one.last.at)} (job ${one.last.id})`;
  const next = one.suspended ? "suspended" : `next ${date(one.nextAt)}`;
  return `${one.id}  "${one.schedule}"  ${next}  ${last}  ${one.flavor}  ${costWords(one, hardware)}  ${oneLine(shortCommand(one.command), 100)}`;
}

const result = (text: string, one: ScheduledJob): ToolResult => ({
  ok: true,
  text,
  data: { scheduled_job_id: one.id, suspended: one.suspended },
});

/** `scheduled run`. */
export async function scheduledRun(args: Input, context: ToolContext): Promise<ToolResult> {
  const namespace = args.namespace ?? "";
  await prepareDashboard(args, context);
  const mark = callMark(context.session, context.callId);
  const body = bodyOf(args, { [callLabel]: mark, [sessionLabel]: context.session }, context);
  const making: Making<ScheduledJob> = {
    words: { done: "made the schedule", look: "scheduled ps" },
    find: () => findSchedule(reachOf(context), namespace, [callLabel, mark]),
    make: () => createSchedule(reachOf(context), namespace, args.schedule ?? "", body),
  };
  const made = await explained(context, namespace, "the schedule", () => makeOnce(making, context));
  const hardware = await jobHardware(reachOf(context));
  return result(
    `Scheduled for ${namespace}.\n${line(made, hardware)}\nIt costs that until it is suspended or deleted. ${uncounted}`,
    made,
  );
}

/** `scheduled ps`: all of them, those that are suspended as well. */
export async function scheduledPs(args: Input, context: ToolContext): Promise<ToolResult> {
  const namespace = args.namespace ?? "";
  const all: ScheduledJob[] = [];
  await explained(context, namespace, "the schedules", async () => {
    for await (const one of listSchedules(reachOf(context), namespace)) {
      all.push(one);
      if (all.length === mostListed) break;
    }
  });
  const hardware = await jobHardware(reachOf(context));
  const lines = all.map((one) => line(one, hardware));
  const text = all.length === 0 ? `${namespace} has no schedules.` : `${lines.join("\n")}\n${uncounted}`;
  const data = all.map(({ id, suspended }) => ({ scheduled_job_id: id, suspended }));
  return { ok: true, text, data, untrusted: "the list of schedules" };
}

/** `scheduled inspect`. */
export async function scheduledInspect(args: Input, context: ToolContext): Promise<ToolResult> {
  const [namespace, id] = [args.namespace ?? "", args.scheduled_job_id ?? ""];
  const one = await explained(context, namespace, `the schedule ${id}`, () =>
    getSchedule(reachOf(context), namespace, id),
  );
  const shown = line(one, await jobHardware(reachOf(context)));
  return { ...result(`${shown}\nimage: ${one.dockerImage}\n${uncounted}`, one), untrusted: `the schedule ${id}` };
}

/** `scheduled suspend`, `resume` and `delete`. */
export async function scheduledChange(args: Input, context: ToolContext): Promise<ToolResult> {
  const [namespace, id] = [args.namespace ?? "", args.scheduled_job_id ?? ""];
  const change = args.operation.replace("scheduled ", "") as "suspend" | "resume" | "delete";
  await explained(context, namespace, `the schedule ${id}`, () =>
    changeSchedule(reachOf(context), namespace, id, change),
  );
  const { resumes } = args.settled ?? {};
  const resumed =
    resumes === undefined ? uncounted : `It costs ${recurringCost(resumes.recurrence, resumes.usd)}. ${uncounted}`;
  const done = {
    suspend: "suspended; what runs already runs on.",
    resume: `resumed. ${resumed}`,
    delete: "deleted; what runs already runs on.",
  };
  return { ok: true, text: `The schedule ${id} of ${namespace} is ${done[change]}`, data: { scheduled_job_id: id } };
}
