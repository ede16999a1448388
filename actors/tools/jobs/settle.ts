// Pins what a call means before it is judged: the script's text, who pays, the machine, its price, the time. And asks
// the gates, so that a job which must fail costs nothing.
import { hasStatus } from "../../http/errors.ts";
import { getJob, getSchedule, type JobsReach } from "../../hub/jobs/client.ts";
import { flavorNamed, type Hardware, jobHardware } from "../../hub/jobs/hardware.ts";
import type { Flavor, ScheduledJob } from "../../hub/jobs/types.ts";
import { createRedactor } from "../../redaction/redactor.ts";
import { nearest } from "../coerce.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { requireHandedOn } from "../handed-on.ts";
import { factsOf, type ScriptFacts } from "../python/facts.ts";
import { accountOf, explained, namespaceOf } from "./account.ts";
import { columnsFor } from "./columns.ts";
import { secondsOf } from "./duration.ts";
import type { Planned, TrainedOn } from "./gates/gate.ts";
import { findingsOf } from "./gates/gates.ts";
import { headerOf } from "./header.ts";
import { type Input, launches, type Settled, waitedFor } from "./input.ts";
import { sessionLabel, specOf } from "./plan.ts";
import { knownRecurrence, recurrenceOf } from "./recurrence.ts";
import { runCost } from "./recurring-cost.ts";
import { readScript } from "./script.ts";
import { dashboardOf } from "./trackio.ts";
import { shortCommand, uvImage } from "./uv.ts";
import { volumesOf } from "./volumes.ts";

const needed: Partial<Record<Input["operation"], "job_id" | "scheduled_job_id" | "schedule">> = {
  logs: "job_id",
  inspect: "job_id",
  cancel: "job_id",
  "scheduled inspect": "scheduled_job_id",
  "scheduled suspend": "scheduled_job_id",
  "scheduled resume": "scheduled_job_id",
  "scheduled delete": "scheduled_job_id",
  "scheduled run": "schedule",
};

/** Jobs that one call waits for. */
const mostWaited = 16;

/** The arguments with everything in them that is judged and shown. Throws a `ToolError` for what must not be run. */
export async function settleCall({ settled: before, ...args }: Input, look: LookContext): Promise<Input> {
  const missing = needed[args.operation];
  if (missing !== undefined && !args[missing]) {
    throw new ToolError("BAD_ARGUMENTS", `The operation ${args.operation} needs ${missing}.`, "Name it.");
  }
  if (args.operation === "wait" && (waitedFor(args).length === 0 || waitedFor(args).length > mostWaited)) {
    const hint = `Name one with job_id, or up to ${mostWaited} with job_ids.`;
    throw new ToolError("BAD_ARGUMENTS", "The operation wait needs the jobs to wait for.", hint);
  }
  if (args.operation === "hardware") return args;
  const owner = await accountOf(look);
  if (launches(args.operation)) {
    const name = typeof before?.script_name === "string" ? before.script_name : undefined;
    return settleLaunch({ ...args, namespace: namespaceOf(owner, args.namespace) }, name, look);
  }
  const open = [owner.name, ...owner.orgs.map(({ name }) => name)];
  const accounts = args.namespace === undefined ? open : [namespaceOf(owner, args.namespace)];
  const { job_id: jobId, scheduled_job_id: scheduleId } = args;
  const findJob = async (id: string) => {
    const what = { what: `job ${id}`, hint: "List the jobs with operation ps and all." };
    const job = await findIn(accounts, what, look, (reach, namespace) => getJob(reach, namespace, id));
    return { id, namespace: job.namespace, own: job.labels[sessionLabel] === look.session };
  };
  if (args.operation === "wait") return { ...args, settled: { jobs: await Promise.all(waitedFor(args).map(findJob)) } };
  if (jobId !== undefined) {
    const { namespace, own } = await findJob(jobId);
    return { ...args, namespace, settled: { own } };
  }
  if (scheduleId === undefined) return { ...args, namespace: accounts[0] ?? owner.name };
  const what = { what: `schedule ${scheduleId}`, hint: "List them with operation scheduled ps." };
  const schedule = await findIn(accounts, what, look, (reach, namespace) => getSchedule(reach, namespace, scheduleId));
  const { namespace } = schedule;
  if (args.operation !== "scheduled resume") return { ...args, namespace };
  return { ...args, namespace, settled: await settledSchedule(schedule, look) };
}

/** A job or schedule of the first account that has it. */
async function findIn<T>(
  accounts: readonly string[],
  { what, hint }: { what: string; hint: string },
  look: LookContext,
  get: (reach: JobsReach, namespace: string) => Promise<T>,
): Promise<T & { namespace: string }> {
  const reach: JobsReach = { door: look.door, signal: look.signal };
  for (const [index, namespace] of accounts.entries()) {
    try {
      return { ...(await get(reach, namespace)), namespace };
    } catch (error) {
      if (hasStatus(error, 404, 403) && index < accounts.length - 1) continue;
      if (hasStatus(error, 404)) break;
      await explained(look, namespace, `the ${what}`, () => Promise.reject(error));
    }
  }
  throw new ToolError("NOT_FOUND", `There is no ${what} of ${accounts.join(", ")}.`, hint);
}

