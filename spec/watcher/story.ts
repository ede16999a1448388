// Tells a session's story in events, as the session would write them, with the detectors listening.
import type { DurableEvents, Json, NewEvent, SessionEvent } from "../../actors/events.ts";
import type { Guard } from "../../actors/watcher/protocol.ts";
import { replay, step, unwatched, type WatchState } from "../../actors/watcher/watch.ts";

/** A call as a spec tells it: a successful one that looked at something, unless it says otherwise. */
export interface Told {
  tool?: string;
  args?: Json;
  result?: string;
  outcome?: DurableEvents["tool_output"]["outcome"];
  onCrash?: DurableEvents["tool_call"]["on_crash"];
}

/**
 * When the session puts notes on record. `at_once`: before the next model call. `late`: before the one after that, as
 * the next is already under way when a thread's word comes. `never`: it does not.
 */
export type Hearing = "at_once" | "late" | "never";

/** A note of the session as an event, for a guard that has one. */
function noteOf(guard: Guard): NewEvent[] {
  if (guard.kind === "stop") return [];
  return [{ type: "notice", data: { reason: guard.reason, content: guard.content } }];
}

export function story(hearing: Hearing = "late") {
  const events: SessionEvent[] = [];
  const guards: Guard[] = [];
  let state: WatchState = unwatched;
  let waiting: NewEvent[] = [];
  let turns = 0;
  let calls = 0;

  function say(...said: NewEvent[]): void {
    for (const { type, data } of said) {
      const event = { type, data, seq: events.length + 1, ts: 0, session_id: "s" } as SessionEvent;
      events.push(event);
      const next = step(state, event);
      state = next.state;
      guards.push(...next.guards);
      if (hearing !== "never") waiting.push(...next.guards.flatMap(noteOf));
    }
  }

  const self = {
    events,
    guards,
    say,
    state: () => state,
    kinds: () => guards.map((guard) => guard.kind),
    reasons: () => guards.map((guard) => guard.reason),
    /** The watcher dies with what it was about to say, and its next start gets a replay. */
    lose() {
      waiting = [];
      state = replay(events);
      return self;
    },
    /** A new turn begins. */
    turn() {
      turns += 1;
      waiting = [];
      say({ type: "processing", data: { message: "go", turn: turns, input_id: `i${turns}` } });
      return self;
    },
    /** The model answers with these calls; they end in the order of `endings`, by default in their own. */
    reply(told: readonly Told[], endings: readonly number[] = told.map((_, index) => index)) {
      const earlier = waiting;
      waiting = [];
      say({ type: "llm_started", data: { iteration: 1, model: "m" } });
      const first = calls;
      calls += told.length;
      const idOf = (index: number) => `call_number_${first + index}`;
      for (const [index, { tool = "bash", args = {}, onCrash = "pure" }] of told.entries()) {
        const gate = { verdict: "run" } as const;
        const shown = { on_crash: onCrash, touches: [], title: tool, timeout_ms: 1000, gate };
        say({ type: "tool_call", data: { tool, arguments: args, tool_call_id: idOf(index), ...shown } });
      }
      for (const index of endings) {
        const { tool = "bash", result = "same", outcome = "done" } = told[index] ?? {};
        const ended = { outcome, success: outcome === "done", duration_ms: 1 };
        const output = result.replace("{id}", idOf(index));
        say({ type: "tool_output", data: { tool, tool_call_id: idOf(index), output, ...ended } });
      }
      say(...earlier);
      if (hearing === "at_once") say(...waiting.splice(0));
      return self;
    },
    /** One reply for each call. */
    replies(...told: Told[]) {
      for (const one of told) self.reply([one]);
      return self;
    },
  };
  return self.turn();
}

/** The same call so many times. */
export function times(count: number, call: Told): Told[] {
  return Array.from({ length: count }, () => call);
}

/** Calls of `bash` named by letters: equal letters are equal calls. */
export function calls(letters: string): Told[] {
  return [...letters].map((letter) => ({ tool: `tool_${letter}`, args: { of: letter } }));
}
