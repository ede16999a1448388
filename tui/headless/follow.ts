// The events of a run, printed and folded as they come.
import type { SessionEvent } from "../../actors/events.ts";
import type { Agent } from "../../actors/root/types.ts";
import { codeOf } from "../../runtime/errors.ts";
import type { BusEvent } from "../../runtime/index.ts";
import type { People } from "./people.ts";
import { watchProgress } from "./progress.ts";
import { addToRun, type RunFold } from "./result.ts";
import type { HeadlessRun } from "./run.ts";

/** The events of a run as they are followed. */
export interface Following {
  /** Resolves with the end of the run. Rejects with what reading or printing throws. */
  readonly over: Promise<"over">;
  /** Nothing is printed any more. */
  stop(): void;
}

/** Prints and folds the events until the run is over. */
export function followEvents(run: HeadlessRun, prompt: string | null, fold: RunFold, people: People): Following {
  const { agent, printer, output } = run;
  const progress = watchProgress(prompt, agent.state.turns);
  let stopped = false;

  async function follow(): Promise<"over"> {
    for await (const event of eventsFrom(agent, agent.firstSeq)) {
      if (stopped) return "over";
      addToRun(fold, event);
      const wait = output.write(printer.event(event));
      if (event.type === "process_started") tellRepair(run, event.data.repaired_bytes ?? 0);
      if (event.type === "approval_required") {
        await people.ask(event.data.tools.map((call) => call.tool_call_id));
      }
      if (progress.isOver(event, agent.state)) return "over";
      if (wait !== null) await wait;
    }
    throw new Error("The event stream ended before the run.");
  }

  const over = Promise.race([follow(), people.failed]);
  // Who has stopped listening does not hear of it; nobody else has to.
  over.catch(() => undefined);
  return {
    over,
    stop() {
      stopped = true;
    },
  };
}

function tellRepair({ output, printer }: HeadlessRun, bytes: number): void {
  if (bytes === 0) return;
  const what = bytes === 1 ? "1 byte of a damaged journal was" : `${bytes} bytes of a damaged journal were`;
  output.write(printer.notice(`${what} cut off and kept beside it.`));
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
