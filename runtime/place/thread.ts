// A host in a worker thread: messages on one channel, signals on another, control on the worker's own port.
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Envelope } from "../actor/envelope.ts";
import { badMessage } from "../actor/failures.ts";
import { controlEndpoint } from "./control.ts";
import { readLines } from "./lines.ts";
import type { HostExit, HostLink, LinkOptions } from "./link.ts";

/** What a worker thread is given at its start. */
export interface ThreadSetup {
  /** Says that this worker is a host (and not a thread of the pool, which shares the module). */
  host: true;
  realm: number;
  user: import("node:worker_threads").MessagePort;
  signal: import("node:worker_threads").MessagePort;
}

/** Room for what is young, in MiB. V8's own 48 are for throughput; a thread that turns messages into others keeps little. */
const youngMb = 6;

/** Starts a worker thread as a host. It gets no environment, and what it prints comes back as lines. */
export function openThread(options: LinkOptions): HostLink {
  const user = new MessageChannel();
  const signal = new MessageChannel();
  const setup: ThreadSetup = { host: true, realm: options.realm, user: user.port2, signal: signal.port2 };
  const worker = new Worker(options.entry, {
    workerData: setup,
    transferList: [user.port2, signal.port2],
    env: {},
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxYoungGenerationSizeMb: youngMb,
      ...(options.heapMb === undefined ? {} : { maxOldGenerationSizeMb: options.heapMb }),
    },
  });
  readLines(worker.stdout, (text) => options.line("stdout", text));
  readLines(worker.stderr, (text) => options.line("stderr", text));
  user.port1.on("message", options.receive);
  signal.port1.on("message", options.receive);

  let error: Error | null = null;
  worker.on("error", (thrown: unknown) => {
    error ??= asError(thrown);
  });
  const exited = new Promise<HostExit>((resolve) => {
    worker.on("exit", (code) => {
      // What was sent before the end still counts; the ports are read out before they are closed.
      for (const port of [user.port1, signal.port1]) {
        for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
          options.receive(next.message as Envelope);
        }
        port.close();
      }
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
        user.port1.postMessage(envelope);
      } catch (cause) {
        throw badMessage(cause);
      }
    },
    signal: (envelope) => signal.port1.postMessage(envelope),
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
