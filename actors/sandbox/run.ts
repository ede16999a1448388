// One running command, from its start or from the moment we attach to it, to its conclusion.
import type { ChildProcess } from "node:child_process";
import type { Log } from "../../runtime/index.ts";
import {
  type CallSpec,
  type Conclusion,
  readClaim,
  readVerdict,
  recordConclusion,
  recordVerdict,
  shellEndedAt,
  statusOf,
  type Verdict,
} from "./call-folder.ts";
import { endProcesses, isAlive, killWrapper, processesOf, type Target } from "./end.ts";
import { SandboxError } from "./errors.ts";
import { follow } from "./follow.ts";
import { outFile, sizeOf } from "./output.ts";
import type { ExecProgress, SandboxArgs } from "./protocol.ts";
import { dropMiddle, isOverLimit, settle } from "./trim.ts";

/** Milliseconds between two looks at a command: the least while it writes, the most while it is quiet. */
const lookMs = { least: 20, most: 200 };

/** Milliseconds that a claim may take to become whole, and a wrapper to end after everything under it. */
const patienceMs = { claim: 1_000, wrapper: 300 };

/** The longest delay that a timer of Node can have. */
const longestTimerMs = 2 ** 31 - 1;

/** A command that is looked after. */
export interface Run {
  readonly spec: CallSpec;
  readonly dir: string;
  /** Whether it was found running rather than started by us. */
  readonly adopted: boolean;
  /**
   * Resolves when nothing of the command is left running and its end is on record. Rejects with `LAUNCH_FAILED`, and
   * with `STOPPING` when it was released.
   */
  readonly concluded: Promise<Conclusion>;
  readonly listeners: Set<(progress: ExecProgress) => void>;
  /** Has it ended, with everything that it started. */
  end(verdict: Verdict): void;
  /** Stops looking after it; it runs on. */
  release(): void;
}

/**
 * Looks after a command: shows its output, bounds it on the disk, holds its deadline, ends what it leaves behind.
 * `child` is the wrapper when we have just started it; without one the command is found by its claim. `shownBefore`: what
 * it has printed so far was shown already, by an earlier start of this actor.
 */
