// OpenAI itself: its Responses API, which keeps reasoning across tool calls, or chat completions where a server that
// poses as OpenAI knows no other.
import { isOpenAi } from "../address.ts";
import type { LlmArgs } from "../protocol.ts";
import type { Provider } from "../provider.ts";
import type { Service } from "../service.ts";
import { createChat } from "./chat.ts";
import type { Dialect } from "./dialect.ts";
import { cacheKeyLength, createResponses } from "./responses.ts";

export interface OpenAiOptions {
  apiKey: string;
  baseUrl: string;
  api: LlmArgs["openai"]["api"];
  service: (model: string) => Service;
}

/** Makes the provider for direct calls to OpenAI. */
export function createOpenAi(options: OpenAiOptions): Provider {
  const itself = isOpenAi(options.baseUrl);
  const dialect: Dialect = {
    provider: "openai",
    apiKey: options.apiKey,
    baseUrl: options.baseUrl,
    service: options.service,
    efforts: ["none", "minimal", "low", "medium", "high", "xhigh"],
    official: true,
    limitName: itself ? "max_completion_tokens" : "max_tokens",
    ...(itself
      ? { extras: (_model: string, sessionId: string) => ({ prompt_cache_key: sessionId.slice(0, cacheKeyLength) }) }
      : {}),
  };
  const api = options.api ?? (itself ? "responses" : "chat");
  return api === "responses" ? createResponses(dialect) : createChat(dialect);
}
