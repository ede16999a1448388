// The name of a session.
import { statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../runtime/errors.ts";
import { journalOwner, openJournal } from "../../runtime/records.ts";
import { FrontError } from "../errors.ts";
import { oneLine } from "../text/neutralise.ts";
import type { Found } from "./find.ts";
import { refuseRunning, runningError } from "./running.ts";

const longestName = 80;

/**
 * Gives a session a name, which becomes a line of its journal. Its time stays: it was not used. Throws `SESSION_NAME`
 * for what could be taken for something else, `SESSION_RUNNING` while a process has it open.
 */
export function renameSession(session: Found, wanted: string): string {
  const name = oneLine(wanted, longestName).trim();
  if (name === "" || /^\d+$/.test(name) || name.includes("/") || /^[.~-]/.test(name)) {
    throw new FrontError(
      "SESSION_NAME",
      `"${name}" cannot be a name: it would be taken for a number, a path or an option.`,
      "A name has letters, no slash, and does not begin with a dot, a dash or a tilde.",
    );
  }
  refuseRunning(session, "renamed");
  const path = join(session.dir, "journal.jsonl");
  const { atime, mtime } = statSync(path);
  try {
    const journal = openJournal({ dir: session.dir });
    try {
      journal.append("session_renamed", { name }, { sync: true });
    } finally {
      journal.close();
    }
  } catch (error) {
    if (codeOf(error) === "LOCKED") throw runningError(session, "renamed", journalOwner(session.dir));
    throw error;
  }
  utimesSync(path, atime, mtime);
  return name;
}
