// The Hugging Face router's public list of models: who serves each, how much fits, what it costs.

import { asList, asObject, asObjects, asText } from "../../shape.ts";
import type { Price } from "../cost.ts";
import { asTokens, type Found } from "./found.ts";

/** One provider's offer of a model. */
export interface Offer {
  provider: string;
  /** Whether it answers at present, as far as the router knows. */
  live: boolean;
  context: number | null;
  price: Price | null;
  tools: boolean | null;
}

/** Offers by model id. */
export type RouterList = ReadonlyMap<string, readonly Offer[]>;

/** Endings of a model id that say how a provider is chosen, and name none. */
const routingTags = new Set(["fastest", "cheapest", "preferred"]);

/** Reads the router's answer; null when it lists no model. */
export function readRouterList(raw: unknown): RouterList | null {
  const entries = asObjects(asObject(raw)?.data).filter((entry) => asText(entry.id) !== "");
  const list = new Map(entries.map((entry) => [asText(entry.id), asObjects(asList(entry.providers)).map(offerOf)]));
  return list.size === 0 ? null : list;
}

function offerOf(entry: Record<string, unknown>): Offer {
  return {
    provider: asText(entry.provider),
    live: entry.status !== "error",
    context: asTokens(entry.context_length),
    price: priceOf(entry),
    tools: typeof entry.supports_tools === "boolean" ? entry.supports_tools : null,
  };
}

function priceOf(entry: Record<string, unknown>): Price | null {
  if (entry.is_free === true) return { input: 0, output: 0 };
  const { input, output } = asObject(entry.pricing) ?? {};
  const isPrice = (value: unknown): value is number => typeof value === "number" && value >= 0 && value < 1e6;
  return isPrice(input) && isPrice(output) ? { input, output } : null;
}

/**
 * What the list says of `<org>/<model>[:tag]`, or null when it does not know it. A tag that names a provider, or the
 * one that is known to have answered, counts alone. Otherwise any live one may answer: so the price is known only when
 * all ask the same, the context is the smallest, and tools are known when all agree.
 */
export function foundInRouter(list: RouterList, model: string, servedBy?: string): Omit<Found, "asOf"> | null {
  const [name = "", tag] = model.split(":");
  const offers = list.get(name);
  if (offers === undefined) return null;
  const asked = tag === undefined || routingTags.has(tag) ? undefined : tag;
  const served = offers.filter(({ provider }) => provider === servedBy);
  const live = offers.filter((offer) => offer.live);
  const chosen =
    served.length > 0 ? served : asked === undefined ? live : offers.filter(({ provider }) => provider === asked);
  const contexts = chosen.flatMap(({ context }) => (context === null ? [] : [context]));
  return {
    context: contexts.length === 0 ? null : Math.min(...contexts),
    price: shared(
      chosen.map(({ price }) => price),
      (a, b) => a?.input === b?.input && a?.output === b?.output,
    ),
    tools: shared(
      chosen.map(({ tools }) => tools),
      Object.is,
    ),
    maxOutput: null,
    source: "catalogue",
  };
}

/** The value that all have; null when they differ or there is none. */
function shared<T>(values: readonly T[], same: (a: T, b: T) => boolean): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => same(value, first)) ? first : null;
}

/** The providers that serve a model at present. */
export function liveProviders(list: RouterList, model: string): string[] {
  const [name = ""] = model.split(":");
  return (list.get(name) ?? []).flatMap(({ live, provider }) => (live && provider !== "" ? [provider] : []));
}
