// A headless run: start the agent, hand it the prompt, print what happens, end with the right code.
import type { Failure } from "../../actors/events.ts";
import type { Agent, StartOptions, Stopped } from "../../actors/root/types.ts";
import { codeOf } from "../../runtime/errors.ts";
import { newestFirst } from "../sessions/newest.ts";
import { isResumable, newestFacts } from "../sessions/summary.ts";
import { jobLines } from "../text/job-lines.ts";
import { desertedCode, lostLine } from "../text/lost.ts";
import { neutralise } from "../text/neutralise.ts";
import { begin, promptOf } from "./begin.ts";
import { listenForDrill } from "./drill.ts";
import { type Following, followEvents } from "./follow.ts";
import type { Output } from "./output.ts";
import { askPeople } from "./people.ts";
import type { Printer } from "./printer.ts";
import { type EndSignal, emptyRun, type RunResult, resultOf, signalCodes } from "./result.ts";
import type { Signals } from "./signals.ts";

/** A run to carry out. */
export interface HeadlessRun {
  agent: Agent;
  options: StartOptions;
  /** What the user wants, or null to finish what was cut off. */
  prompt: string | null;
  /** How the session's newest turn stood before this run, as `newestFacts` says it. */
  newestEnd: string;
  printer: Printer;
  output: Output;
  signals: Signals;
  /** `performance.now()` at the start of the program's own work. */
  startedAt: number;
}

/** Milliseconds that a session gets to state that it was interrupted. */
const interruptMs = 500;
/**
 * Milliseconds beyond the grace of commands that an orderly stop gets after a second signal. Leaving before a stubborn
 * command has been killed would leave it running for ever.
 */
const hurryMs = 1_000;

/** Why the events need not be followed any further. */
type Cause = "over" | "idle" | "deserted" | { signal: EndSignal } | { failure: Failure };

/** Carries out a run, stops the agent and returns the exit code. Everything printed has been flushed by then. */
export async function runHeadless(run: HeadlessRun): Promise<number> {
  try {
    return await carryOut(run);
  } catch (error) {
    // Whatever went wrong here: the journal is closed in order before anybody hears of it.
    await stopAgent(run, "error");
    throw error;
  }
}

async function carryOut(run: HeadlessRun): Promise<number> {
  const { agent, printer, output, signals } = run;
  const calls = agent.state.turn?.calls ?? [];
  const fold = emptyRun(agent.state.model, calls);
  printer.recall(calls);
  const endDrill = listenForDrill(agent);
  const prompt = promptOf(run);
  const people = askPeople(run);
  const following = followEvents(run, prompt, fold, people);
  const failed = (code: string) => (error: unknown) => ({ failure: failureOf(error, code, agent) });
  const cause = await Promise.race<Cause>([
    signals.arrived.then((signal) => ({ signal })),
    output.deserted.then(() => "deserted" as const),
    agent.failed.then(failed("AGENT_FAILED")),
    // Once the work is handed over, or could not be, the events say the rest.
    begin(run, prompt, people).then(
      (begun) => (begun ? new Promise<never>(() => undefined) : "idle"),
      failed("NOT_RECORDED"),
    ),
    following.over.catch(failed("EVENTS_FAILED")),
  ]);

  if (typeof cause === "object" && "signal" in cause) await endWork(run, cause.signal, following);
  following.stop();
  people.stop();
  const signal = signals.first;
  const failure = typeof cause === "object" && "failure" in cause ? cause.failure : null;
  const { jobs, stuck, ended, unsent } = await stopAgent(run, stopReason(cause, signal));
  endDrill();
  if (cause === "deserted" && output.problem?.code === "EPIPE") return desertedCode;

  if (ended > 0) output.write(printer.notice(endedLine(ended)));
  for (const line of jobLines(jobs, agent.sessionId)) output.write(printer.notice(line));
  if (unsent > 0)
    output.write(printer.notice(`${unsent === 1 ? "1 message" : `${unsent} messages`} could not be sent.`));
  const durationMs = Math.round(performance.now() - run.startedAt);
  const resumable = isOpen(agent);
  const outside = { sessionId: agent.sessionId, durationMs, signal, failure, idle: cause === "idle", resumable };
  const result = resultOf(fold, outside);
  if (output.problem === null) output.write(printer.end(result));
  // A reader may take as long as it likes, but not longer than whoever sends a signal.
  const cut = await Promise.race([
    output.flushed().then(() => null),
    signal === null ? signals.arrived : signals.repeated.then(() => signal),
  ]);
  const code = cut === null ? await codeAfter(run, result) : signalCodes[cut];
  // A thread that hangs in native code would hold up the exit for ever: better an odd exit code than no exit.
  if (stuck) process.kill(process.pid, "SIGKILL");
  return code;
}

