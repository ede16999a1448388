// Prices as the Hugging Face router lists them: per model and per provider, in US dollars per million tokens.
import type { Price } from "../cost.ts";
import { asCount, asList, asObject, asObjects, asText } from "../shape.ts";

/** Milliseconds for which a list counts as fresh, a failure is not repeated, and an answer is awaited. */
const freshMs = 300_000;
const afterFailureMs = 15_000;
const answerMs = 5_000;

/** The router's prices, fetched when first asked for and never waited for. */
export interface RouterPrices {
  /** Fetches the list in the background unless it is fresh. */
  refresh(): void;
  /** The price of `<org>/<model>[:tag]`; `servedBy` is the provider that answered, where known. Null: unknown. */
  of(model: string, servedBy: string | undefined): Price | null;
}

/** Makes an empty list. `signal` ends a fetch that is under way. */
export function createRouterPrices(routerUrl: string, signal: AbortSignal): RouterPrices {
  let catalogue = new Map<string, unknown[]>();
  let nextAt = 0;
  let running = false;

  async function load(): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    const timer = setTimeout(end, answerMs);
    signal.addEventListener("abort", end, { once: true });
    try {
      // The list is public: no token goes along.
      const answer = await fetch(`${routerUrl.replace(/\/+$/, "")}/models`, { signal: stop.signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const entries = asObjects(asObject(await answer.json())?.data);
      catalogue = new Map(entries.map((entry) => [asText(entry.id), asList(entry.providers)]));
      nextAt = Date.now() + freshMs;
    } catch {
      // Prices are a courtesy: without them a cost is unknown, and what was known before stays.
      nextAt = Date.now() + afterFailureMs;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      running = false;
    }
  }

  return {
    refresh() {
      if (running || signal.aborted || Date.now() < nextAt) return;
      running = true;
      void load();
    },
    of(model, servedBy) {
      const [name = "", tag] = model.split(":");
      return priceAmong(catalogue.get(name) ?? [], servedBy ?? tag);
    },
  };
}

/**
 * The price among a model's providers: that of the named one, or the one price that all live ones share. The routing
 * tags `fastest`, `cheapest` and `preferred` name no provider.
 */
export function priceAmong(providers: readonly unknown[], named: string | undefined): Price | null {
  const live = asObjects(providers).filter((entry) => entry.status !== "error");
  const chosen = live.filter((entry) => entry.provider === named);
  const prices = (chosen.length > 0 ? chosen : live).map(priceOf);
  const [first] = prices;
  if (first === undefined || first === null) return null;
  return prices.every((price) => price?.input === first.input && price.output === first.output) ? first : null;
}

function priceOf(entry: Record<string, unknown>): Price | null {
  if (entry.is_free === true) return { input: 0, output: 0 };
  const pricing = asObject(entry.pricing);
  const input = asCount(pricing?.input);
  const output = asCount(pricing?.output);
  return input === null || output === null ? null : { input, output };
}
