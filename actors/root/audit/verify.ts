// Whether a session's audit can be believed: its chain of hashes, and its agreement with the journal it was made from.
import { readFileSync } from "node:fs";
import { codeOf, readJournal } from "../../../runtime/index.ts";
import { type AuditEntry, entryOf, type PendingCalls, sha256 } from "./entry.ts";
import { auditPath, lineText, noLine, parseLine, splitLines } from "./file.ts";

/** What was found. */
export type AuditCheck =
  /**
   * The chain holds and says what the journal says. `missing`: decisions at the journal's end that are not in it yet;
   * after a crash the next opening of the session adds them.
   */
  | { state: "holds"; entries: number; missing: number }
  /** The session has no audit, and `missing` decisions that would be in one. */
  | { state: "absent"; missing: number }
  /** The line with this number, from 1, and why it cannot be believed. */
  | { state: "broken"; line: number; reason: string };

/** The entries that the journal says there must be. */
function* expected(dir: string): Generator<AuditEntry> {
  const pending: PendingCalls = new Map();
  for (const record of readJournal(dir)) {
    const entry = entryOf(record, pending);
    if (entry !== null) yield entry;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Checks the audit of the session in a folder; changes nothing. A torn last line is no fault: it was being written when
 * the program ended. Throws the platform's error when the files cannot be read.
 */
export function verifyAudit(dir: string): AuditCheck {
  const text = readText(auditPath(dir));
  const { lines } = splitLines(text ?? "");
  const entries = expected(dir);
  let prev = noLine;
  for (const [index, line] of lines.entries()) {
    const broken = (reason: string): AuditCheck => ({ state: "broken", line: index + 1, reason });
    const parsed = parseLine(line);
    if (parsed === null) return broken("it is no entry");
    if (parsed.prev !== prev) return broken("it does not follow from the line before");
    const entry = entries.next();
    if (entry.done) return broken("the journal knows no such decision");
    if (line !== lineText(entry.value, prev)) return broken("the journal says otherwise");
    prev = sha256(line);
  }
  let missing = 0;
  for (const _ of entries) missing += 1;
  return text === null ? { state: "absent", missing } : { state: "holds", entries: lines.length, missing };
}
