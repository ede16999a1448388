// Ids of calls within a reply. That they are unique in the whole session is seen to where the session is kept.
import type { ToolCall } from "../events.ts";

/**
 * Gives calls without an id one, and another to those whose id another call of the reply has: some servers send none.
 * `at` is the number of messages before the reply, so that ids given here seldom meet those of other replies. The same
 * reply to the same conversation always gets the same ids.
 */
export function uniqueIds(calls: readonly ToolCall[], at: number): ToolCall[] {
  const sent = new Set(calls.map(({ id }) => id));
  const given = new Set<string>();
  return calls.map((call, position) => {
    let id = call.id;
    for (let again = 0; id === "" || given.has(id) || (id !== call.id && sent.has(id)); again++) {
      id = `${call.id || "call"}_${at}_${position}${again === 0 ? "" : `_${again}`}`;
    }
    given.add(id);
    return id === call.id ? call : { ...call, id };
  });
}
