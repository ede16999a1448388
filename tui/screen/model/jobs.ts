// What runs for a while: commands and their logs, measurements and ends.
import type { DurableEvents } from "../../../actors/events.ts";
import type { ExecStatus, Job as SandboxJob } from "../../../actors/sandbox/protocol.ts";
import type { CallBlock } from "./blocks.ts";
import type { Draft } from "./draft.ts";
import type { Job, JobState } from "./facts.ts";
import type { At } from "./inputs.ts";
import { membersOf, numberIn, textIn } from "./json.ts";
import { addToLog, emptyLog, endLine, type Log, redrawLine, shortenLog } from "./log.ts";
import { type Meter, measured, measuredToEnd } from "./metering.ts";
import { notify } from "./notify.ts";

/** Jobs that are kept; those that are over go first. */
const maxJobs = 60;
/** Lines of the log of a job that is over. */
const endedLines = 100;
/** A shorter command in the foreground that measured nothing is not worth a line once it is over, in milliseconds. */
const briefMs = 5_000;

/**
 * Puts a call that has started on the list, when it is one of those that take their time. `startedAt`: milliseconds
 * since 1970, null when it is not known.
 */
export function startJob(draft: Draft, call: CallBlock, at: At, startedAt: number | null = at.ts): void {
  if (!call.touches.some(({ kind }) => kind === "run" || kind === "spend")) return;
  if (changeJob(draft, call.callId, () => ({ state: "running", endedAt: null, heardAt: at.ts }))) return;
  const background = membersOf(call.arguments).background === true;
  const about = { id: call.callId, tool: call.tool, title: titleOf(call), background };
  addJob(draft, newJob(draft.meter, about, startedAt));
}

/** What the model calls a command, where it has said so: commands that differ at their end look alike in a narrow list. */
function titleOf({ tool, title, arguments: given }: CallBlock): string {
  const described = tool === "bash" ? (textIn(given, "description") ?? "").trim() : "";
  return described === "" ? title.replace(/^Run(?: in background)?: /, "") : described;
}

/** Adds output to the log of a running call, and to its block. */
export function logOf(meter: Meter, log: Log, text: string): Log {
  const firstLine = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  const isRedrawn = log.open !== "" && meter.isBar(firstLine) && meter.isBar(log.open);
  return addToLog(isRedrawn ? redrawLine(log) : log, text).log;
}

/** Adds output to a job. */
export function addOutput(draft: Draft, id: string, text: string, at: At): void {
  changeJob(draft, id, (job) => ({
    log: logOf(draft.meter, job.log, text),
    metrics: measured(draft.meter, job.metrics, text),
    heardAt: at.ts,
  }));
}

const ends = {
  done: "done",
  cancelled: "cancelled",
  timeout: "timeout",
  unknown: "unknown",
} as const satisfies Partial<Record<DurableEvents["tool_output"]["outcome"], JobState>>;

/** A call is over; a command in the background goes on as a job. */
export function endJob(draft: Draft, data: DurableEvents["tool_output"], at: At): void {
  const { tool_call_id: id, outcome } = data;
  const goesOn = outcome === "done" && textIn(data.data, "state") === "running";
  if (goesOn) {
    changeJob(draft, id, () => ({ background: true, heardAt: at.ts }));
    return;
  }
  const job = draft.jobs.find((one) => one.id === id);
  if (job === undefined) return;
  if (job.remote?.open === true) {
    // The call is over, its job is not.
    changeJob(draft, id, () => ({ background: true, heardAt: at.ts }));
    return;
  }
  const state = ends[outcome as keyof typeof ends] ?? "failed";
  closeJob(draft, id, state, numberIn(data.data, "exit_code"), at, wasHeard(job) ? "" : data.output);
  if (!job.background && data.duration_ms < briefMs && job.metrics.series.size === 0) {
    draft.jobs = draft.jobs.filter((one) => one.id !== id || one.metrics.series.size > 0);
  }
}

