// A headless run: start the agent, hand it the prompt, print what happens, end with the right code.
import type { Failure, SessionEvent } from "../../actors/events.ts";
import type { Agent, StartOptions } from "../../actors/root/types.ts";
import { type BusEvent, codeOf } from "../../runtime/index.ts";
import { listenForDrill } from "./drill.ts";
import type { Output } from "./output.ts";
import type { Printer } from "./printer.ts";
import { watchProgress } from "./progress.ts";
import { addToRun, type EndSignal, emptyRun, resultOf, signalCodes } from "./result.ts";
import type { Signals } from "./signals.ts";

/** A run to carry out. */
export interface HeadlessRun {
  agent: Agent;
  options: StartOptions;
  /** What the user wants, or null to finish the turn that was cut off. */
  prompt: string | null;
  /** Seq of the first event that belongs to this run. */
  from: number;
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
/** What a run whose reader has gone ends with: 128 + SIGPIPE, as any program in a pipeline. */
const desertedCode = 141;

const refusal =
  "Nobody is there to approve it in this run. Do without it if you can; otherwise say at the end what you need and why.";

/** Why the events need not be followed any further. */
type Cause = "over" | "deserted" | { signal: EndSignal } | { failure: Failure };

/** Carries out a run, stops the agent and returns the exit code. Everything printed has been flushed by then. */
export async function runHeadless(run: HeadlessRun): Promise<number> {
  const { agent, printer, output, signals } = run;
  const fold = emptyRun(agent.state.model);
  const endDrill = listenForDrill(agent);
  const events = followEvents(run, fold);
  const others: Promise<Cause>[] = [
    signals.arrived.then((signal) => ({ signal })),
    output.deserted.then(() => "deserted" as const),
    agent.failed.then((error) => ({ failure: failureOf(error, "AGENT_FAILED") })),
  ];
  const idle = !begin(run);
  const cause = idle ? "over" : await Promise.race([events, ...others]);

  const commands = agent.state.turn?.calls.filter((call) => call.status === "running").length ?? 0;
  if (typeof cause === "object" && "signal" in cause) {
    const grace = (run.options.limits.graceMs / 1000).toFixed(1);
    if (commands > 0) output.write(printer.notice(`Stopping; what runs gets ${grace} s to end by itself.`));
    agent.operate({ type: "interrupt", reason: cause.signal === "SIGINT" ? "user" : "signal" });
  } else if (cause === "deserted") agent.operate({ type: "interrupt", reason: "signal" });
  if (cause !== "over" && agent.state.turn !== null) {
    await Promise.race([events, output.deserted, after(interruptMs), signals.repeated]);
  }

  const signal = signals.first;
  const failure = typeof cause === "object" && "failure" in cause ? cause.failure : null;
  const reason = signal === "SIGINT" ? "user" : signal !== null || cause === "deserted" ? "signal" : "done";
  const stopped = agent.stop(failure === null ? reason : "error").catch(() => ({ stuck: false }));
  endDrill();
  const hurried = signals.repeated.then(() => after(run.options.limits.graceMs + hurryMs));
  const { stuck } = (await Promise.race([stopped, hurried])) ?? { stuck: false };
  if (cause === "deserted") return desertedCode;

  const durationMs = Math.round(performance.now() - run.startedAt);
  const result = resultOf(fold, { sessionId: agent.sessionId, durationMs, signal, failure, idle });
  output.write(printer.end(result));
  // A reader may take as long as it likes, but not longer than whoever sends a signal.
  const cut = await Promise.race([
    output.flushed().then(() => null),
    signal === null ? signals.arrived : signals.repeated.then(() => signal),
  ]);
  // A thread that hangs in native code would hold up the exit for ever: better an odd exit code than no exit.
  if (stuck) process.kill(process.pid, "SIGKILL");
  return cut === null ? result.exit_code : signalCodes[cut];
}

/** Hands the session its work. False when there is none. */
function begin(run: HeadlessRun): boolean {
  const { agent, options, prompt } = run;
  if (prompt === null && agent.state.turn === null && agent.state.queue.length === 0) return false;
  if (options.session.kind === "resume") {
    const waiting = agent.state.turn?.calls.filter((call) => call.status === "approval") ?? [];
    agent.operate({ type: "resume" });
    // New input gives up what waits for an approval; without any, this run has to answer.
    if (prompt === null && waiting.length > 0) {
      const approved = options.approval === "auto";
      answer(
        agent,
        waiting.map((call) => call.id),
        approved,
      );
    }
  }
  if (prompt !== null) agent.operate({ type: "user_input", text: prompt });
  return true;
}

function answer(agent: Agent, ids: string[], approved: boolean): void {
  const feedback = approved ? {} : { feedback: refusal };
  agent.operate({
    type: "exec_approval",
    approvals: ids.map((tool_call_id) => ({ tool_call_id, approved, ...feedback })),
  });
}

/** Prints and folds the events until the run is over. */
async function followEvents(run: HeadlessRun, fold: ReturnType<typeof emptyRun>): Promise<Cause> {
  const { agent, printer, output } = run;
  const progress = watchProgress(run.prompt, agent.state.turns);
  for await (const event of eventsFrom(agent, run.from)) {
    addToRun(fold, event);
    const wait = output.write(printer.event(event));
    if (event.type === "approval_required") {
      answer(
        agent,
        event.data.tools.map((call) => call.tool_call_id),
        false,
      );
    }
    if (progress.isOver(event, agent.state)) return "over";
    if (wait !== null) await wait;
  }
  return {
    failure: { code: "EVENTS_ENDED", message: "The event stream ended before the run.", hint: "Try --continue." },
  };
}

/** The session's events from a seq on. Reading that was too slow goes on where it was detached; no durable one is lost. */
async function* eventsFrom(agent: Agent, first: number): AsyncGenerator<SessionEvent, void> {
  let from = first;
  for (;;) {
    try {
      for await (const event of agent.bus.subscribe({ from })) {
        from = event.durable ? event.seq + 1 : from;
        yield sessionEvent(event, agent.sessionId);
      }
      return;
    } catch (error) {
      if (codeOf(error) !== "LAGGED") throw error;
    }
  }
}

function sessionEvent({ type, seq, ts, data }: BusEvent, session_id: string): SessionEvent {
  return { type, seq, ts, session_id, data } as SessionEvent;
}

/** A failure as results carry it. */
export function failureOf(error: unknown, fallbackCode: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const hint = "The session is saved: go on with --continue. Its log.jsonl says more.";
  return { code: codeOf(error) ?? fallbackCode, message, hint };
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
