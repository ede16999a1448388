// Makes a session whole or not at all: its folder gets its name only once everything is in it and on the disk.
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../runtime/errors.ts";
import { type Journal, openJournal } from "../../runtime/records.ts";

/** Where a session is being built. */
export interface Building {
  journal: Journal;
  /** The folder as it is now, and as it will be. */
  dir: string;
  finalDir: string;
  /** Sets the time of what is appended next, in milliseconds since 1970. */
  at(ts: number): void;
}

/** Whether a session with this id is there. */
export function sessionExists(stateDir: string, id: string): boolean {
  return statSync(join(stateDir, "sessions", id), { throwIfNoEntry: false }) !== undefined;
}

/**
 * Builds a session and returns its folder, or null when another of this id came to be meanwhile. What `fill` throws is
 * passed on, and nothing is left behind.
 */
export function buildSession(stateDir: string, id: string, fill: (building: Building) => void): string | null {
  const parent = join(stateDir, "sessions");
  const dir = join(parent, `.${id}-${process.pid}`);
  const finalDir = join(parent, id);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  rmSync(dir, { recursive: true, force: true });
  try {
    let ts = Date.now();
    const journal = openJournal({ dir, syncEveryMs: 0, now: () => ts });
    try {
      fill({
        journal,
        dir,
        finalDir,
        at(time) {
          ts = time;
        },
      });
    } finally {
      journal.close();
    }
    renameSync(dir, finalDir);
    return finalDir;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOTEMPTY" || code === "EEXIST") return null;
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
