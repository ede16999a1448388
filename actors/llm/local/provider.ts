// Servers on the user's own machine: Ollama, vLLM, LM Studio, llama.cpp. Never asked for an effort.
import { createChat } from "../openai/chat.ts";
import type { Provider } from "../provider.ts";
import type { Service } from "../service.ts";

export interface LocalOptions {
  apiKey: string;
  /** With `/v1`. */
  baseUrl: string;
  service: (model: string) => Service;
}

/** The key that is sent when none is set; these servers do not look at it. */
const anyKey = "sk-local-no-key-required";

/** Makes the provider. */
export function createLocal(options: LocalOptions): Provider {
  return createChat({
    provider: "local",
    apiKey: options.apiKey === "" ? anyKey : options.apiKey,
    baseUrl: options.baseUrl,
    service: options.service,
    efforts: [],
    official: false,
    limitName: "max_tokens",
  });
}
