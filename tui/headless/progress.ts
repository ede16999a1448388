// When a run is over. A session may have more than one turn ahead of it: one that was cut off, input that waited, and
// the prompt of this run.
import type { SessionEvent } from "../../actors/events.ts";
import type { SessionState } from "../../actors/session/state.ts";

/** What of the session's state the question needs; it may be ahead of the events that were read. */
export type Standing = Pick<SessionState, "turn" | "turns"> & { queue: readonly unknown[] };

/** Follows a run's events. */
export interface Progress {
  /** True with the event that ends the run. */
  isOver(event: SessionEvent, standing: Standing): boolean;
}

/**
 * Watches for the end of a run. `prompt` is what this run sends, or null when it only finishes what is there;
 * `turnsBefore` is the number of turns that had begun when the run started.
 */
export function watchProgress(prompt: string | null, turnsBefore: number): Progress {
  let sent = prompt === null;
  let turnSeen = turnsBefore;
  return {
    isOver(event, standing) {
      switch (event.type) {
        case "user_message":
          sent ||= event.data.content === prompt;
          return false;
        case "processing":
          turnSeen = event.data.turn;
          return false;
        case "interrupted":
          // An interruption that an earlier process had begun may be finished before the prompt is sent.
          return sent;
        case "session_terminated":
          return true;
        case "turn_complete":
        case "error":
          return sent && standing.turn === null && standing.queue.length === 0 && turnSeen >= standing.turns;
        default:
          return false;
      }
    },
  };
}
