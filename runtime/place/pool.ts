// A pool of threads for pure functions, by piscina: one call a thread, capped memory, and a deadline for each call.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import type { Piscina } from "piscina";
import { decodeError } from "../actor/codec.ts";
import { codeOf, RuntimeError } from "../actor/errors.ts";
import { badMessage } from "../actor/failures.ts";
import { maxDelayMs } from "../actor/timers.ts";
import { createGate } from "./gate.ts";
import type { PoolAnswer, PoolTask } from "./pooled.ts";

export interface PoolOptions {
  /** URL of the module whose named exports are the functions; they must depend on nothing but their input. */
  entry: URL | string;
  /** Threads at most; default the number of cores. */
  maxThreads?: number;
  /** Heap of a thread in MiB; default 128. It is no wall: cap the bytes of an input as well. */
  heapMb?: number;
  /** Milliseconds after which an idle thread ends; default 30,000. */
  idleMs?: number;
  /** Calls that may wait for a thread; default 64. */
  maxQueue?: number;
}

export interface PoolCallOptions {
  /** Milliseconds until the call fails with `ASK_TIMEOUT` and its thread is ended. */
  deadlineMs: number;
  /** Aborting it ends the thread as well, with `CANCELLED`. */
  signal?: AbortSignal;
  /** Buffers and ports in the input that move instead of being copied. */
  transfer?: readonly (ArrayBuffer | MessagePort)[];
}

export interface Pool {
  /**
   * Calls a function in a thread. Rejects with the function's own error, or with a `RuntimeError`: `ASK_TIMEOUT`,
   * `CANCELLED`, `MAILBOX_FULL` (too many calls wait), `ACTOR_GONE` (the thread died, or the pool was closed) or
   * `BAD_MESSAGE` (the input or the answer is not plain data).
   */
  run<T>(name: string, input: unknown, options: PoolCallOptions): Promise<T>;
  /** Ends the threads; calls under way end with `ACTOR_GONE`. */
  close(): Promise<void>;
}

/** A thread that is stuck in a native call keeps `close` waiting no longer than this many milliseconds. */
const closeLimitMs = 1_000;

/** Creates a pool. It costs nothing until the first call. */
export function createPool(options: PoolOptions): Pool {
  const entry = String(options.entry);
  const maxThreads = options.maxThreads ?? availableParallelism();
  // The pool's own queue does not count calls that can be cancelled, and stands still when its last thread dies.
  const gate = createGate(maxThreads, options.maxQueue ?? 64, tooMany);
  const closing = new AbortController();
  let threads: Promise<Piscina> | null = null;

  async function open(): Promise<Piscina> {
    const { Piscina } = await import("piscina");
    const piscina = new Piscina({
      filename: fileURLToPath(new URL("./host.js", import.meta.url)),
      name: "runPooled",
      minThreads: 0,
      maxThreads,
      idleTimeout: options.idleMs ?? 30_000,
      concurrentTasksPerWorker: 1,
      // The other modes freeze a thread's event loop between calls.
      atomics: "disabled",
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? 128 },
    });
    // A thread that fails between calls has no caller to tell; without a listener it would end the program.
    piscina.on("error", () => undefined);
    return piscina;
  }

  async function call<T>(task: PoolTask, transfer: PoolCallOptions["transfer"], signal: AbortSignal): Promise<T> {
    const leave = await gate.enter(signal);
    try {
      threads ??= open();
      const piscina = await threads;
      signal.throwIfAborted();
      const more = transfer === undefined ? {} : { transferList: [...transfer] };
      const answer: PoolAnswer = await piscina.run(task, { signal, ...more });
      if (answer.ok) return answer.value as T;
      throw decodeError(answer.error);
    } catch (error) {
      throw translate(error, task.name);
    } finally {
      leave();
    }
  }

  return {
    async run(name, input, { deadlineMs, signal, transfer }) {
      const end = new AbortController();
      const onAbort = () => end.abort(cancelled(name, signal));
      const onClose = () => end.abort(closed());
      const timer = setTimeout(() => end.abort(timedOut(name, deadlineMs)), Math.min(deadlineMs, maxDelayMs));
      signal?.addEventListener("abort", onAbort, { once: true });
      closing.signal.addEventListener("abort", onClose, { once: true });
      if (signal?.aborted === true) onAbort();
      if (closing.signal.aborted) onClose();
      try {
        return await call({ entry, name, input }, transfer, end.signal);
      } catch (error) {
        throw end.signal.aborted ? end.signal.reason : error;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        closing.signal.removeEventListener("abort", onClose);
      }
    },
    async close() {
      closing.abort();
      if (threads === null) return;
      const piscina = await threads;
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeLimitMs);
      });
      await Promise.race([piscina.destroy(), limit]);
      clearTimeout(timer);
    },
  };
}

/** The pool's own failures, in our words; the function's errors pass. */
function translate(error: unknown, name: string): unknown {
  if (isCloneError(error)) return badMessage(error);
  if (codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY") return threadDied(name, "out_of_memory", error);
  if (error instanceof Error && /^(worker exited|Terminating worker)/.test(error.message)) {
    return threadDied(name, "crash", error);
  }
  // A thread that cannot send its answer dies, and what is reported of it is an empty object.
  if (!(error instanceof Error)) return badMessage(new Error(`The answer of "${name}" is no plain data.`));
  return error;
}

/** From a thread that died of it, the error comes as a plain one on Node 22, and only its stack says what it was. */
function isCloneError(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === "DataCloneError";
  return error instanceof Error && codeOf(error) === undefined && /^DataCloneError\b/.test(error.stack ?? "");
}

function threadDied(name: string, reason: string, cause: unknown): RuntimeError {
  const message = `The thread that ran "${name}" died (${reason}).`;
  return new RuntimeError("ACTOR_GONE", message, { cause, data: { reason } });
}

function closed(): RuntimeError {
  return new RuntimeError("ACTOR_GONE", "The pool is closed.", { data: { reason: "normal" } });
}

function tooMany(): RuntimeError {
  return new RuntimeError("MAILBOX_FULL", "Too many calls wait for a thread. Try again when some are done.");
}

function cancelled(name: string, signal: AbortSignal | undefined): RuntimeError {
  return new RuntimeError("CANCELLED", `The call of "${name}" was cancelled.`, { cause: signal?.reason });
}

function timedOut(name: string, deadlineMs: number): RuntimeError {
  return new RuntimeError("ASK_TIMEOUT", `"${name}" did not finish within ${deadlineMs} ms; its thread was ended.`);
}