/** What the tool for commands tells of other commands: their states, and the output that was asked for. */
export function readJobResult(draft: Draft, data: DurableEvents["tool_output"], at: At): void {
  const listed = Array.isArray(data.data) ? data.data : [data.data ?? null];
  for (const one of listed) {
    const id = textIn(one, "job_id");
    const state = textIn(one, "state");
    if (id === null || state === null || id === data.tool_call_id) continue;
    const [from, next] = [numberIn(one, "from"), numberIn(one, "next")];
    const job = draft.jobs.find((known) => known.id === id);
    if (job !== undefined && from !== null && next !== null && from >= job.readBytes && next > from) {
      // Two lines at the end say which part this is, and how the job stands.
      addOutput(draft, id, `${data.output.split("\n").slice(0, -2).join("\n")}\n`, at);
      changeJob(draft, id, () => ({ readBytes: next }));
    }
    settleJob(draft, id, state as ExecStatus["state"], null, at);
  }
}

/** What a command in the background has printed since it was read last. */
export function readOutput(draft: Draft, { id, text, next }: { id: string; text: string; next: number }, at: At): void {
  const job = draft.jobs.find((known) => known.id === id);
  if (job === undefined || next <= job.readBytes) return;
  addOutput(draft, id, text, at);
  changeJob(draft, id, () => ({ readBytes: next }));
}

/** What the sandbox lists is how things are. */
export function takeJobs(draft: Draft, jobs: readonly SandboxJob[], at: At): void {
  for (const { jobId: id, title, startedAt, background, status } of jobs) {
    const known = draft.jobs.some((job) => job.id === id);
    if (!known && status.state !== "running") continue;
    if (!known) addJob(draft, newJob(draft.meter, { id, tool: "bash", title, background }, startedAt));
    else changeJob(draft, id, (job) => ({ startedAt: job.startedAt ?? startedAt }));
    settleJob(draft, id, status.state, status.state === "exited" ? status.code : null, at);
  }
}

/** Nothing of what ran goes on. */
export function endAllJobs(draft: Draft, at: At): void {
  for (const { id, state, remote } of draft.jobs) {
    // Jobs on the Hub run on without the program.
    if (state !== "running" || remote?.open === true) continue;
    closeJob(draft, id, "cancelled", null, at, "");
  }
}

function settleJob(draft: Draft, id: string, state: ExecStatus["state"], code: number | null, at: At): void {
  const job = draft.jobs.find((one) => one.id === id);
  if (job === undefined || job.state !== "running" || state === "running") return;
  const failed = state === "signalled" || (code ?? 0) !== 0;
  const end =
    state === "timed_out" ? "timeout" : state === "cancelled" ? "cancelled" : state === "lost" ? "unknown" : null;
  closeJob(draft, id, end ?? (failed ? "failed" : "done"), code, at, "");
  if (job.background) notify(draft, at, "job", job.title);
}

/** A job is over. */
export function closeJob(
  draft: Draft,
  id: string,
  state: JobState,
  exitCode: number | null,
  at: At,
  output: string,
): void {
  changeJob(draft, id, (job) => {
    const log = endLine(addToLog(job.log, output).log).log;
    const metrics = measuredToEnd(
      draft.meter,
      output === "" ? job.metrics : measured(draft.meter, job.metrics, output),
    );
    return { state, exitCode, endedAt: at.ts, heardAt: at.ts, log: shortenLog(log, endedLines), metrics };
  });
}

function wasHeard({ log, readBytes }: Job): boolean {
  return readBytes > 0 || log.open !== "" || log.lines.length > 0;
}

/** A job that has just started. */
export function newJob(
  meter: Meter,
  about: Pick<Job, "id" | "tool" | "title" | "background">,
  startedAt: number | null,
): Job {
  return {
    ...about,
    version: 1,
    state: "running",
    startedAt,
    endedAt: null,
    exitCode: null,
    heardAt: startedAt ?? 0,
    log: emptyLog,
    readBytes: 0,
    metrics: meter.empty(),
    remote: null,
  };
}

/** Puts a job on the list. */
export function addJob(draft: Draft, job: Job): void {
  draft.jobs = [...draft.jobs, job];
  if (draft.jobs.length <= maxJobs) return;
  const oldest = draft.jobs.find(({ state }) => state !== "running") ?? draft.jobs[0];
  draft.jobs = draft.jobs.filter((one) => one !== oldest);
}

/** Changes a job; false: there is none of this id. */
export function changeJob(draft: Draft, id: string, change: (job: Job) => Partial<Job>): boolean {
  const index = draft.jobs.findIndex((job) => job.id === id);
  const job = draft.jobs[index];
  if (job === undefined) return false;
  draft.jobs = draft.jobs.with(index, { ...job, ...change(job), version: job.version + 1 });
  return true;
}
