// Finding sessions: all of them, the newest of a folder, the one an id's beginning means.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DurableEvents } from "../../actors/events.ts";
import type { ToolRuntime } from "../../actors/tools/protocol.ts";
import { readFirst } from "../../runtime/records.ts";
import { FrontError } from "../errors.ts";

/** A session's folder. */
export interface Found {
  id: string;
  dir: string;
  /** Milliseconds since 1970 of the last line of its journal. */
  updatedAt: number;
}

/** Every session under a state folder, newest first. Looks at names and times only. */
export function findSessions(stateDir: string): Found[] {
  const parent = join(stateDir, "sessions");
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return [];
  }
  const found = names.flatMap((id): Found[] => {
    // What is being made or removed is not a session yet, or no longer.
    if (id.startsWith(".")) return [];
    const dir = join(parent, id);
    try {
      const journal = statSync(join(dir, "journal.jsonl"), { throwIfNoEntry: false });
      return journal?.isFile() ? [{ id, dir, updatedAt: journal.mtimeMs }] : [];
    } catch {
      // Not ours to look into: the others still count.
      return [];
    }
  });
  // Ids begin with the time, so they order sessions that were written in the same instant.
  return found.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1));
}

/** What stands at the beginning of a session's journal; null: it has none. */
function beginningOf(sessionDir: string): Partial<DurableEvents["session_started"]> | null {
  const first = readFirst(sessionDir);
  return first?.type === "session_started" ? (first.data as Partial<DurableEvents["session_started"]> | null) : null;
}

/** The folder that a session works in, or null when its journal has no beginning. */
export function folderOf(sessionDir: string): string | null {
  const cwd = beginningOf(sessionDir)?.cwd;
  return typeof cwd === "string" ? cwd : null;
}

/** Where the tools of a session work. A session keeps that. */
export function runtimeOf(sessionDir: string): ToolRuntime {
  return beginningOf(sessionDir)?.tool_runtime === "sandbox" ? "sandbox" : "local";
}

/** The newest session of a folder. Throws a `FrontError` when it has none. */
export function newestIn(stateDir: string, cwd: string): Found {
  const found = findSessions(stateDir).find((session) => folderOf(session.dir) === cwd);
  if (found !== undefined) return found;
  throw new FrontError(
    "SESSION_NONE",
    `There is no session to continue in ${cwd}.`,
    'Start one with: ml-intern "prompt". All sessions: ml-intern sessions',
  );
}
