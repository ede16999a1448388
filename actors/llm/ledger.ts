// What the attempts of one call have cost, or may have cost, and whether another one can be paid for.
import type { Price } from "./cost.ts";
import type { CompleteRequest } from "./protocol.ts";
import type { LlmError } from "./provider.ts";

/** The money of one call. US dollars unless a name says otherwise. */
export interface Ledger {
  /**
   * Whether the worst case of another attempt fits into what is left, or would after this loss (as in `lost`). Always,
   * when there is no limit.
   */
  fits(loss?: number | null): boolean;
  /** An attempt was paid for, though nothing came of it; null when nobody knows how much. */
  lost(usd: number | null): void;
  /** What replies that were thrown away have cost for certain. */
  readonly lostUsd: number;
  /** What attempts may have cost besides, at most; null when that has no bound. */
  readonly assumedUsd: number | null;
}

/**
 * Millionths of a US dollar that one attempt costs at most. Prices are per million tokens, so the product is just that.
 */
export function worstMicroUsd(price: Price, promptTokens: number, outputTokens: number): number {
  const input = Math.max(price.input, price.cacheWrite ?? 0);
  return Math.ceil(promptTokens * input + outputTokens * price.output);
}

/** Opens a ledger. Without a limit (`spend`) an attempt's worst case has no bound, unless the model is free. */
export function openLedger(
  spend: CompleteRequest["spend"],
  price: () => Price | null,
  maxOutputTokens: number,
): Ledger {
  let lostUsd = 0;
  let assumedUsd: number | null = 0;

  function worst(): number | null {
    const known = price();
    if (known === null) return null;
    if (known.input === 0 && known.output === 0) return 0;
    return spend === undefined ? null : worstMicroUsd(known, spend.promptTokens, maxOutputTokens);
  }

  return {
    fits(loss = 0) {
      if (spend === undefined) return true;
      const next = worst();
      if (next === null || assumedUsd === null) return false;
      const spent = (lostUsd + assumedUsd + (loss ?? next / 1e6)) * 1e6;
      // A hair less, since sums of decimal fractions are a hair off.
      return Math.ceil(spent - 1e-6) + next <= spend.mostMicroUsd;
    },
    lost(usd) {
      if (usd !== null) {
        lostUsd += usd;
        return;
      }
      const most = worst();
      assumedUsd = most === null || assumedUsd === null ? null : assumedUsd + most / 1e6;
    },
    get lostUsd() {
      return lostUsd;
    },
    get assumedUsd() {
      return assumedUsd;
    },
  };
}

/**
 * Whether a failed attempt may have been billed. A service that refuses a request does not charge for it; but once it
 * has been sent and no whole answer came, or a gateway lost the answer, the model may have worked.
 */
export function mayBeBilled(failure: LlmError, wasSent: boolean): boolean {
  const { status } = failure.details;
  if (!wasSent) return false;
  if (status === undefined) return true;
  return status === 408 || (status >= 502 && status !== 503 && status !== 529);
}
