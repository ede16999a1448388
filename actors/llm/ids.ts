// Ids of calls: every one unique in its conversation, because results, approvals and running commands hang on them.
import type { ToolCall } from "../events.ts";
import type { Message } from "./protocol.ts";

/**
 * Gives calls without an id one, and another to those whose id is taken: some servers send none, or count from 0 in
 * each reply. The same reply to the same conversation always gets the same ids.
 */
export function uniqueIds(calls: ToolCall[], messages: readonly Message[]): ToolCall[] {
  const given: string[] = [];
  const taken = (id: string) => given.includes(id) || messages.some((message) => usesId(message, id));
  return calls.map((call, position) => {
    let id = call.id;
    for (let again = 0; id === "" || taken(id); again++) {
      id = `${call.id || "call"}_${messages.length}_${position}${again === 0 ? "" : `_${again}`}`;
    }
    given.push(id);
    return id === call.id ? call : { ...call, id };
  });
}

function usesId(message: Message, id: string): boolean {
  return message.role === "assistant" && message.calls.some((call) => call.id === id);
}
