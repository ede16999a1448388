// The lines that were typed, kept across sessions in a file of the user's alone.
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Lines that are kept, and characters of the longest. */
const keptLines = 1_000;
const longestLine = 4_000;

/** What was typed before. */
export interface History {
  readonly newestFirst: readonly string[];
  readonly size: number;
  /** Keeps a line, unless it begins with a space. */
  add(line: string): void;
}

/** Reads the file, and shortens it when it has grown. A history that cannot be read or written is done without. */
export function openHistory(path: string): History {
  const lines = readLines(path);
  const kept = lines.slice(-keptLines);
  if (lines.length > keptLines * 2) shorten(path, kept);
  return {
    newestFirst: [...new Set(kept.toReversed())],
    size: keptLines,
    add(line) {
      if (/^\s|^$/.test(line) || line.length > longestLine || /[\r\n]/.test(line)) return;
      try {
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
      } catch {
        // It is a convenience.
      }
    },
  };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

function shorten(path: string, kept: readonly string[]): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    writeFileSync(draft, `${kept.join("\n")}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}
