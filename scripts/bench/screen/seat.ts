// The program at a terminal, watched from outside: what is written to it, when, and what the process uses.
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { createEmulator } from "../../../spec/screen/cells/emulator.ts";
import { openPty, type PtyOptions } from "../../../spec/support/pty.ts";

/** Longest wait for anything, in milliseconds. */
const limitMs = 30_000;
/** Characters of one cell that nothing else writes: each key is one of its own, so that its echo is not mistaken. */
const alphabet = { first: 0x0400, count: 0x130 };
/** The question what the terminal is, and its answer. */
const question = "\u001b[c";
const attributes = "\u001b[?62;22c";
const clear = "\u001b[2J";
const frameEnd = "\u001b[?2026l";

/** The program while it is measured. */
export interface Watched {
  type(bytes: string): void;
  /** Milliseconds from the start to a text on the screen. Once only. */
  opened(text: string): Promise<number>;
  /** Milliseconds from the typing of something to the first output that has this text. */
  until(text: string, typed?: string): Promise<number>;
  /** Milliseconds from a key to its echo on the screen. */
  key(): Promise<number>;
  /** Milliseconds from another size of the terminal to the end of the frame that fills it. */
  resize(width: number, height: number): Promise<number>;
  /** Bytes written to the terminal so far. */
  readonly bytes: number;
  /** Resident memory in MiB, and the CPU that was used so far in milliseconds. */
  usage(): { mb: number; cpuMs: number };
  close(): Promise<void>;
}

/** Starts a command at a terminal. */
export function watch(command: readonly string[], options: PtyOptions): Watched {
  const pty = openPty(command, options);
  let written = Buffer.alloc(0);
  let bytes = 0;
  let waiting: { isThere: (text: Buffer) => boolean; seen: () => void } | null = null;
  let keys = 0;
  // What the first frames come to. Later ones are too many to be looked at without bending what is measured.
  let eyes: ReturnType<typeof createEmulator> | null = createEmulator(options.width, options.height);
  let looking = () => {};
  pty.onOutput((chunk) => {
    bytes += chunk.length;
    void eyes?.write(chunk.toString()).then(looking);
    if (chunk.includes(question)) pty.write(attributes);
    if (waiting === null) return;
    written = Buffer.concat([written, chunk]);
    const { isThere, seen } = waiting;
    if (!isThere(written)) return;
    waiting = null;
    seen();
  });

  /** Milliseconds until what is written from now on satisfies a condition. */
  async function untilThere(what: string, isThere: (text: Buffer) => boolean, act: () => void): Promise<number> {
    written = Buffer.alloc(0);
    const startedAt = performance.now();
    const seen = new Promise<void>((resolve) => {
      waiting = { isThere, seen: resolve };
    });
    act();
    const timer = new AbortController();
    const late = setTimeout(limitMs, "late", { signal: timer.signal }).catch(() => "");
    if ((await Promise.race([seen, late])) === "late")
      throw new Error(`${what} was not shown: ${written.toString().slice(-600)}`);
    timer.abort();
    return performance.now() - startedAt;
  }

  const until = (text: string, typed = "") =>
    untilThere(
      JSON.stringify(text),
      (all) => all.includes(text),
      () => {
        if (typed !== "") pty.write(typed);
      },
    );

  const startedAt = performance.now();
  return {
    type: pty.write,
    async opened(text) {
      const rows = () => Array.from({ length: options.height }, (_, y) => eyes?.line(y) ?? "").join("\n");
      const ms = await new Promise<number>((resolve, reject) => {
        void setTimeout(limitMs, null, { ref: false }).then(() => reject(new Error(`no "${text}" in:\n${rows()}`)));
        looking = () => {
          if (rows().includes(text)) resolve(performance.now() - startedAt);
        };
        looking();
      });
      looking = () => {};
      eyes?.close();
      eyes = null;
      return ms;
    },
    until,
    key() {
      const typed = String.fromCodePoint(alphabet.first + (keys++ % alphabet.count));
      return until(typed, typed);
    },
    resize(width, height) {
      // A frame for another size begins by clearing the screen.
      const isWhole = (all: Buffer) => all.lastIndexOf(frameEnd) > all.indexOf(clear) && all.includes(clear);
      return untilThere(`a frame of ${width}x${height}`, isWhole, () => pty.resize(width, height));
    },
    get bytes() {
      return bytes;
    },
    usage() {
      const status = readFileSync(`/proc/${pty.pid()}/status`, "utf8");
      const stat = readFileSync(`/proc/${pty.pid()}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const ticks = Number(fields[11]) + Number(fields[12]);
      return { mb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024, cpuMs: ticks * 10 };
    },
    async close() {
      try {
        process.kill(pty.pid(), "SIGTERM");
      } catch {
        // It is gone.
      }
      const timer = new AbortController();
      await Promise.race([pty.ended, setTimeout(5_000, null, { signal: timer.signal }).catch(() => null)]);
      timer.abort();
      pty.close();
    },
  };
}
