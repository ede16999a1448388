// When a failed call is tried again, and after how long.

import type { LlmArgs } from "./protocol.ts";
import type { LlmError } from "./provider.ts";

/** What to do after a failed attempt. */
export type Verdict =
  | { retry: true; delayMs: number }
  /** `waitMs`: the server asks for a longer pause than we may make. */
  | { retry: false; waitMs: number | null };

/** The longest pause between two attempts that we choose ourselves, in milliseconds. */
const longestMs = 60_000;

/**
 * Decides about the next attempt. `attempt` is the one that failed (1 for the first), `waitedMs` the pauses so far,
 * `random` a number from 0 to 1. Pauses double and are drawn evenly from nought to their ceiling (full jitter), unless the
 * server named one: that is kept, or the call fails when it is longer than what is left of `totalWaitMs`.
 */
export function nextAttempt(
  error: LlmError,
  attempt: number,
  waitedMs: number,
  limits: LlmArgs["limits"],
  random: number,
): Verdict {
  const asked = error.details.retryAfterMs ?? null;
  if (!error.details.retriable || attempt >= limits.attempts) return { retry: false, waitMs: null };
  const left = limits.totalWaitMs - waitedMs;
  if (asked !== null) return asked <= left ? { retry: true, delayMs: asked } : { retry: false, waitMs: asked };
  const ceiling = Math.min(limits.firstWaitMs * 2 ** (attempt - 1), longestMs, left);
  return { retry: true, delayMs: Math.round(ceiling * random) };
}
