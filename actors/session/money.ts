// The ledger: what the session has spent, in whole millionths of a US dollar, and what is set aside for what is under
// way. Sums are rounded up, so that the books never show less than was charged.
import type { DurableEvents, ModelFacts } from "../events.ts";

/** The books of a session. All sums are millionths of a US dollar. */
export interface Money {
  /** Known to be spent. */
  spent: number;
  /** May have been spent besides, at most. */
  assumed: number;
  /** Calls whose cost is not known and has no bound. */
  unbounded: number;
  /**
   * What is set aside, by what it is for: `main`, `summary`, `probe`, `call:` and the id of a tool
   * call, `agent:` and that of the call that a sub-agent works on, or `job:` and the id of a job on the Hub. Null where
   * something is under way that costs, and nobody knows how much at most.
   */
  open: Map<string, number | null>;
  /** What the session may spend in all; null for no limit. */
  cap: number | null;
  /** The user is told once so much is spent. */
  nextWarning: number;
}

/** The first warning, in millionths of a US dollar: 5 dollars; each further one at twice the last. */
const firstWarning = 5_000_000;

export function emptyMoney(): Money {
  return { spent: 0, assumed: 0, unbounded: 0, open: new Map(), cap: null, nextWarning: firstWarning };
}

/** US dollars as millionths, rounded up. */
export function microOf(usd: number): number {
  // What only the binary fraction adds is not money.
  return Math.max(0, Math.ceil(Number((usd * 1e6).toFixed(4))));
}

/** What counts against the cap: spent, perhaps spent, and set aside. */
export function committed(money: Money): number {
  let sum = money.spent + money.assumed;
  for (const reserved of money.open.values()) sum += reserved ?? 0;
  return sum;
}

/** The key of what is set aside for a tool call. */
export function callKey(id: string): string {
  return `call:${id}`;
}

/** The key of what is set aside for a job on the Hub. */
export function jobKey(id: string): string {
  return `job:${id}`;
}

/** The key of what is set aside for a sub-agent that works on a call. */
export function agentKey(callId: string): string {
  return `agent:${callId}`;
}

/** What is set aside for one thing is kept for another from now on. */
export function move(money: Money, from: string, to: string): void {
  const reserved = money.open.get(from);
  if (reserved === undefined) return;
  money.open.delete(from);
  reserve(money, to, reserved);
}

/** What may still be spent; Infinity without a cap, never negative. */
export function remaining(money: Money): number {
  return money.cap === null ? Number.POSITIVE_INFINITY : Math.max(0, money.cap - committed(money));
}

/** The most that one request can cost; null when the price is not known. */
export function worstCase(
  facts: ModelFacts,
  promptTokens: number,
  outputTokens = facts.max_output_tokens,
): number | null {
  const { price } = facts;
  if (price === null) return null;
  const input = Math.max(price.input, price.cacheWrite ?? 0);
  return microOf((promptTokens * input + outputTokens * price.output) / 1e6);
}

/** Sets money aside; null: nobody knows how much it takes. What was there for the same may have been spent. */
export function reserve(money: Money, key: string, micro: number | null): void {
  assume(money, key);
  if (micro === null || micro > 0) money.open.set(key, micro);
}

/** Nobody will tell any more what became of what was set aside: it counts as spent. */
export function assume(money: Money, key: string): void {
  const reserved = money.open.get(key);
  if (reserved === undefined) return;
  if (reserved === null) money.unbounded += 1;
  else money.assumed += reserved;
  money.open.delete(key);
}

/** What was set aside is settled by what it really came to; an unknown sum counts as all of it. */
export function settle(money: Money, key: string, costUsd: number | null, assumedUsd: number | null | undefined): void {
  const reserved = money.open.get(key) ?? null;
  money.open.delete(key);
  const told = microOf(costUsd ?? 0) + microOf(assumedUsd ?? 0);
  money.spent += microOf(costUsd ?? 0);
  money.assumed += microOf(assumedUsd ?? 0);
  if (costUsd !== null && assumedUsd !== null) return;
  if (reserved === null) money.unbounded += 1;
  else money.assumed += Math.max(0, reserved - told);
}

/** Takes what one of several calls has cost out of what was set aside for all of them. */
export function draw(money: Money, key: string, costUsd: number | null, assumedUsd: number | null | undefined): void {
  const reserved = money.open.get(key);
  settle(money, key, costUsd, assumedUsd);
  const isKnown = costUsd !== null && assumedUsd !== null;
  if (reserved === undefined || !isKnown) return;
  const told = microOf(costUsd) + microOf(assumedUsd ?? 0);
  money.open.set(key, reserved === null ? null : Math.max(0, reserved - told));
}

/** What is still set aside is not needed any more. */
export function release(money: Money, key: string): void {
  money.open.delete(key);
}

/** The warning that is due, or null. */
export function dueWarning(money: Money): DurableEvents["cost_warning"] | null {
  const spent = money.spent + money.assumed;
  if (spent < money.nextWarning) return null;
  let threshold = money.nextWarning;
  while (threshold * 2 <= spent) threshold *= 2;
  return { threshold_usd: threshold / 1e6, spent_usd: spent / 1e6 };
}
