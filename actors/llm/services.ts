// The services that can be called, in the words that error messages need.
import type { LlmArgs } from "./protocol.ts";
import type { LocalServer, Route } from "./routing.ts";
import type { Service } from "./service.ts";

/** Anthropic's own API. */
export const anthropicService = (args: Pick<LlmArgs, "anthropic">, model: string): Service => ({
  name: "Anthropic",
  baseUrl: args.anthropic.baseUrl,
  model,
  keyVariable: "ANTHROPIC_API_KEY",
  baseVariable: "ANTHROPIC_BASE_URL",
  billingUrl: "https://console.anthropic.com/settings/billing",
  keysUrl: "https://console.anthropic.com/settings/keys",
});

/** OpenAI's own API. */
export const openAiService = (args: Pick<LlmArgs, "openai">, model: string): Service => ({
  name: "OpenAI",
  baseUrl: args.openai.baseUrl,
  model,
  keyVariable: "OPENAI_API_KEY",
  baseVariable: "OPENAI_BASE_URL",
  billingUrl: "https://platform.openai.com/settings/organization/billing",
  keysUrl: "https://platform.openai.com/api-keys",
});

/** The Hugging Face router. */
export const huggingFaceService = (args: Pick<LlmArgs, "huggingface">, model: string): Service => ({
  name: "Hugging Face",
  baseUrl: args.huggingface.routerUrl,
  model,
  keyVariable: "HF_TOKEN",
  baseVariable: "HF_ROUTER_URL",
  billingUrl: "https://huggingface.co/settings/billing",
  keysUrl: "https://huggingface.co/settings/tokens",
  payer:
    args.huggingface.billTo === null
      ? "the account that HF_TOKEN belongs to"
      : `the organisation ${args.huggingface.billTo} (hf_bill_to, sent as X-HF-Bill-To)`,
});

const localNames: Record<LocalServer, { name: string; variables: string }> = {
  ollama: { name: "Ollama", variables: "OLLAMA" },
  vllm: { name: "vLLM", variables: "VLLM" },
  lm_studio: { name: "LM Studio", variables: "LMSTUDIO" },
  llamacpp: { name: "llama.cpp", variables: "LLAMACPP" },
};

/** A server on the user's own machine. */
export const localService = (server: LocalServer, baseUrl: string, model: string): Service => ({
  name: localNames[server].name,
  baseUrl,
  model,
  keyVariable: `${localNames[server].variables}_API_KEY`,
  baseVariable: `${localNames[server].variables}_BASE_URL`,
  billingUrl: null,
  keysUrl: null,
});

/** Who answers on a route, for the model as the user wrote it; null for the embedded one. */
export function serviceOf(args: LlmArgs, route: Route, id: string): Service | null {
  switch (route.provider) {
    case "anthropic":
      return anthropicService(args, id);
    case "openai":
      return openAiService(args, id);
    case "huggingface":
      return huggingFaceService(args, id);
    case "local":
      return localService(route.server, args.local[route.server]?.baseUrl ?? "", id);
    case "offline":
      return null;
  }
}
