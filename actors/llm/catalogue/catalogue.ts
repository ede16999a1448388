// What is known of models, in one place: what they hold, cost and can do, and what they are called.
import type { ModelFacts } from "../../events.ts";
import { type Price, priceIn } from "../cost.ts";
import { nearest } from "../nearest.ts";
import type { LlmArgs } from "../protocol.ts";
import { type Route, routeOf } from "../routing.ts";
import { type Found, nothingFound } from "./found.ts";
import { liveProviders } from "./router.ts";
import { createSources } from "./sources.ts";
import { describeMs } from "./times.ts";

export interface Catalogue {
  /** All that can be found out within five seconds. Never throws. */
  describe(id: string): Promise<ModelFacts>;
  /** What is known of it without asking anyone. */
  known(id: string): ModelFacts;
  /** Its price as far as it is known now; `servedBy` is the router's provider that has answered. */
  price(id: string, servedBy?: string): Price | null;
  /** Has what is missing or stale fetched in the background. */
  refresh(id: string): void;
  /** One sentence on what else an unknown id may have meant, from what is known now; null when nothing is near. */
  meant(id: string): string | null;
  /** The same after asking the service for its list; never throws. */
  meantSoon(id: string): Promise<string | null>;
}

/** Makes the catalogue. `signal` fires when the actor stops. */
export function createCatalogue(args: LlmArgs, signal: AbortSignal): Catalogue {
  const sources = createSources(args, signal);

  function facts(id: string, found: Found): ModelFacts {
    const own = priceIn(args.prices, id);
    return {
      model: id,
      context_tokens: found.context,
      price: own ?? found.price,
      tools: found.tools,
      max_output_tokens: Math.min(args.limits.maxOutputTokens, found.maxOutput ?? Number.POSITIVE_INFINITY),
      source: found.source === "unknown" && own !== null ? "config" : found.source,
      as_of: found.asOf,
    };
  }

  function known(id: string, servedBy?: string): ModelFacts {
    const route = routeIn(id);
    return facts(id, route === null ? nothingFound : sources.of(route).now(servedBy));
  }

  function meant(id: string): string | null {
    const route = routeIn(id);
    const list = sources.router.now()?.value;
    if (route !== null && route.provider !== "huggingface") {
      const prefix = id.slice(0, id.length - route.model.length);
      const ids = sources.models(route)?.now()?.value.keys() ?? [];
      return sentence(nearest(route.model, ids).map((name) => prefix + name));
    }
    if (list === undefined) return null;
    const live = route === null ? [] : liveProviders(list, route.model);
    if (live.length > 0) return `It is served by ${live.slice(0, 8).join(", ")}.`;
    return sentence(nearest(route?.model ?? id, list.keys()));
  }

  return {
    known,
    meant,
    price: (id, servedBy) => known(id, servedBy).price,
    async describe(id) {
      const route = routeIn(id);
      if (route === null) return known(id);
      const found = await within(describeMs, sources.of(route).soon());
      return found === null ? known(id) : facts(id, found);
    },
    refresh(id) {
      const route = routeIn(id);
      if (route !== null) sources.of(route).refresh();
    },
    async meantSoon(id) {
      const route = routeIn(id);
      if (route?.provider === "huggingface") await within(describeMs, sources.router.soon());
      else if (route !== null) await within(describeMs, sources.models(route)?.soon() ?? Promise.resolve(null));
      return meant(id);
    },
  };
}

/** The route of an id; null when it is none. */
function routeIn(id: string): Route | null {
  try {
    return routeOf(id);
  } catch {
    return null;
  }
}

function sentence(ids: readonly string[]): string | null {
  return ids.length === 0 ? null : `Near it: ${ids.join(", ")}.`;
}

/** The value, or null when it takes longer; `value` must not reject. */
async function within<T>(ms: number, value: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
