// Which addresses nobody can have put anything into: those that the user wrote and those that a web search answered. To
// ask for such a page tells its server nothing but that somebody found it, whatever else the model has read; an address
// that a page names is none of them, for its author could offer one for each secret.
import type { Message } from "../../llm/protocol.ts";

/** Where an address ends in running text: before space, quotes or brackets, with the sentence's signs between. */
const end = /^[.,;:!?]*(?:$|[\s"'<>()[\]`])/;

function names(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at !== -1; at = text.indexOf(address, at + 1)) {
    if (end.test(text.slice(at + address.length, at + address.length + 8))) return true;
  }
  return false;
}

/** What is asked of a session. */
interface Conversation {
  history: readonly Message[];
}

/** Whether a web search answered an address: on a line of its own, for a snippet is the words of its page. */
export function isInSearches({ history }: Conversation, address: string): boolean {
  return history.some(
    (one) =>
      one.role === "tool" &&
      one.tool === "web_search" &&
      one.ok &&
      one.text.split("\n").some((line) => line.trim() === address),
  );
}

/** Whether the user wrote an address, or a web search answered it. */
export function isFound(conversation: Conversation, address: string): boolean {
  const isSaid = conversation.history.some((one) => one.role === "user" && names(one.text, address));
  return isSaid || isInSearches(conversation, address);
}
