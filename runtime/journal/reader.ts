import { closeSync, openSync } from "node:fs";
import { codeOf } from "../actor/errors.ts";
import { restoreBlobs } from "./blobs.ts";
import { journalPath, readOnly } from "./layout.ts";
import { type Batch, type Position, recordBatches } from "./records.ts";
import type { JournalRecord } from "./types.ts";

const firstRecord: Position = { offset: 0, seq: 1 };
/** Enough for the first record of most journals. */
const headBytes = 4096;

/**
 * Reads a journal that somebody else may be writing: without the lock, changing nothing. Ends quietly at the first line
 * that is not a good record; a journal that is missing has none.
 */
export function readJournal(dir: string): Iterable<JournalRecord> {
  return readTolerantly(dir);
}

/** The first record of a journal, or null; reads no more of the file than it has to. */
export function readFirst(dir: string): JournalRecord | null {
  for (const record of readTolerantly(dir, headBytes)) return record;
  return null;
}

function* readTolerantly(dir: string, chunk?: number): Generator<JournalRecord, void> {
  const fd = openOrNull(journalPath(dir));
  if (fd === null) return;
  try {
    for (const batch of recordBatches(fd, firstRecord, chunk)) yield* restored(dir, batch, 1);
  } finally {
    closeSync(fd);
  }
}

/** Records from a seq on, beginning to read at a position before it. Returns the seq that would come next. */
export function* readFrom(dir: string, position: Position, from: number): Generator<JournalRecord, number> {
  const fd = openSync(journalPath(dir), readOnly);
  try {
    const batches = recordBatches(fd, position);
    for (;;) {
      const step = batches.next();
      if (step.done) return step.value.seq;
      yield* restored(dir, step.value, from);
    }
  } finally {
    closeSync(fd);
  }
}

/** The records of a batch from a seq on, their blobs put back. */
export function restored(dir: string, batch: Batch, from: number): JournalRecord[] {
  const records = from <= batch.seq ? batch.records : batch.records.slice(from - batch.seq);
  if (!batch.marked) return records;
  return records.map((record) => ({ ...record, data: restoreBlobs(dir, record.data) }));
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, readOnly);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
