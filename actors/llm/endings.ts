// How a call ends that is given up. What leaves this thread is plain data, so errors go without their cause.
import type { Price } from "./cost.ts";
import { type Ledger, worstMicroUsd } from "./ledger.ts";
import type { CompleteRequest } from "./protocol.ts";
import { LlmError } from "./provider.ts";

/** The typed error for what no one foresaw. */
export function surprise(error: unknown): LlmError {
  const text = error instanceof Error ? error.message : String(error);
  return new LlmError("LLM_BAD_RESPONSE", `The model's reply could not be read: ${text}`, {
    retriable: false,
    hint: "Try another model; if it happens again, this is a defect of ML Intern.",
    cause: error,
  });
}

/**
 * The error of a call whose last attempt failed like this. `waitMs`: the service asks for a longer pause than may be
 * made.
 */
export function finalError(failure: LlmError, attempts: number, waitMs: number | null, ledger: Ledger): LlmError {
  const { hint, status } = failure.details;
  const wait = waitMs === null ? "" : ` It asks to wait ${duration(waitMs)}.`;
  const tried = attempts > 1 ? ` (${attempts} attempts)` : "";
  const advice = waitMs === null ? hint : `Try again in ${duration(waitMs)}, or use another model.`;
  const assumedUsd = ledger.assumedUsd === null ? null : ledger.assumedUsd + ledger.lostUsd;
  return new LlmError(failure.code, `${failure.message}${wait}${tried}`, {
    retriable: false,
    attempts,
    ...(advice === undefined ? {} : { hint: advice }),
    ...(status === undefined ? {} : { status }),
    ...(assumedUsd === 0 ? {} : { assumedUsd }),
  });
}

/** The same error with one more sentence of advice. */
export function withHint(error: LlmError, more: string | null): LlmError {
  if (more === null) return error;
  const { cause: _, hint, ...details } = error.details;
  return new LlmError(error.code, error.message, { ...details, hint: hint === undefined ? more : `${hint} ${more}` });
}

/** Under a budget: nobody says what the model costs. */
export function priceUnknown(model: string): LlmError {
  return new LlmError("LLM_PRICE_UNKNOWN", `Nobody says what ${model} costs, so a budget cannot be kept with it.`, {
    retriable: false,
    hint: `Set prices."${model}" in the configuration, name the provider (<org>/<model>:<provider>), or lift the budget.`,
  });
}

/** Under a budget: what is left does not pay for one attempt. */
export function budgetReached(
  model: string,
  price: Price,
  spend: NonNullable<CompleteRequest["spend"]>,
  maxOutputTokens: number,
): LlmError {
  const worst = worstMicroUsd(price, spend.promptTokens, maxOutputTokens);
  const message = `One call of ${model} may cost up to ${dollars(worst)}, and ${dollars(spend.mostMicroUsd)} is left for it.`;
  return new LlmError("LLM_BUDGET", message, {
    retriable: false,
    hint: "Raise the budget, compact the conversation, lower the limit of output tokens, or use a cheaper model.",
  });
}

function dollars(microUsd: number): string {
  return `$${(Math.max(0, microUsd) / 1e6).toFixed(4)}`;
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
