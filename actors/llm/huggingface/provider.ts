// Hugging Face Inference Providers through the router.
import { createChat } from "../openai/chat.ts";
import type { Provider } from "../provider.ts";
import type { Service } from "../service.ts";

export interface HuggingFaceOptions {
  token: string;
  /** With `/v1`. */
  routerUrl: string;
  billTo: string | null;
  service: (model: string) => Service;
  /** Called when a reply has begun. */
  onReply: (model: string) => void;
}

/** Characters of a session id that the router takes. */
const sessionIdLength = 256;

/** Makes the provider. */
export function createHuggingFace(options: HuggingFaceOptions): Provider {
  const servedBy = new Map<string, string>();
  const chat = createChat({
    provider: "huggingface",
    apiKey: options.token,
    baseUrl: options.routerUrl,
    service: options.service,
    efforts: ["low", "medium", "high"],
    official: false,
    limitName: "max_tokens",
    headers: (sessionId) => ({
      "X-HF-Session-id": sessionId.slice(0, sessionIdLength),
      ...(options.billTo === null ? {} : { "X-HF-Bill-To": options.billTo }),
    }),
    extras: (model) => (/^anthropic\/.*:fal/.test(model) ? { cache_control: { type: "ephemeral" } } : {}),
    onHeaders: (model, headers) => {
      const name = headers.get("x-inference-provider");
      if (name !== null) servedBy.set(model, name);
      options.onReply(model);
    },
  });
  return {
    complete: (request, update) => chat.complete(request, update),
    servedBy: (model) => servedBy.get(model),
  };
}
