// What must hold in every history, whatever happens in it. Each check returns the sentence that does not hold, or null.
import { isDeepStrictEqual } from "node:util";
import { turnEnds } from "../../../../actors/events.ts";
import type { Message } from "../../../../actors/llm/protocol.ts";
import type { JournalEvent } from "../../../../actors/session/fold/fold.ts";
import { charsOfAll } from "../../../../actors/session/size.ts";
import type { SessionState } from "../../../../actors/session/state.ts";
import { problemOf } from "../../../context/conversations.ts";
import { type Driven, refold } from "../../../support/driver.ts";
import { inTheBooks, unknownSums } from "../stories.ts";

/** What is not as it must be, or null. */
export type Broken = string | null;

/** Work that is due is under way: nothing hangs when the driver waits for nobody. */
export function nothingHangs(session: Driven): Broken {
  const { state } = session;
  const waiting = session.waiting();
  const isAsked = state.turn?.calls.some((call) => call.status === "approval") ?? false;
  if (waiting.length === 0) {
    if (state.turn !== null && !isAsked) return "a turn goes on, or waits for a person";
    if (state.turn === null && !state.halted && state.queue.length > 0) return "what waits in the queue begins";
    if (state.turn === null && state.mustCompact === "manual") return "a compaction that the user wants is made";
  }
  const decides = ["llm.probe", "llm.describe", "llm.complete", "context.compact"];
  const isDecided = state.wanted === null || waiting.some((ask) => decides.includes(ask.name));
  // Beside calls it has to wait only when the conversation must be made shorter first.
  if (!isDecided && state.turn?.due !== "calls") return "another model that is wanted is decided on";
  if (!isDecided && waiting.length === 0 && !isAsked) return "another model that is wanted is decided on after calls";
  return null;
}

/** The books show at least what was charged, or say that they do not know a sum. */
export function booksShow(session: Driven, charged: number): Broken {
  const shown = inTheBooks(session);
  if (shown >= charged || unknownSums(session) > 0) return null;
  return `the books show at least what was charged (${shown} of ${charged})`;
}

/** Nothing that costs begins beyond the budget. */
export function keepsBudget(session: Driven): Broken {
  const { cap } = session.state.money;
  const shown = inTheBooks(session);
  return cap === null || shown <= cap ? null : `nothing begins beyond the budget (${shown} of ${cap})`;
}

/** The conversation is as long as it is said to be. */
export function knowsItsSize({ state }: Driven): Broken {
  return state.chars === charsOfAll(state.history) ? null : "the size of the conversation is what was counted along";
}

/** Every call has one terminal event at most. */
export function endsCallsOnce({ journal }: Driven): Broken {
  const ended = journal.flatMap((event) => (event.type === "tool_output" ? [event.data.tool_call_id] : []));
  return new Set(ended).size === ended.length ? null : "a call has one terminal event";
}

/** A turn has one end, and no other turn begins before it. */
export function endsTurnsOnce({ journal }: Driven): Broken {
  let isOpen = false;
  for (const { type } of journal) {
    if (type === "processing") {
      if (isOpen) return "no turn begins within another";
      isOpen = true;
    }
    if (!turnEnds.some((end) => end === type)) continue;
    // A compaction that failed can end a session between two turns.
    if (!isOpen && type !== "session_terminated") return "only a turn that began ends";
    isOpen = false;
  }
  return null;
}

/** Another process that folds the journal knows the very same. */
export function isInTheJournal({ journal, state }: Driven): Broken {
  const again = refold(journal);
  const keys = Object.keys(again) as (keyof SessionState)[];
  const unlike = keys.find((key) => !isDeepStrictEqual(again[key], state[key]));
  if (unlike === undefined) return null;
  const [folded, live] = [again[unlike], state[unlike]].map((value) => JSON.stringify(value)?.slice(0, 400));
  return `the fold of the journal is the state: ${unlike} is ${live}, folded anew ${folded}`;
}

/** What is summarised is a whole conversation: no call in it still waits for its result. */
export function hasNoOpenCalls(messages: readonly Message[]): Broken {
  const problem = messages.length === 0 ? null : problemOf(messages);
  return problem === null ? null : `a valid conversation is made shorter: ${problem}`;
}

/** A driver that has let go does nothing any more. */
export function letsGo({ late }: Driven): Broken {
  return late.length === 0 ? null : `a driver that has let go records nothing (${late.map(({ type }) => type)})`;
}

/** An event about a call, or that shows it to a person. */
export function isAbout(event: JournalEvent, id: string): boolean {
  if (event.type === "approval_required") return event.data.tools.some((tool) => tool.tool_call_id === id);
  return "tool_call_id" in event.data && event.data.tool_call_id === id;
}
