// A message in hand: what its handler sees of it.
import type { Envelope } from "./envelope.ts";
import type { RuntimeError } from "./errors.ts";
import { timedOut } from "./failures.ts";
import { maxDelayMs } from "./timers.ts";
import type { ActorId, MessageContext } from "./types.ts";

/**
 * One message in hand. Its signal, timer and promise exist only once someone asks for them. A class, because there is
 * one for each message, and an object literal with a getter costs several times what all the rest does.
 */
export class Hand implements MessageContext {
  readonly envelope: Envelope;
  readonly #progress: (hand: Hand, update: unknown) => void;
  #controller: AbortController | undefined;
  #reason: RuntimeError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #onClosed: (() => void) | undefined;

  constructor(envelope: Envelope, progress: (hand: Hand, update: unknown) => void) {
    this.envelope = envelope;
    this.#progress = progress;
  }

  get from(): ActorId {
    return this.envelope.from;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason === undefined) this.#watchDeadline();
      else this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  // A property, so that handlers may take it out of the context.
  get progress(): (update: unknown) => void {
    return (update) => {
      if (this.envelope.id !== undefined && !this.#isClosed) this.#progress(this, update);
    };
  }

  /** Resolves when the handler is done. */
  get closed(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onClosed = resolve;
    });
  }

  /** Fires the handler's signal, now or when the handler first looks at it. */
  abort(reason: RuntimeError): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  /** The handler is done. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#onClosed?.();
  }

  /** The caller's own timer cancels as well; this one holds when the caller has died. */
  #watchDeadline(): void {
    const { deadline, to, type } = this.envelope;
    if (deadline === undefined || this.#isClosed) return;
    const remaining = Math.max(0, deadline - Date.now());
    this.#timer = setTimeout(() => this.abort(timedOut(to, type, null)), Math.min(remaining + 1, maxDelayMs)).unref();
  }
}
