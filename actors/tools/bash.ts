// The tool that runs commands. The sandbox does the work; this is its face to the model.
import * as z from "zod/mini";
import { codeOf } from "../../runtime/errors.ts";
import type { ExecProgress, ExecRequest, ExecResult, ExecStatus, Job } from "../sandbox/protocol.ts";
import { grouped, oneLine, shownBytes } from "./cap.ts";
import { defineTool, type LookContext, type ToolContext } from "./contract.ts";
import { ToolError } from "./errors.ts";
import { cleanTerminal, createTerminalCleaner } from "./terminal.ts";
import { outsideIn } from "./untrusted.ts";

const defaultSeconds = 120;
/** Ten hours, as long as one command may take. */
const maxSeconds = 36_000;
/** Milliseconds that the sandbox gets beyond the command's own time, to end its processes and answer. */
const marginMs = 30_000;
/** Milliseconds for questions that need no command to run. */
const questionMs = 20_000;
/** How often a command is attached to again after the sandbox was restarted under it. */
const maxReattachments = 10;

const input = z.strictObject({
  command: z.optional(z.string().check(z.describe("The command, for bash. Needed for the operation run."))),
  description: z.optional(z.string().check(z.describe("What it does, in a few words, for the user."))),
  work_dir: z._default(z.string(), ".").check(z.describe("The folder to run in. Default: the workspace.")),
  timeout: z.optional(
    z
      .int()
      .check(
        z.describe(
          "Seconds until the command and all that it started are ended: 1 to 36000. Default 120; for a background job 36000.",
        ),
      ),
  ),
  background: z
    ._default(z.boolean(), false)
    .check(z.describe("Answer at once with a job id while the command goes on.")),
  operation: z
    ._default(z.enum(["run", "jobs", "output", "stop"]), "run")
    .check(
      z.describe(
        "run: run the command. jobs: list this session's commands. output: show a job's output. stop: end a job.",
      ),
    ),
  job_id: z.optional(z.string().check(z.describe("The job, for output and stop."))),
  offset: z.optional(z.int().check(z.describe("For output: the byte to begin at. Default: the newest output."))),
});

type Input = z.infer<typeof input>;

function secondsOf(args: Input): number {
  const asked = args.timeout ?? (args.background ? maxSeconds : defaultSeconds);
  return Math.min(Math.max(asked, 1), maxSeconds);
}

function titleOf(args: Input): string {
  if (args.operation !== "run") return `Job ${args.job_id ?? ""} ${args.operation}`.replace(/ {2,}/g, " ");
  const where = args.work_dir === "." ? "" : ` (in ${args.work_dir})`;
  return `${args.background ? "Run in background" : "Run"}: ${oneLine(args.command ?? "", 90)}${where}`;
}

function statusLine(status: ExecStatus, seconds: number): string {
  switch (status.state) {
    case "running":
      return "still running";
    case "exited":
      return `exit code ${status.code}`;
    case "signalled":
      return `stopped by signal ${status.signal}`;
    case "timed_out":
      return `timed out after ${grouped(seconds)} s; the command and all that it started were ended. Give it more time with timeout, or run it with background`;
    case "cancelled":
      return "cancelled; the command and all that it started were ended";
    case "lost":
      return "gone without an exit code (the machine went down, or its record was removed); check what it has done before you repeat it";
  }
}

/** States of a command that are an outcome of their own. */
const outcomes: Partial<Record<ExecStatus["state"], "timeout" | "cancelled" | "unknown">> = {
  timed_out: "timeout",
  cancelled: "cancelled",
  lost: "unknown",
};

function body(result: ExecResult): string {
  const text = cleanTerminal(result.output.text).trimEnd();
  return text === "" ? "(no output)" : text;
}

function dataOf(result: ExecResult) {
  const { status, output } = result;
  return {
    exit_code: status.state === "exited" ? status.code : null,
    state: status.state,
    duration_ms: result.durationMs,
    output_file: output.file,
    total_bytes: output.totalBytes,
    job_id: result.jobId,
  };
}

/** Asks the sandbox; when it is restarted meanwhile, attaches to the command, which goes on without it. */
async function execute(request: ExecRequest, context: ToolContext): Promise<ExecResult> {
  const clean = createTerminalCleaner();
  const onProgress = (update: unknown) => {
    const { text } = update as ExecProgress;
    const plain = clean(text);
    if (plain !== "") context.stream(plain);
  };
  const deadline = Date.now() + (request.background ? questionMs : request.timeoutMs + marginMs);
  for (let attempt = 0; ; attempt++) {
    const deadlineMs = Math.max(1, deadline - Date.now());
    try {
      return await context.sandbox.ask("exec", request, { deadlineMs, signal: context.signal, onProgress });
    } catch (error) {
      if (codeOf(error) !== "ACTOR_GONE" || attempt >= maxReattachments || context.signal.aborted) throw error;
    }
  }
}

/** What a command prints that names a host elsewhere may be that host's text. */
function untrusted(command: string): { untrusted?: string } {
  const host = outsideIn(command);
  return host === null ? {} : { untrusted: host };
}

async function runCommand(args: Input, context: ToolContext) {
  const seconds = secondsOf(args);
  const result = await execute(
    {
      callId: context.callId,
      command: args.command ?? "",
      cwd: args.work_dir,
      timeoutMs: seconds * 1000,
      background: args.background,
      title: titleOf({ ...args, work_dir: "." }),
    },
    context,
  );
  if (args.background && result.status.state === "running") {
    const follow = `Follow it with operation "output" and job_id "${result.jobId}", end it with operation "stop". Its output goes to ${result.output.file}.`;
    return { ok: true, text: `Started as job ${result.jobId}. ${follow}`, data: dataOf(result) };
  }
  const ok = result.status.state === "exited" && result.status.code === 0;
  const outcome = outcomes[result.status.state];
  return {
    ok,
    ...(outcome === undefined ? {} : { outcome }),
    text: `${body(result)}\n${statusLine(result.status, seconds)}`,
    data: dataOf(result),
    ...untrusted(args.command ?? ""),
  };
}