export function lookAfter(
  dir: string,
  spec: CallSpec,
  limits: SandboxArgs["limits"],
  child: ChildProcess | null,
  log: Log,
  shownBefore = false,
): Run {
  const listeners = new Set<(progress: ExecProgress) => void>();
  const look = follow(dir, shownBefore ? sizeOf(outFile(dir)) : 0);
  let own = child;
  let ended: { failure?: Error } | null = null;
  let verdict = readVerdict(dir);
  let released = false;
  let wake = (): void => undefined;

  child?.once("exit", () => {
    ended ??= {};
    wake();
  });
  child?.once("error", (failure) => {
    ended ??= { failure };
    wake();
  });
  const untilDeadline = spec.startedAt + spec.timeoutMs - Date.now();
  const deadline = setTimeout(() => end("timed_out"), Math.min(longestTimerMs, Math.max(0, untilDeadline)));

  function end(reason: Verdict): void {
    // What is over by itself keeps its own end; a job may live on in what it sent to the background.
    const overByItself = own !== null && ended !== null && !spec.background;
    if (verdict !== null || overByItself) return;
    verdict = reason;
    attempt("record a verdict", () => recordVerdict(dir, reason));
    wake();
  }

  /** Waits, but no longer than until something happens. Throws when the command was released. */
  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (released) throw stopping(spec);
  }

  async function until(condition: () => boolean, ms: number): Promise<void> {
    const patience = performance.now() + ms;
    while (!condition() && performance.now() < patience) await pause(2);
  }

  /** Disk trouble must not keep a command from being ended and answered for. */
  function attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      log("warn", `could not ${what}`, { callId: spec.callId, error: String(error) });
    }
  }

  /** Who the wrapper is by its own word. Null: it died before it had started anything. */
  async function identify(): Promise<Target | null> {
    const settled = (): boolean => {
      const claim = readClaim(dir);
      return claim === null ? own === null || ended !== null : claim !== "torn";
    };
    await until(settled, patienceMs.claim);
    const claim = readClaim(dir);
    if (claim === null || claim === "torn") {
      if (own !== null) throw launchFailed(dir, ended?.failure);
      return null;
    }
    // Another starter was faster; its command is the command.
    if (own !== null && own.pid !== claim.pid) own = null;
    return { ...claim, mark: spec.mark, startedAt: spec.startedAt, justEnded: false };
  }

  const isOver = (target: Target): boolean => (own === null ? !isAlive(target) : ended !== null);

  /** What nobody looks at now waits for the next who does. */
  function show(): boolean {
    if (listeners.size === 0) return false;
    const progress = look();
    if (progress !== null) for (const listener of listeners) listener(progress);
    return progress !== null;
  }

  async function bound(): Promise<void> {
    if (!isOverLimit(dir, limits.outputFileBytes)) return;
    await dropMiddle(dir, limits.outputFileBytes).catch((error) => {
      log("warn", "could not bound the output", { callId: spec.callId, error: String(error) });
    });
  }

  async function endAll(target: Target): Promise<number> {
    const count = await endProcesses(target, limits.graceMs);
    await until(() => isOver(target), patienceMs.wrapper);
    killWrapper(target);
    await until(() => isOver(target), patienceMs.wrapper);
    return count;
  }

  /** Watches until the wrapper has ended. Answers with how many processes had to be ended after the shell's own end. */
  async function watch(target: Target): Promise<number> {
    let wait = lookMs.least;
    let shellSeenEnded = false;
    while (!isOver(target)) {
      if (verdict !== null) {
        await endAll(target);
        return 0;
      }
      await pause(wait);
      wait = show() ? lookMs.least : Math.min(lookMs.most, wait * 1.5);
      await bound();
      if (spec.background || verdict !== null || shellEndedAt(dir) === null) continue;
      // The shell is gone. When the wrapper is still there at the next look, somebody else holds the output open.
      if (shellSeenEnded && !isOver(target)) return endAll(target);
      shellSeenEnded = true;
      wait = lookMs.least;
    }
    return 0;
  }

  /** Processes that outlive the shell without holding its output: a job keeps them, any other command does not. */
  async function leftovers(target: Target): Promise<number> {
    target.justEnded = own !== null;
    if (processesOf(target).length === 0) return 0;
    if (!spec.background) return endProcesses(target, limits.graceMs);
    while (verdict === null && processesOf(target).length > 0) await pause(lookMs.most);
    if (verdict !== null) await endProcesses(target, limits.graceMs);
    return 0;
  }

  async function supervise(): Promise<Conclusion> {
    // A quick command is over before its claim is of any use.
    if (own !== null) await pause(lookMs.least);
    const target = await identify();
    const count = target === null ? 0 : (await watch(target)) + (await leftovers(target));
    show();
    await bound();
    const endedAt = Math.round(verdict === null ? (shellEndedAt(dir) ?? Date.now()) : Date.now());
    const conclusion = { status: statusOf(dir), endedAt, leftovers: count };
    attempt("put the output together", () => settle(dir));
    attempt("record the end", () => recordConclusion(dir, conclusion));
    return conclusion;
  }

  const concluded = supervise().finally(() => clearTimeout(deadline));
  // Whoever waits for it sees the failure; when nobody does, it must not end the thread.
  concluded.catch(() => undefined);
  const release = (): void => {
    released = true;
    clearTimeout(deadline);
    child?.unref();
    wake();
  };
  return { spec, dir, adopted: child === null, concluded, listeners, end, release };
}

function launchFailed(dir: string, cause: Error | undefined): SandboxError {
  const why = cause === undefined ? `${dir} could not be written to; is the disk full?` : cause.message;
  return new SandboxError("LAUNCH_FAILED", `The command was not started: ${why}`, { cause });
}

function stopping(spec: CallSpec): SandboxError {
  const message = `The sandbox is stopping; the command of call ${spec.callId} runs on. Ask again with the same id.`;
  return new SandboxError("STOPPING", message);
}
