import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A place in memory where there is one: for specs that sync some hundred times. */
export const quickPlace = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Runs a spec with a fresh folder that is gone afterwards. */
export async function withFolder(use: (dir: string) => void | Promise<void>, place = tmpdir()): Promise<void> {
  const dir = mkdtempSync(join(place, "journal-"));
  try {
    await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A seeded source of numbers in [0, 1) (mulberry32), so that a failure can be run again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The lines of a journal file as they are on the disk. */
export function linesOf(dir: string): string[] {
  return readFileSync(join(dir, "journal.jsonl"), "utf8").split("\n").slice(0, -1);
}

/** Leaves the lock of a process that is not there (any more) in a folder. */
export function leaveLock(dir: string, epoch: number, owner: unknown): void {
  mkdirSync(join(dir, "lock"), { recursive: true });
  writeFileSync(join(dir, "lock", String(epoch)), JSON.stringify(owner));
}

/** A process that works on a journal; see journal-child.entry.ts. */
export interface Child {
  process: ChildProcess;
  /** Lines of its output, in order. */
  lines: AsyncIterableIterator<string>;
  send(line: string): void;
  /** Ends it and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** The command line of the helper process. */
export function childCommand(...args: string[]): string[] {
  return [process.execPath, fileURLToPath(new URL("./journal-child.js", import.meta.url)), ...args];
}

/** Starts a command whose output is lines. */
export function start(command: string[]): Child {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  child.stdin.on("error", () => undefined);
  return {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    send: (line) => void child.stdin.write(`${line}\n`),
    async end(signal = "SIGKILL") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
      child.stdin.destroy();
      child.stdout.destroy();
    },
  };
}

/** The next line of a child; fails when it ends instead. */
export async function nextLine(child: Child): Promise<string> {
  const step = await child.lines.next();
  if (step.done) throw new Error("the process ended without another line");
  return step.value;
}
