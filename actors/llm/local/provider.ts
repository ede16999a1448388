// Servers on the user's own machine: Ollama, vLLM, LM Studio, llama.cpp. Free, and never asked for an effort.
import { free } from "../cost.ts";
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
  const chat = createChat({
    provider: "local",
    apiKey: options.apiKey === "" ? anyKey : options.apiKey,
    baseUrl: options.baseUrl,
    service: options.service,
    efforts: [],
    official: false,
  });
  return { complete: (request, update) => chat.complete(request, update), price: () => free };
}
