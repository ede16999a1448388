// Whom to ask about a model: the service that would answer for it, and the router's public list. A key goes along only
// to the host that it belongs to, and the public list is asked without one.
import { isOpenAi } from "../address.ts";
import { free } from "../cost.ts";
import { sendableKey } from "../key.ts";
import { type Lookup, lookUp } from "../lookup.ts";
import type { LlmArgs } from "../protocol.ts";
import type { Route } from "../routing.ts";
import { type Cached, createCached } from "./cached.ts";
import { type Found, nothingFound } from "./found.ts";
import { keptIn } from "./kept.ts";
import { type ListedModels, readAnthropicModel, readModels } from "./listed.ts";
import { askLocal, localFacts } from "./local.ts";
import { foundInRouter, type RouterList, readRouterList } from "./router.ts";
import { answerMs } from "./times.ts";

/** What a source says of one model. */
export interface Source {
  /** What is known now. `servedBy`: the router's provider that has answered. */
  now(servedBy?: string): Found;
  /** The same once it has been asked; never throws. */
  soon(): Promise<Found>;
  /** Has it asked in the background. */
  refresh(): void;
}

export interface Sources {
  of(route: Route): Source;
  /** The models that a service says it has; null for one that keeps no list. */
  models(route: Route): Cached<ListedModels> | null;
  readonly router: Cached<RouterList>;
}

/** Makes the sources. `signal` ends what is under way. */
export function createSources(args: LlmArgs, signal: AbortSignal): Sources {
  const { anthropic, openai, huggingface, local, cacheDir } = args;
  const described = new Map<string, Cached<Omit<Found, "asOf">>>();
  const lists = new Map<string, Cached<ListedModels>>();
  const running = new Map<string, Found>();

  function cached<T>(lookup: () => Lookup, read: (raw: unknown) => T | null, keep: string | null): Cached<T> {
    const load = (until: AbortSignal) => lookUp(lookup(), until);
    return createCached<T>({ load, read, kept: keep === null ? null : keptIn(cacheDir, keep), signal });
  }

  const routerUrl = `${trimmed(huggingface.routerUrl)}/models`;
  const router = cached(() => ({ url: routerUrl }), readRouterList, routerUrl);
  const anthropicRoot = trimmed(anthropic.baseUrl).replace(/\/v1$/, "");
  const anthropicHeaders = () => ({
    "x-api-key": sendableKey("ANTHROPIC_API_KEY", anthropic.apiKey ?? ""),
    "anthropic-version": "2023-06-01",
  });

  function anthropicModel(model: string): Source {
    const url = `${anthropicRoot}/v1/models/${encodeURIComponent(model)}`;
    const known = described.get(model) ?? cached(() => ({ url, headers: anthropicHeaders() }), readAnthropicModel, url);
    described.set(model, known);
    if (anthropic.apiKey === null) return silent;
    return sourceFrom(known, (found) => found);
  }

  function list(route: Route): Cached<ListedModels> | null {
    const place = placeOf(route);
    if (place === null) return null;
    const known = lists.get(place.url) ?? cached(() => ({ ...place, headers: place.headers() }), readModels, null);
    lists.set(place.url, known);
    return known;
  }

  function placeOf(route: Route): { url: string; headers: () => Record<string, string> } | null {
    switch (route.provider) {
      case "anthropic":
        if (anthropic.apiKey === null) return null;
        return { url: `${anthropicRoot}/v1/models?limit=1000`, headers: anthropicHeaders };
      case "openai":
        if (openai.apiKey === null) return null;
        return { url: `${trimmed(openai.baseUrl)}/models`, headers: bearer("OPENAI_API_KEY", openai.apiKey) };
      case "local": {
        const server = local[route.server];
        if (server === undefined) return null;
        return { url: `${trimmed(server.baseUrl)}/models`, headers: bearer("LOCAL_LLM_API_KEY", server.apiKey) };
      }
      default:
        return null;
    }
  }

  function localModel(route: Extract<Route, { provider: "local" }>): Source {
    const key = `${route.server}/${route.model}`;
    const server = local[route.server];
    if (server === undefined) return { ...silent, now: () => localFacts, soon: async () => localFacts };
    // Never from a cache: a local server is started anew with another window from one minute to the next.
    const ask = async (): Promise<Found> => {
      try {
        const until = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
        const found = await askLocal(route.server, server, route.model, until);
        running.set(key, found);
        return found;
      } catch {
        return running.get(key) ?? localFacts;
      }
    };
    return { now: () => running.get(key) ?? localFacts, soon: ask, refresh: () => void ask() };
  }

  return {
    router,
    models: list,
    of(route) {
      switch (route.provider) {
        case "huggingface":
          return sourceFrom(router, (value, servedBy) => foundInRouter(value, route.model, servedBy));
        case "anthropic":
          return anthropicModel(route.model);
        case "openai": {
          // OpenAI's own list says no more than that a model exists; servers that pose as it may say how much fits.
          const known = isOpenAi(openai.baseUrl) ? null : list(route);
          if (known === null) return silent;
          return sourceFrom(known, (models) => {
            const context = models.get(route.model) ?? null;
            return context === null ? null : { ...nothingFound, context, source: "provider" };
          });
        }
        case "local":
          return localModel(route);
        case "offline":
          return { ...silent, now: () => offline, soon: async () => offline };
      }
    },
  };
}

const offline: Found = { ...nothingFound, price: free, tools: true, source: "builtin" };

const silent: Source = { now: () => nothingFound, soon: async () => nothingFound, refresh: () => undefined };

function sourceFrom<T>(cached: Cached<T>, pick: (value: T, servedBy?: string) => Omit<Found, "asOf"> | null): Source {
  const now = (servedBy?: string): Found => {
    const known = cached.now();
    const found = known === null ? null : pick(known.value, servedBy);
    return found === null || known === null ? nothingFound : { ...found, asOf: known.asOf };
  };
  return {
    now,
    refresh: () => cached.refresh(),
    async soon() {
      await cached.soon();
      return now();
    },
  };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

function bearer(variable: string, apiKey: string): () => Record<string, string> {
  return () => {
    const key = sendableKey(variable, apiKey);
    return key === "" ? {} : { authorization: `Bearer ${key}` };
  };
}