function endedLine(count: number): string {
  const what = count === 1 ? "1 command that still ran was" : `${count} commands that still ran were`;
  return `${what} ended with this program.`;
}

/**
 * What a signal means for the turn. The user's own ends it; any other leaves it open, so that it can be finished later:
 * a terminal that goes away, or a machine that shuts down, does not mean that nobody wants the result.
 */
async function endWork(run: HeadlessRun, signal: EndSignal, following: Following): Promise<void> {
  const { agent, printer, output, signals } = run;
  const commands = agent.state.turn?.calls.filter((call) => call.status === "running").length ?? 0;
  const grace = (run.options.limits.graceMs / 1000).toFixed(1);
  if (commands > 0) output.write(printer.notice(`Stopping; what runs gets ${grace} s to end by itself.`));
  if (signal !== "SIGINT") return;
  const turn = agent.state.turn;
  const interrupted = agent.operate({ type: "interrupt", reason: "user" }).then(
    () => (turn === null ? null : following.over),
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      output.write(printer.notice(`The interruption could not be put on record, so the turn stays open: ${why}`));
    },
  );
  await Promise.race([interrupted.catch(() => undefined), output.deserted, after(interruptMs), signals.repeated]);
}

function stopReason(cause: Cause, signal: EndSignal | null): Parameters<Agent["stop"]>[0] {
  if (typeof cause === "object" && "failure" in cause) return "error";
  if (signal === "SIGINT") return "user";
  return signal !== null || cause === "deserted" ? "signal" : "done";
}

async function stopAgent(run: HeadlessRun, reason: Parameters<Agent["stop"]>[0]): Promise<Stopped> {
  const unknown: Stopped = { jobs: [], ended: 0, unsent: 0, stuck: false };
  const stopped = run.agent.stop(reason).catch(() => unknown);
  const hurried = run.signals.repeated.then(() => after(run.options.limits.graceMs + hurryMs));
  return (await Promise.race([stopped, hurried])) ?? unknown;
}

/** Whether `--continue` without a prompt would find something to do. */
function isOpen(agent: Agent): boolean {
  if (agent.state.turn !== null || agent.state.queue.length > 0) return true;
  try {
    return isResumable(newestFacts(newestFirst(agent.sessionDir)).state);
  } catch {
    // Without a journal there is nothing to go on with.
    return false;
  }
}

/** The exit code of a run once its output is written, or could not be: then it does not count as done. */
async function codeAfter({ agent, output }: HeadlessRun, { exit_code, resumable }: RunResult): Promise<number> {
  const { problem } = output;
  const signalled = exit_code >= 128;
  if (problem === null) return exit_code;
  if (problem.code === "EPIPE") return signalled ? exit_code : desertedCode;
  const hint = resumable ? "Go on with --continue." : `The session is in ${agent.sessionDir}.`;
  output.write({ out: "", err: neutralise(`${lostLine(problem)}  ${hint}\n`) });
  await output.flushed();
  return signalled ? exit_code : 1;
}

/** A failure as results carry it, with its own hint where it has one. */
function failureOf(error: unknown, fallbackCode: string, agent: Agent): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const own = error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : null;
  const hint = own ?? `The session is in ${agent.sessionDir}; see log.jsonl there.`;
  return { code: codeOf(error) ?? fallbackCode, message, hint };
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
