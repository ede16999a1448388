// One model call as its caller sees it: attempts until one succeeds, with progress, timing and price.

import { pause, unlessAborted } from "../http/wait.ts";
import { costOf, type Price } from "./cost.ts";
import { createDeltas } from "./deltas.ts";
import { budgetReached, finalError, priceUnknown, surprise } from "./endings.ts";
import { uniqueIds } from "./ids.ts";
import { type Ledger, mayBeBilled, openLedger } from "./ledger.ts";
import type { CompleteProgress, CompleteRequest, LlmArgs, Reply } from "./protocol.ts";
import { LlmError, type Provider, type ProviderReply, type ProviderRequest } from "./provider.ts";
import { nextAttempt, type Verdict } from "./retry.ts";
import { tellWaiting } from "./waiting.ts";
import { watch } from "./watchdog.ts";

/** A call to carry out. */
export interface Call {
  /** Who answers; loaded on first use. Throws an `LlmError` when it cannot be used. */
  provider: () => Promise<Provider>;
  request: Omit<ProviderRequest, "signal" | "limitOutput">;
  limits: LlmArgs["limits"];
  spend?: CompleteRequest["spend"];
  /** The model's price as far as it is known; with the provider once that has answered. */
  price: (provider?: Provider) => Price | null;
  /** The price, waited for; asked under a budget only. */
  priceSoon: () => Promise<Price | null>;
  /** Only a try: an empty reply will do, and what may have been billed is not sent again. The limit is always sent. */
  trial?: boolean;
  emit: (update: CompleteProgress) => void;
  signal: AbortSignal;
}

/** A call that was carried out. */
export interface Done {
  reply: Reply;
  /** How hard the model was asked to think, as its provider calls it; null when it was not told. */
  effort: string | null;
}

/**
 * Carries it out. Throws an `LlmError` whose data tells callers elsewhere what to do, or the signal's reason; when that
 * is an `LlmError`, it is treated as the failure of the attempt that was under way.
 */
export async function carryOut(call: Call): Promise<Done> {
  const { limits, signal, request } = call;
  const startedAt = performance.now();
  const deltas = createDeltas(call.emit);
  const ledger = await openFor(call);
  let firstTokenAt: number | null = null;
  let waitedMs = 0;
  let emptyReplies = 0;

  const retract = () => {
    if (deltas.discard()) call.emit({ kind: "retracted" });
    firstTokenAt = null;
  };
  const onText = (kind: "text" | "thinking", text: string) => {
    firstTokenAt ??= performance.now();
    deltas.push(kind, text);
  };

  for (let attempt = 1; ; attempt++) {
    const sent = { yes: false };
    try {
      const { reply, provider } = await attemptOnce(call, sent, onText);
      const cost = costOf(reply.usage, call.price(provider));
      if (isEmpty(reply) && !call.trial && emptyReplies++ === 0 && attempt < limits.attempts) {
        if (ledger.fits(cost)) {
          // It is thrown away, but it was paid for.
          ledger.lost(cost);
          retract();
          continue;
        }
      }
      deltas.flush();
      const { effort = null, ...said } = reply;
      return {
        effort,
        reply: {
          ...said,
          calls: uniqueIds(reply.calls, request.messages.length),
          costUsd: cost === null ? null : cost + ledger.lostUsd,
          assumedUsd: ledger.assumedUsd,
          attempts: attempt,
          latencyMs: Math.round(performance.now() - startedAt),
          firstTokenMs: firstTokenAt === null ? null : Math.round(firstTokenAt - startedAt),
        },
      };
    } catch (error) {
      if (signal.aborted && !(signal.reason instanceof LlmError)) {
        deltas.discard();
        throw signal.reason;
      }
      const failure = error instanceof LlmError ? error : surprise(error);
      const billed = mayBeBilled(failure, sent.yes);
      if (billed) ledger.lost(null);
      const stop = signal.aborted || (call.trial === true && billed) || !ledger.fits();
      const verdict: Verdict = stop
        ? { retry: false, waitMs: null }
        : nextAttempt(failure, attempt, waitedMs, limits, Math.random());
      if (!verdict.retry) {
        deltas.flush();
        throw finalError(failure, attempt, verdict.waitMs, ledger);
      }
      retract();
      const { delayMs } = verdict;
      const { code, message } = failure;
      call.emit({ kind: "retry", attempt: attempt + 1, of: limits.attempts, delayMs, code, message });
      await pause(delayMs, signal).catch((reason: unknown) => {
        throw reason instanceof LlmError ? finalError(reason, attempt, null, ledger) : reason;
      });
      waitedMs += delayMs;
    }
  }
}

/** Throws when the first attempt cannot be paid for, or nobody knows whether it can. */
async function openFor({ spend, request, price, priceSoon, signal }: Call): Promise<Ledger> {
  if (spend === undefined) return openLedger(undefined, () => price(), request.maxOutputTokens);
  const known = await unlessAborted(priceSoon(), signal);
  if (known === null) throw priceUnknown(request.model);
  const ledger = openLedger(spend, () => known, request.maxOutputTokens);
  if (!ledger.fits()) throw budgetReached(request.model, known, spend, request.maxOutputTokens);
  return ledger;
}

async function attemptOnce(
  call: Call,
  sent: { yes: boolean },
  onText: (kind: "text" | "thinking", text: string) => void,
): Promise<{ reply: ProviderReply; provider: Provider }> {
  const over = watch(call.signal, call.limits.idleMs, call.request.stream);
  const arrived = tellWaiting(call.emit);
  const limitOutput = call.spend !== undefined || call.trial === true;
  let listening = true;
  try {
    return await Promise.race([
      over.ended,
      call.provider().then(async (provider) => {
        const request: ProviderRequest = { ...call.request, limitOutput, signal: over.signal };
        const reply = await provider.complete(request, (update) => {
          if (update.kind === "sent") {
            sent.yes = true;
            return;
          }
          const shown = update.kind === "text" || update.kind === "thinking";
          const isContent = update.kind === "content" || (shown && update.text !== "");
          over.alive(isContent);
          if (isContent) arrived();
          if (listening && shown) onText(update.kind, update.text);
        });
        return { reply, provider };
      }),
    ]);
  } finally {
    listening = false;
    arrived();
    over.close();
  }
}

/** Nothing to show and nothing to do: what small models answer now and then, and a second try often mends. */
function isEmpty(reply: ProviderReply): boolean {
  return reply.finish === "stop" && reply.calls.length === 0 && reply.text.trim() === "";
}
