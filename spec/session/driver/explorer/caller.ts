// The model's caller as the explorer plays it: it keeps the conversation by revision and gets only what is new.
import { isDeepStrictEqual } from "node:util";
import type { Message } from "../../../../actors/llm/protocol.ts";
import { problemOf } from "../../../context/conversations.ts";
import type { AskOf } from "../../../support/asks.ts";
import type { Broken } from "./invariants.ts";

export function createCaller() {
  let held: { revision: string; messages: Message[] } | null = null;

  /** Whether the caller has the messages before those that a request brings. */
  function isKnown({ body: { history } }: AskOf<"llm.complete">): boolean {
    return history.from === 0 || (held?.revision === history.revision && held.messages.length >= history.from);
  }

  return {
    isKnown,
    /** A request arrives; the model must be shown the conversation, and a valid one. */
    hear(ask: AskOf<"llm.complete">, conversation: readonly Message[]): Broken {
      if (!isKnown(ask)) return null;
      const { revision, from, messages } = ask.body.history;
      held = { revision, messages: [...(held?.messages ?? []).slice(0, from), ...messages] };
      if (!isDeepStrictEqual(held.messages, conversation)) return "the model is shown the conversation as it is";
      const problem = problemOf(held.messages);
      return problem === null ? null : `the model is shown a valid conversation: ${problem}`;
    },
    /** It dies, and has forgotten everything. */
    forget(): void {
      held = null;
    },
  };
}
