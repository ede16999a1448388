// The embedded model `offline/tabular`: no model at all, but a rule-driven policy behind the interface of one.
import { setImmediate } from "node:timers/promises";
import type { Usage } from "../../events.ts";
import type { Provider, ProviderRequest, ProviderUpdate } from "../provider.ts";
import { decide } from "./policy.ts";
import { loadProgram } from "./program.ts";
import type { Next } from "./script.ts";

/** Characters that count as one token. */
const TOKEN = 4;

/** Words of text that are passed on at once. */
const PIECE = /(?:\S+\s*|\s+){1,4}/g;

function usageOf({ preamble, messages }: ProviderRequest, { text, calls }: Next): Usage {
  const sizes = messages.map((message) => {
    const given = message.role === "assistant" ? JSON.stringify(message.calls).length : 0;
    return message.text.length + given;
  });
  const prompt = preamble.system.length + sizes.reduce((sum, size) => sum + size, 0);
  const completion = text.length + (calls.length === 0 ? 0 : JSON.stringify(calls).length);
  const [promptTokens, completionTokens] = [Math.ceil(prompt / TOKEN), Math.ceil(completion / TOKEN)];
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    cache_read_tokens: 0,
    cache_creation_tokens: 0,
  };
}

async function stream(text: string, signal: AbortSignal, update: (update: ProviderUpdate) => void): Promise<void> {
  for (const [piece] of text.matchAll(PIECE)) {
    signal.throwIfAborted();
    update({ kind: "text", text: piece });
    // Lets an interrupt in.
    await setImmediate();
  }
}

/**
 * Makes the provider. Its replies depend on the conversation and the tools' names alone: the same request gets the
 * same reply, whatever happened in between.
 */
export function offlineTabular(): Provider {
  let program: ReturnType<typeof loadProgram> | undefined;
  return {
    async complete(request, update) {
      request.signal.throwIfAborted();
      program ??= loadProgram();
      const tools = request.preamble.tools.map(({ name }) => name);
      const next = decide(request.messages, tools, await program);
      if (request.stream) await stream(next.text, request.signal, update);
      return {
        text: next.text,
        calls: next.calls,
        finish: next.calls.length > 0 ? "tool_calls" : "stop",
        usage: usageOf(request, next),
        answeredBy: "offline/tabular",
      };
    },
  };
}