/** What will run again, for whoever approves that. */
async function settledSchedule(schedule: ScheduledJob, look: LookContext): Promise<Settled> {
  const hardware = await jobHardware({ door: look.door, signal: look.signal });
  return {
    resumes: {
      schedule: schedule.schedule,
      recurrence: knownRecurrence(schedule.schedule),
      flavor: schedule.flavor,
      command: shortCommand(schedule.command),
      usd: runCost(schedule.timeoutSeconds, flavorNamed(hardware, schedule.flavor)?.usdPerHour ?? null),
    },
  };
}

async function settleLaunch(args: Input, known: string | undefined, look: LookContext): Promise<Input> {
  if ((args.script === undefined) === (args.command === undefined)) {
    throw new ToolError("BAD_ARGUMENTS", "A job is either a script or a command.", "Pass one of the two.");
  }
  if (args.command?.length === 0) throw new ToolError("BAD_ARGUMENTS", "The command is empty.");
  for (const name of args.secrets ?? []) requireHandedOn(name, "job", look);
  const recurrence = args.operation === "scheduled run" ? recurrenceOf(args.schedule ?? "") : null;
  const script = args.script === undefined ? null : await readScript(args.script, known, look);
  const hardware = await jobHardware({ door: look.door, signal: look.signal });
  const flavor = flavorOf(hardware, args.hardware_flavor ?? "cpu-basic");
  const seconds = secondsOf(args.timeout);
  const facts = script === null ? null : factsOf(script.text);
  const dataset = await trainedOn(facts, look);
  const planned = plannedOf(args, { script: script?.text ?? null, facts, dataset }, flavor, seconds, look);
  const overruled = askGates(planned, args.overrule ?? []);
  const dashboard =
    args.trackio === undefined ? undefined : await dashboardOf(args.trackio.space, args.namespace ?? "", look);
  const settled: Input = {
    ...args,
    ...(script === null ? {} : { script: script.text }),
    hardware_flavor: flavor.name,
    settled: {
      ...(script === null ? {} : { script_name: script.name }),
      ...(recurrence === null ? {} : { recurrence }),
      seconds,
      usd_per_hour: flavor.usdPerHour,
      price: hardware.source === "live" ? "the Hub's price of now" : `a price of ${hardware.asOf}`,
      gpu: flavor.gpu === null ? "no GPU" : `${flavor.gpu.count} x ${flavor.gpu.model}, ${flavor.gpu.vramGb ?? "?"} GB`,
      ...(overruled.length === 0 ? {} : { overruled }),
      ...(dashboard === undefined ? {} : { dashboard }),
      ...(facts?.training ? { dataset: facts.training.id } : {}),
    },
  };
  // Whatever makes no job is refused here and not after the approval.
  specOf(settled, {});
  return settled;
}

function flavorOf(hardware: Hardware, asked: string): Flavor {
  const found = flavorNamed(hardware, asked);
  if (found !== undefined) return found;
  const names = hardware.flavors.map(({ name }) => name);
  const near = nearest(asked, names);
  const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "The operation hardware lists them.";
  throw new ToolError("NOT_FOUND", `There is no hardware ${JSON.stringify(asked)}.`, hint);
}

/** What the script trains on, with the columns that it has now. */
async function trainedOn(facts: ScriptFacts | null, look: LookContext): Promise<TrainedOn | null> {
  const training = facts?.training ?? null;
  const columns = training === null ? null : await columnsFor(training, look);
  return training === null || columns === null ? null : { ...training, columns };
}

function plannedOf(
  args: Input,
  read: Pick<Planned, "script" | "facts" | "dataset">,
  flavor: Flavor,
  seconds: number,
  look: LookContext,
): Planned {
  const redactor = createRedactor({ secrets: Object.values(look.jobSecrets) });
  return {
    ...read,
    header: read.script === null ? null : headerOf(read.script),
    command: [...(args.command ?? []), ...(args.script_args ?? [])].join(" "),
    dependencies: args.dependencies ?? [],
    usualImage: args.image === undefined || args.image === uvImage,
    secrets: args.secrets ?? [],
    env: args.env ?? {},
    writableVolume: volumesOf(args.volumes ?? []).some(({ readOnly }) => readOnly !== true),
    trackio: args.trackio !== undefined,
    flavor,
    seconds,
    timeoutGiven: args.timeout !== undefined,
    secretsIn(text) {
      const before = redactor.places;
      redactor.text(text);
      return redactor.places - before;
    },
  };
}

/** Refuses a job that the gates have something against. Answers with what was overruled, in words. */
function askGates(planned: Planned, overrule: readonly string[]): string[] {
  const found = findingsOf(planned);
  const standing = found.filter(({ gate }) => !overrule.includes(gate));
  if (standing.length === 0) return found.map(({ gate, message }) => `${gate}: ${message}`);
  const lines = standing.map(({ gate, message, hint }) => `- ${gate}: ${message} ${hint}`);
  const names = JSON.stringify(standing.map(({ gate }) => gate));
  throw new ToolError(
    "BAD_ARGUMENTS",
    `Not launched, nothing was spent:\n${lines.join("\n")}`,
    `\nMend it, or where a check is mistaken pass overrule: ${names}.`,
  );
}
