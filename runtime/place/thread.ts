// A host in a worker thread: messages on one channel, signals on another, control on the worker's own port.
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { receiveMessageOnPort } from "node:worker_threads";
import type { Envelope } from "../actor/envelope.ts";
import { badMessage } from "../actor/failures.ts";
import { beginThread, type ThreadBeginning } from "./bare-thread.ts";
import { controlEndpoint } from "./control.ts";
import { readLines } from "./lines.ts";
import type { HostExit, HostLink, LinkOptions } from "./link.ts";
import { takeSpare } from "./spare.ts";

/** Makes a worker thread a host: one that was begun ahead, or a new one. What it prints comes back as lines. */
export function openThread(options: LinkOptions): HostLink {
  const ahead = options.heapMb === undefined ? takeSpare(options.entry) : null;
  const thread = ahead ?? beginThread(options.entry, options.heapMb);
  const { worker, user, signal } = thread;
  worker.postMessage({ realm: options.realm, greeting: options.greeting } satisfies ThreadBeginning);
  readLines(worker.stdout, (text) => options.line("stdout", text));
  readLines(worker.stderr, (text) => options.line("stderr", text));
  user.on("message", options.receive);
  signal.on("message", options.receive);

  const exited = new Promise<HostExit>((resolve) => {
    worker.on("exit", (code) => {
      // What was sent before the end still counts; the ports are read out before they are closed.
      for (const port of [user, signal]) {
        for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
          options.receive(next.message as Envelope);
        }
        port.close();
      }
      const error = thread.error === null ? null : asError(thread.error);
      resolve({ code, error, outOfMemory: isOutOfMemory(error) });
    });
  });

  let last: EventLoopUtilization | undefined;
  return {
    control: controlEndpoint(
      (message) => worker.postMessage(message),
      (listener) => {
        worker.on("message", listener);
        return () => worker.off("message", listener);
      },
    ),
    post(envelope) {
      try {
        user.postMessage(envelope);
      } catch (cause) {
        throw badMessage(cause);
      }
    },
    signal: (envelope) => signal.postMessage(envelope),
    terminate() {
      // Rejects never, and resolves with the exit that is listened for above.
      void worker.terminate();
    },
    busyShare() {
      const now = worker.performance.eventLoopUtilization();
      const share = last === undefined ? 0 : performance.eventLoopUtilization(now, last).utilization;
      last = now;
      return share;
    },
    exited,
  };
}

/** What a worker reports need not be an error: something else that was thrown comes as text or as an empty object. */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === "string" ? thrown : "The thread failed with something that cannot be sent.");
}

function isOutOfMemory(error: Error | null): boolean {
  return error !== null && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
