// Where a conversation may be cut: never between a reply and the results of its calls.
import type { Message } from "../llm/protocol.ts";

/** Messages that stay or go together: from `start` up to, not including, `end`. */
export interface Unit {
  start: number;
  end: number;
}

/** The units of a conversation, in order. */
export function unitsOf(messages: readonly Message[]): Unit[] {
  const units: Unit[] = [];
  for (const [index, message] of messages.entries()) {
    const last = units.at(-1);
    if (message.role === "tool" && last !== undefined) last.end = index + 1;
    else units.push({ start: index, end: index + 1 });
  }
  return units;
}
