// What one source says of a model.
import type { ModelFacts } from "../../events.ts";
import type { Price } from "../cost.ts";

/** Null members: it does not say. */
export interface Found {
  /** Tokens of the context window. */
  context: number | null;
  price: Price | null;
  tools: boolean | null;
  /** The most output tokens that the model itself allows. */
  maxOutput: number | null;
  source: ModelFacts["source"];
  /** When that was fetched, in milliseconds since 1970; null for what is not fetched. */
  asOf: number | null;
}

/** A source that says nothing. */
export const nothingFound: Found = {
  context: null,
  price: null,
  tools: null,
  maxOutput: null,
  source: "unknown",
  asOf: null,
};

/** A count of tokens that can be one: a whole number above nought. */
export function asTokens(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
}
