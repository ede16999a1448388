// A worker thread that runs the host's entry and waits to be told which host it is.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Envelope } from "../actor/envelope.ts";

/** What a worker thread is given at its start. */
export interface ThreadSetup {
  /** Says that this worker is a host (and not a thread of the pool, which shares the module). */
  host: true;
  user: MessagePort;
  signal: MessagePort;
  /** A module that it will need, loaded while it waits; or null. */
  module: string | null;
}

/** The first message to a worker thread: which host it is, and what it must know before its first actor starts. */
export interface ThreadBeginning {
  realm: number;
  greeting: Envelope;
}

/** A worker thread that no host has yet, with our ends of its channels. */
export interface BareThread {
  readonly worker: Worker;
  readonly user: MessagePort;
  readonly signal: MessagePort;
  /** What it failed with. */
  error: unknown;
  hasExited: boolean;
}

/** Room for what is young, in MiB. V8's own 48 are for throughput; a thread that turns messages into others keeps little. */
const youngMb = 6;

/** Starts a worker thread. It gets no environment, and what it prints is for us to read. */
export function beginThread(entry: URL, heapMb?: number, module: URL | null = null): BareThread {
  const user = new MessageChannel();
  const signal = new MessageChannel();
  const setup: ThreadSetup = { host: true, user: user.port2, signal: signal.port2, module: module?.href ?? null };
  const worker = new Worker(entry, {
    workerData: setup,
    transferList: [user.port2, signal.port2],
    env: {},
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxYoungGenerationSizeMb: youngMb,
      ...(heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb }),
    },
  });
  const thread: BareThread = { worker, user: user.port1, signal: signal.port1, error: null, hasExited: false };
  worker.on("error", (thrown: unknown) => {
    thread.error ??= thrown;
  });
  worker.on("exit", () => {
    thread.hasExited = true;
  });
  return thread;
}
