// How the conversation grows: the one place that appends a message and keeps its size.
import type { Message } from "../../llm/protocol.ts";
import { charsOf } from "../size.ts";
import type { SessionState } from "../state.ts";

/** Adds a message to the conversation. */
export function say(state: SessionState, message: Message): void {
  state.history.push(message);
  state.chars += charsOf(message);
}
