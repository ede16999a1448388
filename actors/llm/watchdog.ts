// Ends an attempt: when the caller gives up, and when the server has gone quiet.
import { LlmError } from "./provider.ts";

/** One attempt's way to be ended. */
export interface Watch {
  readonly signal: AbortSignal;
  /** A byte has come. */
  alive(): void;
  /** Rejects as soon as the attempt is ended, whether or not the work below listens to the signal. */
  readonly ended: Promise<never>;
  /** Must be called when the attempt is over. */
  close(): void;
}

/** Watches over an attempt; `idleMs` is null when silence is in order (no stream). */
export function watch(parent: AbortSignal, idleMs: number | null): Watch {
  const controller = new AbortController();
  let last = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let reject: (reason: unknown) => void = () => {};
  const ended = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  ended.catch(() => {});

  const end = (reason: unknown) => {
    controller.abort(reason);
    reject(reason);
  };
  const onParent = () => end(parent.reason);
  // One timer that looks at the time of the last byte: nothing is scheduled for each byte.
  const arm = (delayMs: number, limit: number) => {
    timer = setTimeout(() => {
      const quiet = Date.now() - last;
      if (quiet >= limit) end(stalled(limit));
      else arm(limit - quiet, limit);
    }, delayMs);
  };

  if (parent.aborted) onParent();
  else parent.addEventListener("abort", onParent, { once: true });
  if (idleMs !== null) arm(idleMs, idleMs);

  return {
    signal: controller.signal,
    ended,
    alive() {
      last = Date.now();
    },
    close() {
      clearTimeout(timer);
      parent.removeEventListener("abort", onParent);
      // Frees the connection of a stream that was left early; without effect when all was read.
      controller.abort();
    },
  };
}

function stalled(idleMs: number): LlmError {
  const seconds = Math.round(idleMs / 100) / 10;
  return new LlmError("LLM_STALLED", `The model sent nothing for ${seconds} s.`, {
    retriable: true,
    hint: "Try again, or another model; a slow local server may need a longer idle limit.",
  });
}
