// What a server on the user's own machine says of a model. Each has its own way; the window that counts is the one it
// runs with, not the one that the model was made for: what does not fit into the former is cut off in silence.

import { asList, asObject, asObjects, asText } from "../../shape.ts";
import { free } from "../cost.ts";
import { type Lookup, lookUp } from "../lookup.ts";
import type { LocalServer } from "../routing.ts";
import { asTokens, type Found, nothingFound } from "./found.ts";

/** A local server's address (with `/v1`) and key; an empty key is not sent. */
export interface LocalAddress {
  baseUrl: string;
  apiKey: string;
}

type Said = Pick<Found, "context" | "tools">;
type Ask = (path: string, body?: unknown) => Promise<unknown>;

/** What is so of every local model: it costs nothing. */
export const localFacts: Found = { ...nothingFound, price: free, source: "builtin" };

/** Asks the server; throws when it does not answer. */
export async function askLocal(
  server: LocalServer,
  { baseUrl, apiKey }: LocalAddress,
  model: string,
  signal: AbortSignal,
): Promise<Found> {
  const root = baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  const headers: Record<string, string> = apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };
  const ask: Ask = (path, body) => {
    const question: Lookup = { url: `${root}${path}`, headers, ...(body === undefined ? {} : { body }) };
    return lookUp(question, signal);
  };
  return { ...localFacts, ...(await ways[server](ask, model)), source: "server", asOf: Date.now() };
}

const ways: Record<LocalServer, (ask: Ask, model: string) => Promise<Said>> = {
  async ollama(ask, model) {
    const running = ask("/api/ps").catch(() => null);
    const shown = asObject(await ask("/api/show", { model }));
    const [, set] = /^num_ctx\s+(\d+)/m.exec(asText(shown?.parameters)) ?? [];
    const loaded = asObjects(asObject(await running)?.models).find(
      (entry) => sameTag(asText(entry.model), model) || sameTag(asText(entry.name), model),
    );
    const capabilities = shown?.capabilities;
    return {
      context: asTokens(loaded?.context_length) ?? asTokens(Number(set)),
      tools: Array.isArray(capabilities) ? capabilities.includes("tools") : null,
    };
  },

  async vllm(ask, model) {
    const entry = byId(asObject(await ask("/v1/models"))?.data, model);
    return { context: asTokens(entry?.max_model_len), tools: null };
  },

  async llamacpp(ask, model) {
    // A server that holds many models wants to know which; one that holds one does not look.
    const props = asObject(await ask(`/props?model=${encodeURIComponent(model)}`));
    const settings = asObject(props?.default_generation_settings);
    return { context: asTokens(settings?.n_ctx) ?? asTokens(props?.n_ctx), tools: null };
  },

  async lm_studio(ask, model) {
    const newer = await ask("/api/v1/models").catch(() => null);
    const entry = asObjects(asObject(newer)?.models).find(({ key }) => key === model);
    if (entry !== undefined) {
      const windows = asObjects(entry.loaded_instances).flatMap(
        (instance) => asTokens(asObject(instance.config)?.context_length) ?? [],
      );
      return { context: windows.length === 0 ? null : Math.min(...windows), tools: null };
    }
    const older = byId(asObject(await ask("/api/v0/models"))?.data, model);
    return { context: asTokens(older?.loaded_context_length), tools: null };
  },
};

function byId(list: unknown, model: string): Record<string, unknown> | undefined {
  return asObjects(asList(list)).find(({ id }) => id === model);
}

/** Ollama takes a name without a tag for the one with `:latest`. */
function sameTag(name: string, model: string): boolean {
  const full = (text: string) => (text.includes(":") ? text : `${text}:latest`);
  return name !== "" && full(name) === full(model);
}
