// The sandbox actor: runs commands, keeps them across its own death, and ends them with all that they started. It
// holds nothing that is not in the folders of its calls.
import { mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import {
  type ActorContext,
  type Behaviour,
  type BehaviourFactory,
  codeOf,
  type MessageContext,
} from "../../runtime/index.ts";
import {
  type CallSpec,
  type Conclusion,
  callFolder,
  readClaim,
  readConclusion,
  readSpec,
  recordSpec,
} from "./call-folder.ts";
import { SandboxError } from "./errors.ts";
import { chooseIsolation, writableFolders } from "./isolation.ts";
import { type LaunchSite, launch } from "./launch.ts";
import { layoutOf, readPage, viewOf } from "./output.ts";
import { dropShortName, privateTmp } from "./private-tmp.ts";
import type { ExecRequest, ExecResult, ExecStatus, Job, OutputView, SandboxArgs, SandboxProtocol } from "./protocol.ts";
import { lookAfter, type Run } from "./run.ts";

/** Milliseconds after which a start looks again for commands whose wrapper had not yet claimed its call. */
const secondLookMs = 1_000;

/** Bytes of one page of a job's output, at most. */
const longestPage = 1024 * 1024;

const create: BehaviourFactory<SandboxProtocol, SandboxArgs> = (args, context) => sandbox(args, context);
export default create;

function sandbox(given: SandboxArgs, context: ActorContext): Behaviour<SandboxProtocol> {
  mkdirSync(given.callsDir, { recursive: true, mode: 0o700 });
  const args = { ...given, callsDir: realpathSync(given.callsDir), workspace: realpathSync(given.workspace) };
  const runs = new Map<string, Run>();
  let site: Promise<LaunchSite> | null = null;
  let sweeps = 0;

  function siteOnce(): Promise<LaunchSite> {
    site ??= prepareSite(args).catch((error) => {
      site = null;
      throw error;
    });
    return site;
  }

  /** Takes a command under our care until its end. */
  function keep(run: Run): Run {
    runs.set(run.spec.callId, run);
    const forget = (): void => {
      if (runs.get(run.spec.callId) === run) runs.delete(run.spec.callId);
    };
    run.concluded.then(forget, forget);
    return run;
  }

  function attach(dir: string, spec: CallSpec): Run {
    // In another process nobody has seen anything of it yet.
    const shownBefore = context.epoch > 1;
    return runs.get(spec.callId) ?? keep(lookAfter(dir, spec, args.limits, null, context.log, shownBefore));
  }

  /** Finds the run of a request, or starts it. */
  async function runOf(dir: string, request: ExecRequest): Promise<Run> {
    const spec = recordSpec(dir, request, Date.now());
    const begun = sweeps;
    const ready = await siteOnce();
    // Everything was ended meanwhile; what starts now would outlive that.
    if (begun !== sweeps) throw new SandboxError("STOPPING", "The command was not run: all commands are being ended.");
    const running = runs.get(spec.callId);
    if (running !== undefined) return running;
    if (readClaim(dir) !== null) return attach(dir, spec);
    return keep(lookAfter(dir, spec, args.limits, launch(dir, spec, ready), context.log));
  }

  async function exec(request: ExecRequest, message: MessageContext): Promise<ExecResult> {
    checkRequest(request);
    const dir = callFolder(args.callsDir, request.callId);
    const over = readConclusion(dir);
    if (over !== null) return resultOf(dir, recordSpec(dir, request, Date.now()), over, args, true);
    const run = await runOf(dir, request);
    const { spec, adopted } = run;
    if (request.background) {
      const status: ExecStatus = readConclusion(dir)?.status ?? { state: "running" };
      const output = viewOf(dir, args.limits.outputChars);
      return { status, output, durationMs: Date.now() - spec.startedAt, jobId: spec.callId, adopted };
    }
    const listener = (progress: unknown): void => message.progress(progress);
    const cancel = (): void => {
      // The end of this actor fires the same signal with another reason, and must leave the command alone.
      const code = codeOf(message.signal.reason);
      if (code === "CANCELLED" || code === "ASK_TIMEOUT") run.end("cancelled");
    };
    run.listeners.add(listener);
    if (message.signal.aborted) cancel();
    message.signal.addEventListener("abort", cancel);
    try {
      return resultOf(dir, spec, await run.concluded, args, adopted);
    } finally {
      run.listeners.delete(listener);
      message.signal.removeEventListener("abort", cancel);
    }
  }

  function knownJob(jobId: string): { dir: string; spec: CallSpec } {
    const dir = callFolder(args.callsDir, jobId);
    const spec = readSpec(dir);
    if (spec === null || spec.callId !== jobId) {
      throw new SandboxError("JOB_UNKNOWN", `There is no job ${jobId} in this session. Ask for the list of jobs.`);
    }
    return { dir, spec };
  }

  /** Attaches to everything that an earlier start left running. Answers whether something may yet turn up. */
  function adoptAll(): boolean {
    let late = false;
    for (const dir of foldersIn(args.callsDir)) {
      if (readConclusion(dir) !== null) continue;
      const spec = readSpec(dir);
      if (spec === null) continue;
      if (readClaim(dir) === null) late = true;
      else attach(dir, spec);
    }
    return late;
  }

  function releaseAll(): void {
    for (const run of runs.values()) run.release();
  }

  if (adoptAll()) context.after(secondLookMs, "second look", adoptAll);
  // An actor that is killed is not asked to stop; on a loop that lives on, it must not go on looking all the same.
  context.signal.addEventListener("abort", releaseAll);

  return {
    tells: {},
    asks: {
      exec,
      jobs: () =>
        foldersIn(args.callsDir)
          .flatMap((dir) => {
            const spec = readSpec(dir);
            return spec !== null && (spec.background || runs.has(spec.callId))
              ? [jobOf(dir, spec, runs.has(spec.callId))]
              : [];
          })
          .sort((a, b) => a.startedAt - b.startedAt),
      readJob: ({ jobId, from, maxBytes }) => {
        const { dir, spec } = knownJob(jobId);
        const { text, next } = readPage(dir, from, Math.min(maxBytes, longestPage), runs.has(jobId));
        return { job: jobOf(dir, spec, runs.has(jobId)), text, next };
      },
      stopJob: async ({ jobId }) => {
        const { dir, spec } = knownJob(jobId);
        const run = runs.get(jobId);
        run?.end("cancelled");
        await run?.concluded;
        return jobOf(dir, spec, runs.has(jobId));
      },
      stopAll: async () => {
        sweeps += 1;
        const all = [...runs.values()];
        for (const run of all) run.end("cancelled");
        await Promise.allSettled(all.map((run) => run.concluded));
        dropShortName(args.callsDir);
        site = null;
        return all.length;
      },
      isolation: async () => {
        const { isolation, tmp } = await siteOnce();
        const writable = isolation.kind === "bubblewrap" ? writableFolders(args, tmp) : null;
        const isOpen = isolation.kind === "none" && args.isolation !== "off";
        return { kind: isolation.kind, notice: isolation.notice, writable, isOpen };
      },
    },
    stop: releaseAll,
  };
}

async function prepareSite(args: SandboxArgs): Promise<LaunchSite> {
  const tmp = privateTmp(args.callsDir);
  return { args, tmp, isolation: await chooseIsolation(args, tmp) };
}

function checkRequest({ callId, command, cwd, timeoutMs }: ExecRequest): void {
  const problem =
    callId === ""
      ? "the call id is empty"
      : command.includes("\0")
        ? "the command holds a null byte"
        : !isAbsolute(cwd) || cwd.includes("\0")
          ? `the working directory ${cwd} is no absolute path`
          : !(timeoutMs > 0)
            ? "the time limit is not positive"
            : null;
  if (problem !== null) throw new SandboxError("BAD_REQUEST", `The command was not run: ${problem}.`);
}

function resultOf(
  dir: string,
  spec: CallSpec,
  { status, endedAt, leftovers }: Conclusion,
  args: SandboxArgs,
  adopted: boolean,
): ExecResult {
  const view = viewOf(dir, args.limits.outputChars);
  const output: OutputView = { ...view, text: withNote(view.text, leftovers) };
  const durationMs = Math.max(0, endedAt - spec.startedAt);
  return { status, output, durationMs, jobId: spec.background ? spec.callId : null, adopted };
}

function withNote(text: string, leftovers: number): string {
  if (leftovers === 0) return text;
  const what =
    leftovers === 1 ? "1 process that it left running was" : `${leftovers} processes that it left running were`;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  return `${text}${gap}[The command is over; ${what} ended. Run in the background what should go on.]\n`;
}

function jobOf(dir: string, spec: CallSpec, running: boolean): Job {
  const { callId, title, command, cwd, startedAt, background } = spec;
  const status: ExecStatus = readConclusion(dir)?.status ?? { state: running ? "running" : "lost" };
  return {
    jobId: callId,
    callId,
    title,
    command,
    cwd,
    startedAt,
    background,
    status,
    outputBytes: layoutOf(dir).total,
  };
}

function foldersIn(callsDir: string): string[] {
  return readdirSync(callsDir)
    .map((name) => join(callsDir, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
}
