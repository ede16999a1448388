// The one entry of worker threads and child processes. It decides from how it was started which of them it is.
import { isMainThread, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { encodeError } from "../actor/codec.ts";
import type { Envelope } from "../actor/envelope.ts";
import { badMessage } from "../actor/failures.ts";
import type { ThreadBeginning, ThreadSetup } from "./bare-thread.ts";
import { controlEndpoint, exposeControl } from "./control.ts";
import { createHosting } from "./hosting.ts";
import type { Frame } from "./process.ts";

export { runPooled } from "./pooled.ts";

function hostInThread(setup: ThreadSetup, port: NonNullable<typeof parentPort>): void {
  port.once("message", (beginning: ThreadBeginning) => beginHost(setup, port, beginning));
  // A module that cannot be loaded fails again, and for somebody, when the actor that it belongs to is started.
  if (setup.module !== null) import(setup.module).catch(() => undefined);
}

function beginHost({ user, signal }: ThreadSetup, port: NonNullable<typeof parentPort>, told: ThreadBeginning): void {
  const poll = () => {
    for (let next = receiveMessageOnPort(signal); next !== undefined; next = receiveMessageOnPort(signal)) {
      hosting.receive(next.message as Envelope);
    }
  };
  const hosting = createHosting({
    realm: told.realm,
    post: (envelope) => {
      try {
        user.postMessage(envelope);
      } catch (cause) {
        throw badMessage(cause);
      }
    },
    signal: (envelope) => signal.postMessage(envelope),
    poll,
  });
  // Which actors there are must be known before the first of them starts.
  hosting.receive(told.greeting);
  signal.on("message", hosting.receive);
  user.on("message", hosting.receive);
  const endpoint = controlEndpoint(
    (message) => port.postMessage(message),
    (listener) => {
      port.on("message", listener);
      return () => port.off("message", listener);
    },
  );
  exposeControl(hosting.control, endpoint);
}

function hostInProcess(realm: number): void {
  const controls = new Set<(message: unknown) => void>();
  function send(frame: Frame, sent?: () => void): void {
    try {
      process.send?.(frame, undefined, undefined, sent ?? (() => undefined));
    } catch (cause) {
      throw badMessage(cause);
    }
  }
  const post = (envelope: Envelope) => send({ lane: "user", envelope });
  const hosting = createHosting({ realm, post, signal: post });
  process.on("message", (raw) => {
    const frame = raw as Frame;
    if (frame.lane === "user") hosting.receive(frame.envelope);
    else if (frame.lane === "control") for (const listener of controls) listener(frame.message);
    else if (frame.lane === "ping") send({ lane: "ping" });
  });
  // The system has gone, and this process goes with it.
  process.on("disconnect", () => process.exit(0));
  process.on("uncaughtException", (error) => {
    send({ lane: "fatal", error: encodeError(error) }, () => process.exit(1));
  });
  const endpoint = controlEndpoint(
    (message) => send({ lane: "control", message }),
    (listener) => {
      controls.add(listener);
      return () => controls.delete(listener);
    },
  );
  exposeControl(hosting.control, endpoint);
}

/** A pool's thread would print to the terminal; what a pure function or a package prints there is of no use. */
function hush(): void {
  process.stdout.write = () => true;
  process.stderr.write = () => true;
}

const realmFlag = process.argv.find((argument) => argument.startsWith("--host-realm="));
if (!isMainThread && parentPort !== null && workerData?.host === true) hostInThread(workerData, parentPort);
else if (isMainThread && realmFlag !== undefined) hostInProcess(Number(realmFlag.split("=")[1]));
else if (!isMainThread) hush();
