// Everything that is to be known of a session at a glance, gathered in one pass over its journal.
import { statSync } from "node:fs";
import { join } from "node:path";
import { type AuditCheck, verifyAudit } from "../../actors/root/audit/verify.ts";
import { type Asked, outline } from "../../actors/traces/outline.ts";
import { type JournalRecord, readJournal } from "../../runtime/records.ts";
import { createGatherer, type Gathered } from "./gather.ts";
import { rawLines } from "./lines.ts";
import { type SessionSummary, summarise } from "./summary.ts";

/** A session as `show` tells it. Members are named as programs get them. */
export interface Facts extends SessionSummary, Gathered {
  dir: string;
  bytes: number;
  /** The user's messages that stand, numbered from 1 as `fork --at` counts them. */
  messages: (Asked & { number: number })[];
  undone_turns: number;
  waiting_messages: number;
  /** Whether the file of decisions can be believed. */
  audit_file: AuditCheck;
}

/** Gathers the facts of a session. Throws the platform's error when its journal cannot be read. */
export function factsOf(sessionDir: string): Facts {
  const gathered = createGatherer();
  const { asked, undone, waiting, seq } = outline(seen(readJournal(sessionDir), gathered.take));
  const { audit, ...rest } = gathered.facts();
  const journal = join(sessionDir, "journal.jsonl");
  const bytes = statSync(journal).size;
  return {
    ...summarise(sessionDir),
    dir: sessionDir,
    bytes,
    ...rest,
    messages: asked.map((one, index) => ({ number: index + 1, ...one })),
    undone_turns: undone.size,
    waiting_messages: waiting,
    audit_file: verifyAudit(sessionDir),
    audit: { ...audit, records: seq, unread_bytes: bytes - endOf(journal, seq) },
  };
}

function* seen(
  records: Iterable<JournalRecord>,
  take: (record: JournalRecord) => void,
): Generator<JournalRecord, void> {
  for (const record of records) {
    take(record);
    yield record;
  }
}

/** Where in the file the n-th line ends. */
function endOf(journal: string, lines: number): number {
  let count = 0;
  let end = 0;
  for (const { offset, bytes } of rawLines(journal, 0)) {
    if (count === lines) break;
    count += 1;
    end = offset + bytes.length + 1;
  }
  return end;
}
