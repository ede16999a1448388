// A journal from its end: the newest records first, so that a look at a long session costs no more than at a short one.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { JournalRecord } from "../../runtime/records.ts";

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/**
 * The records of a session's journal, newest first, read in chunks from the end of the file. A line that is no record
 * (a torn tail) is passed over; long strings stay the blob references that they are in the file. Nothing is locked.
 */
export function* newestFirst(sessionDir: string): Generator<JournalRecord, void> {
  const fd = openSync(join(sessionDir, "journal.jsonl"), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    let end = fstatSync(fd).size;
    // Parts of a line whose beginning lies in an earlier chunk, last part first.
    let pending: Buffer[] = [];
    while (end > 0) {
      const size = Math.min(chunkBytes, end);
      const chunk = Buffer.alloc(size);
      readSync(fd, chunk, 0, size, end - size);
      end -= size;
      let stop = size;
      for (let at = chunk.lastIndexOf(newline); at >= 0; at = at === 0 ? -1 : chunk.lastIndexOf(newline, at - 1)) {
        yield* parsed([...pending, chunk.subarray(at + 1, stop)]);
        pending = [];
        stop = at;
      }
      pending.push(chunk.subarray(0, stop));
    }
    yield* parsed(pending);
  } finally {
    closeSync(fd);
  }
}

function parsed(parts: Buffer[]): JournalRecord[] {
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts.toReversed()).toString("utf8"));
    const record = value as JournalRecord;
    return typeof record?.seq === "number" && typeof record.type === "string" ? [record] : [];
  } catch {
    return [];
  }
}
