// What a model call cost.
import type { Usage } from "../events.ts";
import type { LlmArgs } from "./protocol.ts";

/** US dollars per million tokens. */
export type Price = LlmArgs["prices"][string];

/** The price of something that runs on the user's own machine. */
export const free: Price = { input: 0, output: 0 };

/**
 * US dollars of a call; null when the price or the usage is unknown, 0 only when it is known to be free. Tokens read
 * from or written to a cache without a price of their own count as ordinary input, so the figure is never too low.
 */
export function costOf(usage: Usage, price: Price | null): number | null {
  if (price === null) return null;
  if (price.input === 0 && price.output === 0) return 0;
  if (usage.prompt_tokens === null || usage.completion_tokens === null) return null;
  const read = usage.cache_read_tokens ?? 0;
  const written = usage.cache_creation_tokens ?? 0;
  const plain = Math.max(0, usage.prompt_tokens - read - written);
  const dollars =
    plain * price.input +
    read * (price.cacheRead ?? price.input) +
    written * (price.cacheWrite ?? price.input) +
    usage.completion_tokens * price.output;
  return dollars / 1_000_000;
}

/**
 * The price of a model in a table of prices, by its full id (`anthropic/<model>`) or by its bare name, each with or
 * without the date at its end.
 */
export function priceIn(prices: LlmArgs["prices"], id: string): Price | null {
  const undated = id.replace(/-\d{8}$/, "");
  const bare = (name: string) => name.slice(name.indexOf("/") + 1);
  for (const name of [id, undated, bare(id), bare(undated)]) {
    if (Object.hasOwn(prices, name)) return prices[name] ?? null;
  }
  return null;
}

/** Usage of which nothing is known. */
export const unknownUsage: Usage = {
  prompt_tokens: null,
  completion_tokens: null,
  total_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};
