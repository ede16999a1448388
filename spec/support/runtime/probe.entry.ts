// The actor of the runtime's specs: it does what a message says, at whatever place it runs.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { type ActorContext, type Behaviour, createPool, type MessageContext } from "../../../runtime/index.ts";
import type { ProbeArgs, ProbeProtocol } from "./probe-protocol.ts";

export default async function probe(args: ProbeArgs, context: ActorContext): Promise<Behaviour<ProbeProtocol>> {
  const notes: string[] = [];
  let asleep = 0;
  let peak = 0;
  if (args.boot === "throw") throw new Error("does not start");
  if (args.boot !== undefined) await sleep(args.boot);

  return {
    tells: {
      note: (text) => {
        notes.push(text);
      },
      slowNote: async ({ text, ms }) => {
        await sleep(ms);
        notes.push(text);
      },
      fail: (text) => {
        throw Object.assign(new Error(text), { code: "PROBE_FAILED" });
      },
      failLater: async (text) => {
        await sleep(1);
        throw new Error(text);
      },
      relay: ({ to, text }) => {
        context.ref<ProbeProtocol>(to).tell("note", text);
      },
    },
    asks: {
      echo: (body) => body,
      args: () => args,
      epoch: () => context.epoch,
      notes: () => notes,
      fail: () => {
        const cause = Object.assign(new RangeError("too far"), { code: "RANGE" });
        throw Object.assign(new TypeError("wrong", { cause }), {
          code: "PROBE_FAILED",
          data: { line: 7, seen: ["a", null] },
          hint: "Do it right.",
          handler: () => undefined,
        });
      },
      throwValue: (value) => {
        throw value;
      },
      count: async (steps, message) => {
        for (let step = 1; step <= steps; step++) {
          message.progress({ step });
          if (step % 2 === 0) await sleep(1);
        }
        return steps;
      },
      wait: (_, message) => {
        message.progress("waiting");
        return untilAborted(message, () => notes.push(`aborted ${message.signal.reason.code}`));
      },
      hold: (_, message) => {
        message.progress("holding");
        return untilAborted(message, () => undefined);
      },
      sleep: async (ms, message) => {
        message.progress("asleep");
        asleep++;
        peak = Math.max(peak, asleep);
        await sleep(ms);
        asleep--;
        return "slept";
      },
      answerFunction: () => () => undefined,
      ask: async ({ to, type, body, deadlineMs }) => {
        try {
          const ask = context.ref<ProbeProtocol>(to).ask as (...rest: unknown[]) => Promise<unknown>;
          return { answer: await ask(type, body, { deadlineMs }) };
        } catch (error) {
          return { code: String((error as { code?: unknown }).code) };
        }
      },
      flood: ({ to, count, ms }) => {
        const ref = context.ref<ProbeProtocol>(to);
        let taken = 0;
        for (let index = 0; index < count; index++) {
          const text = `flood ${index}`;
          if (ms === 0 ? ref.tell("note", text) : ref.tell("slowNote", { text, ms })) taken++;
        }
        return taken;
      },
      peak: () => peak,
      timer: ({ ms, key, text }) => {
        context.after(ms, key, () => notes.push(text));
        return null;
      },
      cancelTimer: (key) => {
        context.cancelTimer(key);
        return null;
      },
      timerThrow: () => {
        context.after(1, "throw", () => {
          throw new Error("timer failed");
        });
        return null;
      },
      exit: (code) => process.exit(code),
      reject: async () => {
        void Promise.reject(Object.assign(new Error("nobody looks"), { code: "STRAY" }));
        await sleep(5_000);
        return null;
      },
      fillHeap: async () => {
        // Many small objects with turns of the loop between them: the shape that a thread survives as an error.
        const kept: unknown[] = [];
        for (;;) {
          for (let index = 0; index < 1_000; index++) kept.push({ index, text: `object ${index}`, kept: [index] });
          await sleep(0);
        }
      },
      spin: (ms) => {
        const end = Date.now() + ms;
        while (Date.now() < end);
        return null;
      },
      readFile: (path) => {
        readFileSync(path);
        return null;
      },
      signalSelf: async (signal) => {
        process.kill(process.pid, signal);
        await sleep(5_000);
        return null;
      },
      print: (text) => {
        process.stdout.write(`${text} out\n`);
        process.stderr.write(`${text} err\n`);
        return null;
      },
      environment: () => Object.keys(process.env),
      where: () => ({ pid: process.pid, thread: threadId }),
      log: (text) => {
        context.log("info", text, { at: new Date(0), error: new Error("logged") });
        return null;
      },
      pooled: async (value) => {
        const pool = createPool({ entry: new URL("./runtime-pool.js", import.meta.url), maxThreads: 1 });
        try {
          return await pool.run("double", value, { deadlineMs: 5_000 });
        } finally {
          await pool.close();
        }
      },
    },
    stop: async () => {
      if (args.stopMs !== undefined) await sleep(args.stopMs, undefined, { ref: false });
    },
  };
}

function untilAborted(message: MessageContext, onAbort: () => void): Promise<never> {
  return new Promise((_, reject) => {
    message.signal.addEventListener("abort", () => {
      onAbort();
      reject(message.signal.reason);
    });
  });
}
