import { closeSync, fstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, RuntimeError } from "../actor/errors.ts";
import { createBlobWriter } from "./blobs.ts";
import { appendable, fileMode, folderMode, journalPath } from "./layout.ts";
import { maxLineBytes } from "./lines.ts";
import { acquireLock, type Lock } from "./lock.ts";
import { createMarks, type Marks } from "./marks.ts";
import { readFrom, restored } from "./reader.ts";
import { recordBatches } from "./records.ts";
import { cutTail } from "./repair.ts";
import { discardSnapshotBeyond } from "./snapshot.ts";
import { createSyncer } from "./syncer.ts";
import { appendLine, type Tail, tryCutBack } from "./tail.ts";
import type { Journal, JournalRecord, OpenJournalOptions } from "./types.ts";

const defaultBlobBytes = 16 * 1024;
const defaultSyncMs = 50;

/**
 * Opens a journal for writing, making it when it is missing and repairing its tail when it is torn. Throws `LOCKED`
 * when a living process has it open, `CORRUPT` when it is no regular file, or the platform's error.
 */
export function openJournal(options: OpenJournalOptions): Journal {
  mkdirSync(options.dir, { recursive: true, mode: folderMode });
  const lock = acquireLock(options.dir);
  let fd: number | null = null;
  try {
    fd = openFile(journalPath(options.dir));
    return startWriting(options, lock, fd);
  } catch (error) {
    if (fd !== null) closeSync(fd);
    lock.release();
    throw error;
  }
}

function openFile(path: string): number {
  try {
    const fd = openSync(path, appendable, fileMode);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
  } catch (error) {
    if (codeOf(error) !== "ELOOP" && codeOf(error) !== "EISDIR") throw error;
  }
  throw new RuntimeError("CORRUPT", `${path} is not a regular file. Move it away, or use another session.`);
}

function startWriting(options: OpenJournalOptions, lock: Lock, fd: number): Journal {
  const { dir, now = Date.now } = options;
  const marks = createMarks();
  const { tail, seq: found } = scan(options, fd, marks);
  const repairedBytes = cutTail(dir, tail, fstatSync(fd).size);
  discardSnapshotBeyond(dir, found);

  const syncer = createSyncer(fd, options.syncEveryMs ?? defaultSyncMs);
  const blobs = createBlobWriter(dir, lock.epoch, options.blobBytes ?? defaultBlobBytes, syncer.needs);
  // A new file is safe only once the name of it is.
  if (found === 0) for (const folder of [dirname(dir), dir]) syncer.needs(folder);
  let seq = found;
  let open = true;

  function append(type: string, data: unknown, { sync = false } = {}): JournalRecord {
    if (!open) throw new RuntimeError("FENCED", `The journal in ${dir} was closed. Open it again to write to it.`);
    if (!lock.isHeld()) throw fenced(dir);
    syncer.check();
    const record: JournalRecord = { seq: seq + 1, ts: now(), type, data: data === undefined ? null : data };
    const json = blobs.encode(record.data, toJson(type, record.data));
    const line = `{"seq":${record.seq},"ts":${record.ts},"type":${JSON.stringify(type)},"data":${json}}\n`;
    const bytes = Buffer.byteLength(line);
    if (bytes > maxLineBytes) throw badData(type, `its line would be ${bytes} bytes, the limit is ${maxLineBytes}`);
    const start = tail.end;
    appendLine(tail, line, bytes);
    if (sync) syncOrTakeBack(start);
    else syncer.grown();
    marks.add({ offset: start, seq: record.seq });
    seq = record.seq;
    return record;
  }

  /** What cannot be forced to the disk was not appended, so the caller may not act on it. */
  function syncOrTakeBack(start: number): void {
    try {
      syncer.sync();
    } catch (error) {
      tail.end = start;
      tryCutBack(tail);
      throw error;
    }
  }

  function* read(from: number): Generator<JournalRecord, void> {
    const next = yield* readFrom(dir, marks.before(from), from);
    if (next > seq) return;
    throw new RuntimeError(
      "CORRUPT",
      `Line ${next} of ${journalPath(dir)} was changed while this program had it open. Resume the session: that keeps all records before it.`,
      { data: { seq: next, dir } },
    );
  }

  return {
    get seq() {
      return seq;
    },
    epoch: lock.epoch,
    repairedBytes,
    append,
    sync() {
      if (open) syncer.sync();
    },
    read,
    close() {
      if (!open) return;
      open = false;
      try {
        syncer.sync();
      } finally {
        syncer.close();
        lock.release();
      }
    },
  };
}

/** Reads everything that is there: finds the end of the good records, marks the way, and hands them over. */
function scan(options: OpenJournalOptions, fd: number, marks: Marks): { tail: Tail; seq: number } {
  const batches = recordBatches(fd, { offset: 0, seq: 1 });
  for (;;) {
    const step = batches.next();
    if (step.done) return { tail: { fd, end: step.value.offset, torn: false }, seq: step.value.seq - 1 };
    marks.add(step.value);
    if (options.onRecord === undefined) continue;
    for (const record of restored(options.dir, step.value, 1)) options.onRecord(record);
  }
}

function toJson(type: string, data: unknown): string {
  try {
    const json = JSON.stringify(data);
    if (json !== undefined) return json;
  } catch (error) {
    throw badData(type, error instanceof Error ? error.message : String(error));
  }
  throw badData(type, `a ${typeof data} has no JSON`);
}

function badData(type: string, why: string): RuntimeError {
  return new RuntimeError("BAD_MESSAGE", `The data of ${type} cannot be written to the journal: ${why}.`);
}

function fenced(dir: string): RuntimeError {
  return new RuntimeError(
    "FENCED",
    `Another process has taken over the journal in ${dir}. Nothing was written. Go on there, or close it and resume here.`,
    { data: { dir } },
  );
}
