// What differs between the servers that speak OpenAI's chat completions.
import type { Json } from "../../events.ts";
import type { Effort } from "../protocol.ts";
import type { Service } from "../service.ts";

/** The names that a limit of output tokens has. */
export type LimitName = "max_tokens" | "max_completion_tokens";

/** A server that speaks chat completions. */
export interface Dialect {
  /** The folder name under which replies are kept for replay. */
  provider: string;
  apiKey: string;
  /** With `/v1`. */
  baseUrl: string;
  service: (model: string) => Service;
  /** Values of `reasoning_effort` that it knows, rising; none when it is never sent. */
  efforts: readonly string[];
  headers?: (sessionId: string) => Record<string, string>;
  /** Further members of the request. */
  extras?: (model: string, sessionId: string) => { [key: string]: Json };
  /** Sees the headers of each answer. */
  onHeaders?: (model: string, headers: Headers) => void;
  /** What it calls the limit of output tokens; the other name is tried where this one is refused. */
  limitName: LimitName;
  /** Whether the environment's organisation, project and headers for OpenAI belong to this server. */
  official: boolean;
}

const rising: readonly Effort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/**
 * The effort values to try for a wish, best first: the wish or the nearest below it that is known, then lower ones,
 * then none. `off` asks for `none` where that is known.
 */
export function effortLadder(wish: Effort, known: readonly string[]): (string | null)[] {
  if (wish === "off") return known.includes("none") ? ["none", null] : [null];
  const downward = rising.slice(0, rising.indexOf(wish) + 1).reverse();
  const usable = downward.filter((level) => known.includes(level));
  const lowest = known.find((level) => level !== "none");
  return usable.length > 0 ? [...usable, null] : lowest === undefined ? [null] : [lowest, null];
}