/** Whether a command could change what it likes. Where that cannot be told, it counts as one that could. */
async function isOpen({ sandbox, signal }: LookContext): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await sandbox.ask("isolation", {}, { deadlineMs: questionMs, signal })).isOpen;
    } catch (error) {
      signal.throwIfAborted();
      // A sandbox that is being restarted has an answer in a moment.
      if (codeOf(error) !== "ACTOR_GONE" || attempt >= maxReattachments) return true;
    }
  }
}

function jobLine(job: Job): string {
  const age = Math.max(0, Math.round((Date.now() - job.startedAt) / 1000));
  const kind = job.background ? "background" : "foreground";
  const state = job.status.state === "exited" ? `exit code ${job.status.code}` : job.status.state.replace("_", " ");
  return `${job.jobId}  ${state}  ${kind}  started ${grouped(age)} s ago  ${shownBytes(job.outputBytes)} of output  ${oneLine(job.command, 100)}`;
}

function allJobs(context: ToolContext): Promise<Job[]> {
  return context.sandbox.ask("jobs", {}, { deadlineMs: questionMs, signal: context.signal });
}

async function listJobs(context: ToolContext) {
  const jobs = await allJobs(context);
  const text = jobs.length === 0 ? "No command has run in this session." : jobs.map(jobLine).join("\n");
  const data = jobs.map((job) => ({
    job_id: job.jobId,
    state: job.status.state,
    command: job.command,
    output_bytes: job.outputBytes,
  }));
  return { ok: true, text, data };
}

function unknownJob(jobId: string): ToolError {
  return new ToolError("NOT_FOUND", `There is no job ${jobId}.`, 'List the jobs with operation "jobs".');
}

async function showOutput(args: Input, context: ToolContext) {
  const jobId = args.job_id ?? "";
  const maxBytes = context.outputChars;
  let from = args.offset;
  if (from === undefined || from < 0) {
    const known = (await allJobs(context)).find((job) => job.jobId === jobId);
    if (known === undefined) throw unknownJob(jobId);
    from = Math.max(0, known.outputBytes - maxBytes);
  }
  const options = { deadlineMs: questionMs, signal: context.signal };
  const page = await context.sandbox.ask("readJob", { jobId, from, maxBytes }, options).catch((error: unknown) => {
    throw codeOf(error) === "JOB_UNKNOWN" ? unknownJob(jobId) : error;
  });
  const text = cleanTerminal(page.text).trimEnd();
  const { job, next } = page;
  const range = `bytes ${grouped(from)} to ${grouped(next)} of ${grouped(job.outputBytes)}; go on with offset ${next}`;
  const running = job.status.state === "running";
  return {
    ok: true,
    text: `${text === "" ? (next > from ? "(nothing to show)" : "(no new output)") : text}\n[${range}]\n${statusLine(job.status, 0)}`,
    data: { job_id: jobId, running, state: job.status.state, from, next, total_bytes: job.outputBytes },
    ...untrusted(job.command),
  };
}

async function stopJob(args: Input, context: ToolContext) {
  const jobId = args.job_id ?? "";
  const options = { deadlineMs: questionMs + marginMs, signal: context.signal };
  const job = await context.sandbox.ask("stopJob", { jobId }, options).catch((error: unknown) => {
    throw codeOf(error) === "JOB_UNKNOWN" ? unknownJob(jobId) : error;
  });
  return { ok: true, text: `Job ${jobId} is over.\n${jobLine(job)}`, data: { job_id: jobId, state: job.status.state } };
}

/** Runs commands in the sandbox. */
export const bash = defineTool<Input>({
  name: "bash",
  description: [
    "Runs a command in a new bash: no variables or folder changes remain from call to call, so chain with && what belongs together. Independent commands may go in parallel calls.",
    "Answers with the output (stdout and stderr as they came) and a last line: exit code, time-out or signal. Of long output the beginning and the end are shown, the file with the whole is named.",
    "What runs for more than two minutes (training, downloads, servers) goes with background: the answer is a job id; operation output shows what is new, stop ends it, jobs lists all. There is no terminal and no input: pass flags such as --yes.",
    "For files use the tools for files instead. Commands get no keys or tokens, and may be kept from writing outside the workspace.",
  ].join(" "),
  input: input.check(
    z.refine((args) => args.operation !== "run" || (args.command ?? "").trim() !== "", {
      path: ["command"],
      message: "is needed to run something",
    }),
    z.refine((args) => !/^(?:output|stop)$/.test(args.operation) || args.job_id !== undefined, {
      path: ["job_id"],
      message: 'is needed; operation "jobs" lists the jobs',
    }),
  ),
  paths: ["work_dir"],
  onCrash: "adopt",
  touches: async (args, look) =>
    args.operation === "run"
      ? [{ kind: "run", path: args.work_dir, ...((await isOpen(look)) ? { open: true } : {}) }]
      : [],
  title: titleOf,
  timeoutMs: (args) =>
    (args.operation === "run" && !args.background ? secondsOf(args) * 1000 : questionMs) + 2 * marginMs,

  async preview(args) {
    return args.command === undefined || args.operation !== "run" ? null : { kind: "command", text: args.command };
  },

  async run(args, context) {
    switch (args.operation) {
      case "run":
        return runCommand(args, context);
      case "jobs":
        return listJobs(context);
      case "output":
        return showOutput(args, context);
      case "stop":
        return stopJob(args, context);
    }
  },
});
