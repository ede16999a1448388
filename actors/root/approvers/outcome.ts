// What became of a question, as its message says it. Pure.
import type { AnsweredBy, DurableEvents, SessionEvent } from "../../events.ts";

/** Who answers where nobody is named, by whether somebody is at the terminal. */
export const hereWords = {
  interactive: "the user at the terminal",
  headless: "the run, which nobody attends",
} as const;

/**
 * The call that an event answers a question about, and how; null: it answers none. `here`: who answers where nobody is
 * named.
 */
export function outcomeOf(
  { type, data }: Pick<SessionEvent, "type" | "data">,
  here: string,
): { callId: string; words: string } | null {
  switch (type) {
    case "tool_state_change": {
      const { tool_call_id: callId, state, by } = data as DurableEvents["tool_state_change"];
      if (state === "approved") return { callId, words: `Allowed once by ${who(by, here)}` };
      if (state === "rejected")
        return { callId, words: by?.via === "timeout" ? who(by, here) : `Denied by ${who(by, here)}` };
      if (state === "abandoned") return { callId, words: "Denied: the user sent a new message instead of an answer" };
      return null;
    }
    case "call_edited": {
      const { tool_call_id: callId } = data as DurableEvents["call_edited"];
      return { callId, words: "Edited and then allowed at the terminal" };
    }
    case "tool_output": {
      const { tool_call_id: callId, outcome } = data as DurableEvents["tool_output"];
      const words = outcome === "cancelled" ? "Cancelled: the turn was interrupted" : "Not run";
      return { callId, words };
    }
    default:
      return null;
  }
}

/** What is said where the program ends before anybody has answered. */
export const leftOpen = "Not answered: the program has ended, and asks again when the session goes on";

function who(by: AnsweredBy | undefined, here: string): string {
  if (by === undefined) return here;
  if (by.via === "slack") return `${by.user_name} (${by.user_id}) in Slack`;
  return `Denied: nobody answered within ${by.minutes} min`;
}
