// What lists say of a session, kept beside its journal with the place up to which it was read: the next look reads only
// what has been added since. The journal is the truth; a digest that does not fit to it is made anew.
import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DurableType } from "../../actors/events.ts";
import { dataOf, textOf } from "../../actors/traces/record.ts";
import { type JournalRecord, readJournal } from "../../runtime/records.ts";
import { headOf, rawLines } from "./lines.ts";

/** What is known of a journal up to an offset. */
export interface Digest {
  /** Bytes that were read, up to the end of a line. */
  offset: number;
  /** The beginning of the last line that was read, and where it is: whether this is still the same journal. */
  last: { at: number; head: string };
  cwd: string | null;
  createdAt: number | null;
  model: string | null;
  turns: number;
  state: string;
  name: string | null;
  firstPrompt: string | null;
}

/** Changes with the meaning of a digest's members. */
const version = 1;
/** Reading this much anew is no dearer than keeping a file. */
const worthKeeping = 64 * 1024;
const headBytes = 96;
const promptChars = 1000;

const empty: Digest = {
  offset: 0,
  last: { at: 0, head: "" },
  cwd: null,
  createdAt: null,
  model: null,
  turns: 0,
  state: "empty",
  name: null,
  firstPrompt: null,
};

const wanted: ReadonlySet<string> = new Set<DurableType>([
  "session_started",
  "history_imported",
  "model_changed",
  "llm_started",
  "user_message",
  "processing",
  "turn_complete",
  "interrupted",
  "error",
  "session_terminated",
  "session_renamed",
]);

/** Digests the journal of a session's folder. Throws the platform's error when it cannot be read. */
export function digestOf(sessionDir: string): Digest {
  const journal = join(sessionDir, "journal.jsonl");
  const kept = load(sessionDir, journal);
  const digest = { ...(kept ?? empty), last: { ...(kept ?? empty).last } };
  for (const { offset, bytes } of rawLines(journal, digest.offset)) {
    const head = headOf(bytes);
    if (head === null) break;
    if (wanted.has(head.type)) take(digest, bytes, sessionDir);
    digest.offset = offset + bytes.length + 1;
    digest.last.at = offset;
  }
  if (digest.offset !== kept?.offset) digest.last.head = headAt(journal, digest.last.at);
  if (digest.offset - (kept?.offset ?? 0) > worthKeeping) keep(sessionDir, digest);
  return digest;
}

function take(digest: Digest, bytes: Buffer, sessionDir: string): void {
  let record: JournalRecord;
  try {
    record = JSON.parse(bytes.toString("utf8")) as JournalRecord;
  } catch {
    return;
  }
  switch (record.type as DurableType) {
    case "session_started":
      digest.cwd = textOf(dataOf<"session_started">(record).cwd);
      digest.createdAt = record.ts;
      digest.model = textOf(dataOf<"session_started">(record).model);
      break;
    case "history_imported":
      digest.state = "imported";
      digest.firstPrompt ??= firstPrompt(sessionDir);
      break;
    case "model_changed":
    case "llm_started":
      digest.model = textOf(dataOf<"model_changed">(record).model) ?? digest.model;
      break;
    case "user_message":
      digest.state = "unfinished";
      digest.firstPrompt ??= firstPrompt(sessionDir);
      break;
    case "processing":
      digest.state = "unfinished";
      digest.turns = Number(dataOf<"processing">(record).turn ?? 0);
      break;
    case "turn_complete":
      digest.state = textOf(dataOf<"turn_complete">(record).reason) ?? digest.state;
      break;
    case "interrupted":
    case "error":
      digest.state = record.type;
      break;
    case "session_terminated":
      digest.state = "terminated";
      break;
    case "session_renamed":
      digest.name = textOf(dataOf<"session_renamed">(record).name);
  }
}

/** The first words of the user; long ones lie outside of the line, so the journal is read as what it is. */
function firstPrompt(sessionDir: string): string | null {
  for (const record of readJournal(sessionDir)) {
    if (record.type === "user_message")
      return textOf(dataOf<"user_message">(record).content)?.slice(0, promptChars) ?? null;
    if (record.type !== "history_imported") continue;
    const { messages } = dataOf<"history_imported">(record);
    const first = Array.isArray(messages) ? messages.find((message) => message?.role === "user") : undefined;
    if (first?.role === "user") return textOf(first.text)?.slice(0, promptChars) ?? null;
  }
  return null;
}

const digestPath = (sessionDir: string): string => join(sessionDir, "digest.json");

function load(sessionDir: string, journal: string): Digest | null {
  try {
    const value: unknown = JSON.parse(readFileSync(digestPath(sessionDir), "utf8"));
    const kept = value as { version: number; digest: Digest };
    if (kept.version !== version || kept.digest.offset <= kept.digest.last.at) return null;
    return headAt(journal, kept.digest.last.at) === kept.digest.last.head ? kept.digest : null;
  } catch {
    return null;
  }
}

function headAt(journal: string, at: number): string {
  const fd = openSync(journal, "r");
  try {
    const bytes = Buffer.alloc(headBytes);
    return bytes.toString("latin1", 0, readSync(fd, bytes, 0, headBytes, at)).split("\n", 1)[0] ?? "";
  } finally {
    closeSync(fd);
  }
}

/** A digest that cannot be kept (a full disk, somebody else's folder) costs the next look some time and nothing more. */
function keep(sessionDir: string, digest: Digest): void {
  const draft = `${digestPath(sessionDir)}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify({ version, digest }), { mode: 0o600 });
    renameSync(draft, digestPath(sessionDir));
  } catch {
    rmSync(draft, { force: true });
  }
}
