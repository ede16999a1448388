// A host in a child process: everything on one channel, in order; signals are acted on as they arrive.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { decodeError, type EncodedError } from "../actor/codec.ts";
import type { Envelope } from "../actor/envelope.ts";
import { badMessage } from "../actor/failures.ts";
import { controlEndpoint } from "./control.ts";
import { readLines } from "./lines.ts";
import type { HostExit, HostLink, LinkOptions } from "./link.ts";

/** What travels between the system and a host process. */
export type Frame =
  | { lane: "control"; message: unknown }
  | { lane: "user"; envelope: Envelope }
  | { lane: "fatal"; error: EncodedError }
  | { lane: "ping" };

/** After an exit, milliseconds to wait for the rest of what was sent; a stopped pipe must not hold up a restart. */
const drainMs = 200;

/** Starts a child process as a host. It gets no environment, and what it prints comes back as lines. */
export function openProcess(options: LinkOptions): HostLink {
  const child = fork(fileURLToPath(options.entry), [`--host-realm=${options.realm}`], {
    serialization: "advanced",
    env: {},
    execArgv: options.heapMb === undefined ? [] : [`--max-old-space-size=${options.heapMb}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let outOfMemory = false;
  readLines(child.stdout, (text) => options.line("stdout", text));
  readLines(child.stderr, (text) => {
    // The engine's own words when it gives up.
    if (text.includes("JavaScript heap out of memory")) outOfMemory = true;
    options.line("stderr", text);
  });

  const controls = new Set<(message: unknown) => void>();
  let error: Error | null = null;
  let ping: "none" | "sent" | "answered" = "none";
  child.on("message", (raw) => {
    const frame = raw as Frame;
    if (frame.lane === "user") options.receive(frame.envelope);
    else if (frame.lane === "control") for (const listener of controls) listener(frame.message);
    else if (frame.lane === "fatal") error ??= decodeError(frame.error);
    else ping = "answered";
  });
  child.on("error", (cause) => {
    error ??= cause;
  });

  function send(frame: Frame): void {
    if (!child.connected) return;
    try {
      // A channel that breaks while this is on its way ends the host; there is nothing to do about it here.
      child.send(frame, () => undefined);
    } catch (cause) {
      throw badMessage(cause);
    }
  }

  send({ lane: "user", envelope: options.greeting });
  return {
    control: controlEndpoint(
      (message) => send({ lane: "control", message }),
      (listener) => {
        controls.add(listener);
        return () => controls.delete(listener);
      },
    ),
    post: (envelope) => send({ lane: "user", envelope }),
    signal: (envelope) => send({ lane: "user", envelope }),
    terminate() {
      child.kill("SIGKILL");
    },
    busyShare() {
      const share = ping === "sent" ? 1 : 0;
      if (ping !== "sent") {
        ping = "sent";
        send({ lane: "ping" });
      }
      return share;
    },
    exited: exitOf(child, () => ({ error, outOfMemory })),
  };
}

/** Resolves when the process has ended and its channel and output have been read. */
function exitOf(child: ChildProcess, more: () => Pick<HostExit, "error" | "outOfMemory">): Promise<HostExit> {
  return new Promise((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      const { error, outOfMemory } = more();
      const died = signal === null ? null : new Error(`The process was ended by ${signal}.`);
      resolve({ code, error: error ?? died, outOfMemory });
    };
    child.on("exit", (code, signal) => {
      const timer = setTimeout(finish, drainMs, code, signal);
      child.once("close", () => {
        clearTimeout(timer);
        finish(code, signal);
      });
    });
    // No process at all: neither exit nor close will come.
    child.on("error", () => {
      if (child.pid === undefined) finish(null, null);
    });
  });
}
