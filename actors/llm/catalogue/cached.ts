// An answer that is fetched when it is asked for, and used for a while. What was known stays until something better has
// come: a failure replaces nothing, and is forgotten soon.

import type { Kept } from "./kept.ts";
import { afterFailureMs, answerMs, freshMs, longestMs } from "./times.ts";

/** A value and when it was fetched, in milliseconds since 1970. */
export interface Known<T> {
  value: T;
  asOf: number;
}

/** A value from elsewhere. */
export interface Cached<T> {
  /** What is known now. */
  now(): Known<T> | null;
  /** Has it fetched in the background unless it is fresh. */
  refresh(): void;
  /** What is known once it has been fetched, or the fetch has failed; never throws. */
  soon(): Promise<Known<T> | null>;
}

/** Where a value comes from. */
export interface Origin<T> {
  /** Fetches the answer; throws when there is none. */
  load(signal: AbortSignal): Promise<unknown>;
  /** The value in an answer; null when it holds none, which counts as a failure. */
  read(raw: unknown): T | null;
  kept: Kept | null;
  /** Fires when nobody will ask any more. */
  signal: AbortSignal;
}

/** Makes an empty one. */
export function createCached<T>(origin: Origin<T>): Cached<T> {
  let known: Known<T> | null = null;
  let lookedOnDisk = false;
  let failedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  function isFresh(): boolean {
    const age = known === null ? Number.POSITIVE_INFINITY : Date.now() - known.asOf;
    return age >= 0 && age < freshMs;
  }

  async function fromDisk(): Promise<void> {
    if (lookedOnDisk) return;
    lookedOnDisk = true;
    const answered = await origin.kept?.read();
    if (!answered || Date.now() - answered.asOf > longestMs) return;
    const value = origin.read(answered.raw);
    if (value !== null) known = { value, asOf: answered.asOf };
  }

  async function renew(): Promise<void> {
    try {
      await fromDisk();
      if (isFresh()) return;
      const raw = await origin.load(AbortSignal.any([origin.signal, AbortSignal.timeout(answerMs)]));
      const value = origin.read(raw);
      if (value === null) throw new Error("an answer that holds nothing");
      known = { value, asOf: Date.now() };
      await origin.kept?.write({ raw, asOf: known.asOf });
    } catch {
      failedAt = performance.now();
    }
  }

  function renewed(): Promise<void> {
    if (running !== undefined) return running;
    if (origin.signal.aborted || isFresh() || performance.now() - failedAt < afterFailureMs) return Promise.resolve();
    running = renew().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    now: () => known,
    refresh: () => void renewed(),
    async soon() {
      await renewed();
      return known;
    },
  };
}
