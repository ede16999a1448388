// Where observations go: a file of JSON lines, or several taps at once. Never the terminal.
import { closeSync, fchmodSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { encodeError } from "./actor/codec.ts";
import type { Inspection, Tap } from "./actor/types.ts";

type Level = "debug" | "info" | "warn" | "error";

const rank: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface FileLogOptions {
  /** Less serious observations are left out. Messages and answers are `debug`. Default `info`. */
  level?: Level;
  /** Takes out of a line what must not be in a file that people send around. */
  redact?: (line: string) => string;
  /** At this size the file is put aside as `<path>.1`, in place of an older one. Default 16 MiB. */
  maxBytes?: number;
}

/**
 * A tap that appends observations to a file (mode 0600), one JSON object a line. Throws the platform's error when the
 * file cannot be opened; a write that fails later is left out, since a log is no reason to stop.
 */
export function createFileLog(path: string, options: FileLogOptions = {}): Tap {
  const least = rank[options.level ?? "info"];
  const redact = options.redact ?? ((line: string) => line);
  const maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
  let file = open(path);
  let bytes = fstatSync(file).size;

  return (observation) => {
    const level = levelOf(observation);
    if (rank[level] < least) return;
    try {
      bytes += writeSync(file, `${redact(toLine(observation, level))}\n`);
      if (bytes < maxBytes) return;
      renameSync(path, `${path}.1`);
      file = reopen(path, file);
      bytes = 0;
    } catch {
      // A full disk, say. What matters is in the journal, whose errors are not ignored.
    }
  };
}

/** Hands each observation to several taps, in order. */
export function combineTaps(...taps: readonly Tap[]): Tap {
  return (observation) => {
    for (const tap of taps) tap(observation);
  };
}

function open(path: string): number {
  const file = openSync(path, "a", 0o600);
  fchmodSync(file, 0o600);
  return file;
}

function reopen(path: string, old: number): number {
  const file = open(path);
  closeSync(old);
  return file;
}

function levelOf(observation: Inspection): Level {
  switch (observation.kind) {
    case "log":
      return observation.level;
    case "message":
    case "reply":
      return "debug";
    case "stopped":
      return observation.reason === "normal" ? "info" : "warn";
    case "restarting":
      return "warn";
    case "escalated":
    case "zombie":
      return "error";
    default:
      return "info";
  }
}

function toLine(observation: Inspection, level: Level): string {
  const line = { ts: Date.now(), level, ...observation };
  return JSON.stringify(line, (_key, value: unknown) => (value instanceof Error ? encodeError(value) : value));
}
