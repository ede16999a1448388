// Ends an attempt: when the caller gives up, and when the server has gone quiet.
import { LlmError } from "./provider.ts";

/** One attempt's way to be ended. */
export interface Watch {
  readonly signal: AbortSignal;
  /** A byte has come; `isContent`: and with it a piece of the reply. */
  alive(isContent: boolean): void;
  /** Rejects as soon as the attempt is ended, whether or not the work below listens to the signal. */
  readonly ended: Promise<never>;
  /** Must be called when the attempt is over. */
  close(): void;
}

/** Idle limits that a stream may go on with signs of life alone: long thinking and long queues are in order. */
const signsOfLife = 10;
/** Idle limits that a reply may take as a whole when it is not streamed: by default 10 minutes. */
const wholeReply = 5;
/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Watches over an attempt. A stream ends after `idleMs` without a byte, and after ten times that without a piece of the
 * reply, since proxies send comments for a server that is long dead. Without a stream nothing tells a slow server from
 * a dead one, so the attempt ends after five times `idleMs`, whatever comes.
 */
export function watch(parent: AbortSignal, idleMs: number, stream: boolean): Watch {
  const controller = new AbortController();
  const startedAt = Date.now();
  let byteAt = startedAt;
  let contentAt = startedAt;
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
  const limits = (): { at: number; reason: () => LlmError }[] =>
    stream
      ? [
          { at: byteAt + idleMs, reason: () => stalled("sent nothing for", idleMs, 1) },
          {
            at: contentAt + idleMs * signsOfLife,
            reason: () => stalled("sent signs of life but nothing of a reply for", idleMs, signsOfLife),
          },
        ]
      : [
          {
            at: startedAt + idleMs * wholeReply,
            reason: () => stalled("did not send its reply within", idleMs, wholeReply),
          },
        ];
  // One timer that looks at the time of the last byte: nothing is scheduled for each byte.
  const arm = () => {
    const now = Date.now();
    const due = limits();
    const over = due.find(({ at }) => at <= now);
    if (over !== undefined) return end(over.reason());
    timer = setTimeout(arm, Math.min(longestTimerMs, ...due.map(({ at }) => at - now)));
  };

  if (parent.aborted) onParent();
  else {
    parent.addEventListener("abort", onParent, { once: true });
    arm();
  }

  return {
    signal: controller.signal,
    ended,
    alive(isContent) {
      byteAt = Date.now();
      if (isContent) contentAt = byteAt;
    },
    close() {
      clearTimeout(timer);
      parent.removeEventListener("abort", onParent);
      // Frees the connection of a stream that was left early; without effect when all was read.
      controller.abort();
    },
  };
}

function stalled(what: string, idleMs: number, times: number): LlmError {
  const seconds = Math.round((idleMs * times) / 100) / 10;
  const limit = `${times === 1 ? "" : `${times} times `}limits.llm_idle_ms (${idleMs} ms)`;
  return new LlmError("LLM_STALLED", `The model ${what} ${seconds} s.`, {
    retriable: true,
    hint: `Try again, or another model. The limit is ${limit}; raise it for a slow server.`,
  });
}
