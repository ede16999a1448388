// The audit: every decision about a call, who took it and by which rule, in a file of its own that shows when it was
// tampered with. It follows the journal, so after any end it is brought up to date from there.
import type { Journal, JournalRecord } from "../../../runtime/records.ts";
import { type AuditEntry, entryOf, type PendingCalls, recall, sha256 } from "./entry.ts";
import { type AuditFile, auditPath, lineText, noLine, openAuditFile, parseLine, splitLines } from "./file.ts";

/** An open audit. */
export interface Audit {
  /** Takes an event of the journal, right after it was appended. Never throws. */
  observe(event: JournalRecord): void;
  close(): void;
}

/** A state of the audit that the user should know of: it has gaps for now, or its file is not as it was left. */
export interface AuditTrouble {
  code: "AUDIT_NOT_WRITABLE" | "AUDIT_CHANGED";
  message: string;
  hint: string;
}

const decisions = new Set(["tool_call", "tool_state_change", "call_edited", "rule_added", "budget_changed"]);

/** Where the file stands. */
interface Position {
  file: AuditFile;
  /** Seq up to which the journal is in the file. */
  seq: number;
  /** Hash of the last line. */
  prev: string;
  pending: PendingCalls;
}

/** What is in the file, checked and with its torn end cut off. */
function takeUp(file: AuditFile, journalSeq: number): { position: Position; changed: string | null } {
  const found = file.read();
  const { lines, rest } = splitLines(found);
  const position: Position = { file, seq: 0, prev: noLine, pending: new Map() };
  let changed: string | null = null;
  let bytes = 0;
  for (const [index, text] of lines.entries()) {
    const line = parseLine(text);
    if (line === null || line.prev !== position.prev || line.seq <= position.seq) {
      changed ??= `line ${index + 1} does not follow from the line before`;
    }
    // A journal that lost its newest lines with the machine numbers others like them: those in here are void.
    if (line !== null && line.seq > journalSeq) {
      changed ??= `line ${index + 1} and those after it are about events that the session's journal has lost; they were removed`;
      break;
    }
    bytes += Buffer.byteLength(text) + 1;
    position.prev = sha256(text);
    if (line === null) continue;
    position.seq = Math.max(position.seq, line.seq);
    recall(line, position.pending);
  }
  if (rest !== "" || bytes < Buffer.byteLength(found)) file.cut(bytes);
  return { position, changed };
}

/**
 * Opens the audit of the session in a folder and brings it up to date. It never throws: what goes wrong is told to
 * `report`, once for each time that it begins, and the entries that are missing are written as soon as that works.
 */
export function openAudit(
  dir: string,
  journal: Pick<Journal, "seq" | "read">,
  report: (trouble: AuditTrouble) => void,
): Audit {
  const path = auditPath(dir);
  let position: Position | null = null;
  let behind = true;
  let failing = false;
  let told = false;
  let closed = false;

  function open(): Position {
    const file = openAuditFile(path);
    try {
      const taken = takeUp(file, journal.seq);
      if (taken.changed !== null && !told) report(changedTrouble(path, taken.changed));
      told ||= taken.changed !== null;
      return taken.position;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  function write(at: Position, record: JournalRecord): void {
    const entry: AuditEntry | null = entryOf(record, at.pending);
    if (entry !== null) {
      const line = lineText(entry, at.prev);
      at.file.append(line);
      at.prev = sha256(line);
    }
    at.seq = record.seq;
  }

  function follow(event: JournalRecord | null): void {
    position ??= open();
    if (!behind && event !== null) {
      write(position, event);
      return;
    }
    for (const record of journal.read(position.seq + 1)) write(position, record);
    behind = false;
    failing = false;
  }

  function attempt(event: JournalRecord | null): void {
    try {
      follow(event);
    } catch (error) {
      // Entries are made anew from the file and the journal, so that nothing is missed or said twice.
      behind = true;
      letGo();
      if (!failing) report(writeTrouble(path, error));
      failing = true;
    }
  }

  function letGo(): void {
    try {
      position?.file.close();
    } catch {
      // There is nothing more to save in it.
    }
    position = null;
  }

  attempt(null);
  return {
    observe(event) {
      if (closed || !decisions.has(event.type)) return;
      if (position !== null && event.seq <= position.seq) return;
      attempt(event);
    },
    close() {
      if (!closed) letGo();
      closed = true;
    },
  };
}

function writeTrouble(path: string, error: unknown): AuditTrouble {
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: "AUDIT_NOT_WRITABLE",
    message: `The record of approvals ${path} cannot be written: ${why}`,
    hint: "The session goes on; what is missing there is added from its journal as soon as the file can be written.",
  };
}

function changedTrouble(path: string, what: string): AuditTrouble {
  return {
    code: "AUDIT_CHANGED",
    message: `The record of approvals ${path} is not as this program left it: ${what}.`,
    hint: "The session's journal beside it says what was decided.",
  };
}
