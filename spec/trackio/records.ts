// Trackio's records on disk, written by Python's own SQLite as Trackio does.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Json } from "../../actors/events.ts";
import program from "./records.py";

/** Whether this machine has a Python with SQLite. */
export function hasPython(): boolean {
  return spawnSync("python3", ["-c", "import sqlite3"]).status === 0;
}

/** A training that has logged something and goes on. */
export interface Writer {
  /** Ends it in order: its log is merged into the database. */
  close(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** Logs records; they are committed when this is done, and the database is still open. `old`: before runs had ids. */
export async function logRecords(path: string, records: Json[], layout: "new" | "old" = "new"): Promise<Writer> {
  mkdirSync(dirname(path), { recursive: true });
  const child = spawn("python3", ["-c", program, path, layout], { stdio: ["pipe", "pipe", "inherit"] });
  for (const record of records) child.stdin.write(`${JSON.stringify(record)}\n`);
  child.stdin.write("end\n");
  await Promise.race([once(child.stdout, "data"), failed(child)]);
  const ended = once(child, "close");
  return {
    async close() {
      child.stdin.end("\n");
      await ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The same, and closed. */
export async function keepRecords(path: string, records: Json[], layout?: "new" | "old"): Promise<void> {
  await (await logRecords(path, records, layout)).close();
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "close");
  throw new Error(`Python ended with ${code}`);
}

/** A training of so many steps whose loss falls from 1. */
export function training(run: string, steps: number, pace: number, more: Record<string, Json> = {}): Json[] {
  return Array.from({ length: steps }, (_, step) => ({
    run,
    step,
    metrics: { "train/loss": Number((1 / (1 + step * pace)).toFixed(6)) },
    ...more,
  }));
}
