// When to restart, and when to give up. Pure.
import type { SupervisorOptions } from "./types.ts";

/**
 * Milliseconds before a restart. `failures` counts the failures in a row, this one included; `random` is from [0, 1).
 * 0 for the first, then `minMs`, doubling up to `maxMs`, spread by `jitter` to both sides.
 */
export function restartDelay(backoff: SupervisorOptions["backoff"], failures: number, random: number): number {
  if (failures <= 1) return 0;
  const delay = Math.min(backoff.maxMs, backoff.minMs * 2 ** Math.min(failures - 2, 30));
  return Math.max(0, delay * (1 + backoff.jitter * (2 * random - 1)));
}

/** The times of the restarts that still count at `now`, with `now` itself. */
export function countRestart(times: readonly number[], now: number, periodMs: number): number[] {
  return [...times.filter((time) => now - time < periodMs), now];
}
