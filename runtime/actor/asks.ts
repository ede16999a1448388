// The requests that one event loop has made and not yet got an answer for.
import { decodeError, type EncodedError } from "./codec.ts";
import { type Envelope, firstAskOf, kinds, type PostResult } from "./envelope.ts";
import { codeOf } from "./errors.ts";
import { cancelled, full, gone, noDeadline, timedOut } from "./failures.ts";
import { maxDelayMs } from "./timers.ts";
import type { ActorId, AskOptions } from "./types.ts";

/** On whose behalf a request is made: one start of an actor, or the system itself. */
export interface Owner {
  readonly id: ActorId;
  readonly epoch: number;
  /** Set when this start of the actor is over: it can send no more. */
  ended: boolean;
}

/** How messages leave an event loop. `post` throws when a body cannot be sent. */
export interface Wire {
  post(envelope: Envelope): PostResult;
  /** Sends a signal past everything that waits. */
  signal(envelope: Envelope): void;
}

export interface Asks {
  ask(owner: Owner, to: ActorId, type: string, body: unknown, options: AskOptions): Promise<unknown>;
  /** Takes in an answer or an update. Returns false when nobody waits for it any more. */
  settle(answer: Envelope): boolean;
  /** Ends the requests of one owner, or all of them. Their receivers are not told. */
  end(owner: Owner | null): void;
  readonly size: number;
}

interface Pending {
  owner: Owner;
  to: ActorId;
  type: string;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress: AskOptions["onProgress"];
  timer: NodeJS.Timeout;
  signal: AbortSignal | undefined;
  onAbort: () => void;
}

/** Creates the table of an event loop; realm 0 is the system's own loop. */
export function createAsks(realm: number, wire: Wire): Asks {
  const pending = new Map<number, Pending>();
  let last = firstAskOf(realm);

  function close(id: number): Pending | undefined {
    const entry = pending.get(id);
    if (entry === undefined) return undefined;
    pending.delete(id);
    clearTimeout(entry.timer);
    entry.signal?.removeEventListener("abort", entry.onAbort);
    return entry;
  }

  /** Gives up a request and tells its receiver, which need not go on with it. */
  function abandon(id: number, error: unknown): void {
    const entry = close(id);
    if (entry === undefined) return;
    const code = codeOf(error) === "ASK_TIMEOUT" ? "ASK_TIMEOUT" : "CANCELLED";
    entry.reject(error);
    wire.signal({ v: 1, to: entry.to, from: entry.owner.id, type: kinds.cancel, body: code, re: id, epoch: 0 });
  }

  function start(owner: Owner, to: ActorId, type: string, body: unknown, options: AskOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { deadlineMs, signal, onProgress } = options;
      const id = ++last;
      const onAbort = () => abandon(id, cancelled(to, type, signal));
      const timer = setTimeout(() => abandon(id, timedOut(to, type, deadlineMs)), Math.min(deadlineMs, maxDelayMs));
      pending.set(id, { owner, to, type, resolve, reject, onProgress, timer, signal, onAbort });
      signal?.addEventListener("abort", onAbort, { once: true });
      const deadline = Date.now() + deadlineMs;
      let result: PostResult;
      try {
        result = wire.post({ v: 1, to, from: owner.id, type, body, id, deadline, epoch: owner.epoch });
      } catch (error) {
        close(id);
        reject(error);
        return;
      }
      if (result === "accepted") return;
      close(id);
      reject(result === "full" ? full(to, type) : gone(to, "normal"));
    });
  }

  return {
    ask(owner, to, type, body, options) {
      if (!Number.isFinite(options.deadlineMs)) return Promise.reject(noDeadline(to, type));
      if (owner.ended) return Promise.reject(gone(owner.id, "normal"));
      if (options.signal?.aborted) return Promise.reject(cancelled(to, type, options.signal));
      if (options.deadlineMs <= 0) return Promise.reject(timedOut(to, type, 0));
      return start(owner, to, type, body, options);
    },
    settle(answer) {
      const id = answer.re ?? 0;
      if (answer.type === kinds.progress) {
        const entry = pending.get(id);
        try {
          entry?.onProgress?.(answer.body);
        } catch (error) {
          abandon(id, error);
        }
        return entry !== undefined;
      }
      const entry = close(id);
      if (entry === undefined) return false;
      if (answer.type === kinds.error) entry.reject(decodeError(answer.body as EncodedError));
      else entry.resolve(answer.body);
      return true;
    },
    end(owner) {
      for (const [id, entry] of pending) {
        if (owner !== null && entry.owner !== owner) continue;
        close(id);
        entry.reject(gone(entry.owner.id, "normal"));
      }
    },
    get size() {
      return pending.size;
    },
  };
}
