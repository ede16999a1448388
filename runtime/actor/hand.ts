// A message in hand: what its handler sees of it.
import type { Envelope } from "./envelope.ts";
import type { RuntimeError } from "./errors.ts";
import { timedOut } from "./failures.ts";
import { maxDelayMs } from "./timers.ts";
import type { MessageContext } from "./types.ts";

export interface Hand {
  readonly envelope: Envelope;
  readonly context: MessageContext;
  /** Fires the handler's signal, now or when the handler first looks at it. */
  abort(reason: RuntimeError): void;
  /** The handler is done. */
  close(): void;
  /** Resolves when the handler is done. */
  readonly closed: Promise<void>;
}

/** Takes a message in hand. The signal, its timer and `closed` exist only if someone asks for them. */
export function createHand(envelope: Envelope, progress: (update: unknown) => void): Hand {
  let controller: AbortController | undefined;
  let reason: RuntimeError | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let onClosed: (() => void) | undefined;

  function abort(why: RuntimeError): void {
    reason ??= why;
    controller?.abort(reason);
  }

  /** The caller's own timer cancels as well; this one holds when the caller has died. */
  function watchDeadline(): void {
    if (envelope.deadline === undefined || isClosed) return;
    const remaining = Math.max(0, envelope.deadline - Date.now());
    timer = setTimeout(
      () => abort(timedOut(envelope.to, envelope.type, null)),
      Math.min(remaining + 1, maxDelayMs),
    ).unref();
  }

  return {
    envelope,
    context: {
      from: envelope.from,
      get signal() {
        if (controller === undefined) {
          controller = new AbortController();
          if (reason === undefined) watchDeadline();
          else controller.abort(reason);
        }
        return controller.signal;
      },
      progress(update) {
        if (envelope.id !== undefined) progress(update);
      },
    },
    abort,
    close() {
      isClosed = true;
      clearTimeout(timer);
      onClosed?.();
    },
    get closed() {
      return isClosed
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            onClosed = resolve;
          });
    },
  };
}
