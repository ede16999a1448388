import { isUtf8 } from "node:buffer";
import { hasMarker } from "./blobs.ts";
import { wholeLines } from "./lines.ts";
import type { JournalRecord } from "./types.ts";

/** A place between two records: the byte offset, and the seq of the record that begins there. */
export interface Position {
  offset: number;
  seq: number;
}

/** Records that were read at once. */
export interface Batch extends Position {
  records: JournalRecord[];
  /** Whether any of them may hold a blob marker, so that its data has to be restored. */
  marked: boolean;
}

/**
 * Reads records in batches from a position on, and returns where the good ones end: before the first line that is no
 * record or not the next one, before a line without its newline, or at the end of the file.
 */
export function* recordBatches(fd: number, from: Position, chunk?: number): Generator<Batch, Position> {
  let { offset, seq } = from;
  for (const lines of wholeLines(fd, offset, chunk)) {
    const length = lines.bytes.length;
    const text = decodeLines(lines.bytes);
    const { records, end } = parseRecords(text, seq);
    const good = end === text.length && isUtf8(lines.bytes) ? length : endOfLine(lines.bytes, records.length);
    if (records.length > 0) yield { offset, seq, records, marked: hasMarker(text) };
    offset += good;
    seq += records.length;
    if (good < length) break;
  }
  return { offset, seq };
}

/** The text of whole lines up to the first one that is not UTF-8, which a plain decoder would quietly mend. */
function decodeLines(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let end = 0;
  for (;;) {
    const next = bytes.indexOf(0x0a, end) + 1;
    if (next === 0 || !isUtf8(bytes.subarray(end, next))) return bytes.toString("utf8", 0, end);
    end = next;
  }
}

/** The good records at the beginning of a text, and where in the text they end. */
function parseRecords(text: string, firstSeq: number): { records: JournalRecord[]; end: number } {
  const records: JournalRecord[] = [];
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const record = parseRecord(text.slice(start, end), firstSeq + records.length);
    if (record === null) break;
    records.push(record);
    start = end + 1;
  }
  return { records, end: start };
}

function parseRecord(line: string, seq: number): JournalRecord | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && value.seq === seq ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== "object" || value === null || !("seq" in value && "ts" in value && "type" in value))
    return false;
  return typeof value.ts === "number" && typeof value.type === "string" && "data" in value;
}

/** The offset behind the n-th line. */
function endOfLine(bytes: Buffer, n: number): number {
  let end = 0;
  for (let line = 0; line < n; line += 1) end = bytes.indexOf(0x0a, end) + 1;
  return end;
}
