// Makes providers on first use, and loads only the SDK that a provider needs: an OpenAI-only run never loads
// Anthropic's.

import { sendableKey } from "./key.ts";
import type { LlmArgs } from "./protocol.ts";
import { LlmError, type Provider } from "./provider.ts";
import type { Route } from "./routing.ts";
import type { Service } from "./service.ts";
import { anthropicService, huggingFaceService, localService, openAiService } from "./services.ts";
import { requireAddress, requireKey } from "./transport.ts";

/** Returns the provider of a route; throws an `LlmError` when it cannot be used with what is configured. */
export type Registry = (route: Route) => Promise<Provider>;

/** Makes a registry. `onReply` hears that a reply of the router's has begun. */
export function createRegistry(args: LlmArgs, onReply: (model: string) => void): Registry {
  const made = new Map<string, Promise<Provider>>();

  return (route) => {
    const name = route.provider === "local" ? route.server : route.provider;
    const known = made.get(name);
    if (known !== undefined) return known;
    const provider = make(args, route, onReply);
    made.set(name, provider);
    // A failure to make one is told each time anew, in the words of that request's model.
    provider.catch(() => made.delete(name));
    return provider;
  };
}

async function make(args: LlmArgs, route: Route, onReply: (model: string) => void): Promise<Provider> {
  switch (route.provider) {
    case "anthropic": {
      const service = (model: string) => anthropicService(args, `anthropic/${model}`);
      const apiKey = usable(service(route.model), args.anthropic.apiKey, throughRouter(args, "anthropic", route.model));
      const { createAnthropic } = await import("./anthropic/provider.ts");
      return createAnthropic({ apiKey, baseUrl: args.anthropic.baseUrl, service });
    }
    case "openai": {
      const service = (model: string) => openAiService(args, `openai/${model}`);
      const apiKey = usable(service(route.model), args.openai.apiKey, throughRouter(args, "openai", route.model));
      const { createOpenAi } = await import("./openai/provider.ts");
      return createOpenAi({ apiKey, baseUrl: args.openai.baseUrl, api: args.openai.api, service });
    }
    case "huggingface": {
      const service = (model: string) => huggingFaceService(args, model);
      const token = usable(service(route.model), args.huggingface.token, " or log in with `hf auth login`");
      const { routerUrl, billTo } = args.huggingface;
      const { createHuggingFace } = await import("./huggingface/provider.ts");
      return createHuggingFace({ token, routerUrl, billTo, service, onReply });
    }
    case "local": {
      const { server } = route;
      const configured = args.local[server];
      if (configured === undefined) {
        throw new LlmError("LLM_UNREACHABLE", `No address is configured for ${server}.`, {
          retriable: false,
          hint: `Set ${localService(server, "", "").baseVariable} to where the server listens.`,
        });
      }
      const service = (model: string) => localService(server, configured.baseUrl, `${server}/${model}`);
      requireAddress(service(route.model));
      const apiKey = sendableKey(`${service(route.model).keyVariable} or LOCAL_LLM_API_KEY`, configured.apiKey);
      const { createLocal } = await import("./local/provider.ts");
      return createLocal({ baseUrl: configured.baseUrl, apiKey, service });
    }
    case "offline": {
      const { offlineTabular } = await import("./offline/provider.ts");
      return offlineTabular();
    }
  }
}

function usable(service: Service, key: string | null, orElse: string): string {
  requireAddress(service);
  return requireKey(service, key, orElse);
}

/** The other way to the same model, where there is a token for it; it is the user's to choose. */
function throughRouter(args: LlmArgs, org: string, model: string): string {
  if (args.huggingface.token === null) return "";
  return `, or use huggingface/${org}/${model} to go through the Hugging Face router with HF_TOKEN`;
}
