// One model call as its caller sees it: attempts until one succeeds, with progress, timing and price.
import { costOf, type Price } from "./cost.ts";
import { createDeltas } from "./deltas.ts";
import { uniqueIds } from "./ids.ts";
import type { CompleteProgress, LlmArgs, Reply } from "./protocol.ts";
import { LlmError, type Provider, type ProviderReply, type ProviderRequest } from "./provider.ts";
import { nextAttempt, pause } from "./retry.ts";
import { tellWaiting } from "./waiting.ts";
import { watch } from "./watchdog.ts";

/** A call to carry out. */
export interface Call {
  /** Who answers; loaded on first use. Throws an `LlmError` when it cannot be used. */
  provider: () => Promise<Provider>;
  request: Omit<ProviderRequest, "signal">;
  limits: LlmArgs["limits"];
  /** The price once the reply is there. */
  price: (provider: Provider) => Price | null;
  emit: (update: CompleteProgress) => void;
  signal: AbortSignal;
}

/** Carries it out. Throws an `LlmError` whose data tells callers elsewhere what to do, or the signal's reason. */
export async function carryOut(call: Call): Promise<Reply> {
  const { limits, signal } = call;
  const startedAt = performance.now();
  const deltas = createDeltas(call.emit);
  let firstTokenAt: number | null = null;
  let waitedMs = 0;
  let emptyReplies = 0;
  // What an empty reply cost: it is thrown away, but it was paid for.
  let wasted: number | null = 0;

  const retract = () => {
    if (deltas.discard()) call.emit({ kind: "retracted" });
    firstTokenAt = null;
  };
  const onText = (kind: "text" | "thinking", text: string) => {
    firstTokenAt ??= performance.now();
    deltas.push(kind, text);
  };

  for (let attempt = 1; ; attempt++) {
    try {
      const { reply, provider } = await attemptOnce(call, onText);
      const cost = costOf(reply.usage, call.price(provider));
      if (isEmpty(reply) && emptyReplies++ === 0 && attempt < limits.attempts) {
        wasted = cost;
        retract();
        continue;
      }
      deltas.flush();
      return {
        ...reply,
        calls: uniqueIds(reply.calls, call.request.messages.length),
        costUsd: cost === null || wasted === null ? null : cost + wasted,
        assumedUsd: 0,
        attempts: attempt,
        latencyMs: Math.round(performance.now() - startedAt),
        firstTokenMs: firstTokenAt === null ? null : Math.round(firstTokenAt - startedAt),
      };
    } catch (error) {
      if (signal.aborted) {
        deltas.discard();
        throw signal.reason;
      }
      const failure = error instanceof LlmError ? error : surprise(error);
      const verdict = nextAttempt(failure, attempt, waitedMs, limits, Math.random());
      if (!verdict.retry) {
        deltas.flush();
        throw final(failure, attempt, verdict.waitMs);
      }
      retract();
      const { delayMs } = verdict;
      const { code, message } = failure;
      call.emit({ kind: "retry", attempt: attempt + 1, of: limits.attempts, delayMs, code, message });
      await pause(delayMs, signal);
      waitedMs += delayMs;
    }
  }
}

async function attemptOnce(
  call: Call,
  onText: (kind: "text" | "thinking", text: string) => void,
): Promise<{ reply: ProviderReply; provider: Provider }> {
  const over = watch(call.signal, call.limits.idleMs, call.request.stream);
  const arrived = tellWaiting(call.emit);
  let listening = true;
  try {
    return await Promise.race([
      over.ended,
      call.provider().then(async (provider) => {
        const reply = await provider.complete({ ...call.request, signal: over.signal }, (update) => {
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

function surprise(error: unknown): LlmError {
  const text = error instanceof Error ? error.message : String(error);
  return new LlmError("LLM_BAD_RESPONSE", `The model's reply could not be read: ${text}`, {
    retriable: false,
    hint: "Try another model; if it happens again, this is a defect of ML Intern.",
    cause: error,
  });
}

/** The error that leaves this thread: plain data only, so without the cause. */
function final(failure: LlmError, attempts: number, waitMs: number | null): LlmError {
  const { hint, status } = failure.details;
  const wait = waitMs === null ? "" : ` It asks to wait ${duration(waitMs)}.`;
  const tried = attempts > 1 ? ` (${attempts} attempts)` : "";
  const advice = waitMs === null ? hint : `Try again in ${duration(waitMs)}, or use another model.`;
  return new LlmError(failure.code, `${failure.message}${wait}${tried}`, {
    retriable: false,
    attempts,
    ...(advice === undefined ? {} : { hint: advice }),
    ...(status === undefined ? {} : { status }),
  });
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
