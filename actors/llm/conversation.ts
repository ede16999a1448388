// The copies of conversations that the caller holds, so that a request carries only what is new.
import type { CompleteRequest, Message, Preamble } from "./protocol.ts";
import { LlmError } from "./provider.ts";

/** A conversation as it is to be sent. */
export interface Conversation {
  preamble: Preamble;
  messages: readonly Message[];
}

/** Conversations held at the same time; the one that was used longest ago goes first. */
const capacity = 8;

/** Keeps copies of conversations by session and revision. */
export function createConversations(): { take(request: CompleteRequest): Conversation } {
  const held = new Map<string, { preamble: Preamble; messages: Message[] }>();

  return {
    /**
     * Adds what is new and returns the whole. Messages from `from` on that are already held (the request is sent
     * again after a failure) are replaced. Throws `LLM_HISTORY_NEEDED` when earlier messages are missing here.
     */
    take(request) {
      const { revision, from, messages, preamble } = request.history;
      const key = `${request.sessionId}\n${revision}`;
      const copy = held.get(key) ?? (from === 0 && preamble ? { preamble, messages: [] } : undefined);
      if (copy === undefined || from > copy.messages.length) throw historyNeeded();
      if (from === 0 && preamble) copy.preamble = preamble;
      copy.messages.length = from;
      for (const message of messages) copy.messages.push(message);
      held.delete(key);
      held.set(key, copy);
      for (const oldest of held.keys()) {
        if (held.size <= capacity) break;
        held.delete(oldest);
      }
      return { preamble: copy.preamble, messages: copy.messages.slice() };
    },
  };
}

function historyNeeded(): LlmError {
  return new LlmError("LLM_HISTORY_NEEDED", "The earlier messages of this conversation are not known here.", {
    retriable: false,
    hint: "Send the whole conversation with its preamble, from the first message on.",
  });
}
