// Finds where the records of a text file begin, without reading what is in them: counts them exactly, and marks places
// from which a part can be parsed by itself. As fast as the disk, in the memory of one buffer.
import type { Source } from "./source.ts";

/** Bytes that are looked at together, and between two marks at least. */
const chunkBytes = 1 << 20;
const markBytes = 256 * 1024;
/** Bytes that a quoted cell may have before its quote is taken for one that somebody forgot to close. */
const mostQuotedBytes = 8 << 20;
/** Quotes that may stay open before quotes are no longer believed. */
const mostOpenQuotes = 3;

/** A place where a record begins. */
export interface Mark {
  offset: number;
  /** How many records come before it. */
  record: number;
}

/** What a scan found. */
export interface Scan {
  records: number;
  /** The end of the last record that was counted. */
  end: number;
  /** Whether the whole source was looked at. */
  complete: boolean;
  marks: Mark[];
  /** The records (counted from 0) in which a quote is not closed. */
  openQuotes: number[];
}

/** How to tell records apart. */
export type Grammar =
  | { kind: "lines"; newline: number; width: 1 | 2; low: 0 | 1 }
  | { kind: "csv"; newline: number; width: 1 | 2; low: 0 | 1; delimiter: number }
  | { kind: "array" };

/** Finds the records from `start` on, until a moment (milliseconds since 1970). */
export function scanRecords(source: Source, grammar: Grammar, start: number, until: number): Scan {
  return grammar.kind === "array" ? scanArray(source, start, until) : scanLines(source, grammar, start, until);
}

const quote = 34;
const inPlain = 0;
const atField = 1;
const inQuotes = 2;
const afterQuote = 3;

function scanLines(source: Source, grammar: Exclude<Grammar, { kind: "array" }>, start: number, until: number): Scan {
  const { newline, width, low } = grammar;
  const delimiter = grammar.kind === "csv" ? grammar.delimiter : -1;
  let quotes = grammar.kind === "csv";
  const marks: Mark[] = [];
  const openQuotes: number[] = [];
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let position = start;
  let recordAt = start;
  let records = 0;
  let lastMark = Number.NEGATIVE_INFINITY;
  let state = atField;
  let openedAt = 0;
  let before = 0;
  let complete = true;

  /** A line ends at `at`; blank ones are no records. */
  function endLine(at: number, last: number): void {
    const length = (at - recordAt) / width;
    if (length > 1 || (length === 1 && last !== 13)) {
      // A long record stands between two marks of its own, so that what is around it can be parsed without it.
      const isLong = at - recordAt > markBytes;
      if (recordAt - lastMark >= markBytes || (isLong && lastMark !== recordAt)) {
        marks.push({ offset: recordAt, record: records });
        lastMark = isLong ? Number.NEGATIVE_INFINITY : recordAt;
      }
      records += 1;
    }
    recordAt = at + width;
  }

  /** Goes back to behind a quote that is never closed, and takes it for a plain character. */
  function giveUpQuote(): void {
    openQuotes.push(records);
    if (openQuotes.length >= mostOpenQuotes) quotes = false;
    position = openedAt + width;
    state = inPlain;
  }

  for (;;) {
    if (Date.now() > until) {
      complete = false;
      break;
    }
    const count = source.read(chunk, position);
    const length = count - (count % width);
    if (length === 0) {
      if (state !== inQuotes || source.isPart) break;
      giveUpQuote();
      continue;
    }
    const bytes = chunk.subarray(0, length);
    if (width === 1 && state !== inQuotes && (!quotes || !bytes.includes(quote))) {
      for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
        endLine(position + at, at > 0 ? (bytes[at - 1] ?? 0) : before);
      }
      before = bytes[length - 1] ?? 0;
      state = before === newline || before === delimiter ? atField : inPlain;
    } else {
      for (let at = 0; at < length; at += width) {
        if (state === inQuotes && width === 1) {
          // Within quotes nothing counts but the next one.
          const next = bytes.indexOf(quote, at);
          if (next === -1) break;
          at = next;
        }
        const byte = width === 1 || bytes[at + 1 - low] === 0 ? (bytes[at + low] ?? 0) : 256;
        if (state === inQuotes) {
          if (byte === quote) state = afterQuote;
        } else if (state === afterQuote && byte === quote) state = inQuotes;
        else if (byte === newline) {
          endLine(position + at, before);
          state = atField;
        } else if (byte === delimiter) state = atField;
        else if (byte === quote && state === atField && quotes) {
          state = inQuotes;
          openedAt = position + at;
        } else state = inPlain;
        before = byte;
      }
    }
    position += length;
    if (state === inQuotes && position - openedAt > mostQuotedBytes) giveUpQuote();
  }
  // The last line may have no end; in a part it may go on.
  if (complete && !source.isPart) endLine(Math.max(position, recordAt), before);
  return { records, end: complete && !source.isPart ? position : recordAt, complete, marks, openQuotes };
}

/** The elements of a JSON array, from behind its bracket on. */
function scanArray(source: Source, start: number, until: number): Scan {
  const marks: Mark[] = [];
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let position = start;
  let records = 0;
  let recordAt = start;
  let end = start;
  let lastMark = Number.NEGATIVE_INFINITY;
  let depth = 0;
  let inText = false;
  let escaped = false;
  let hasContent = false;
  const endElement = (at: number): void => {
    if (hasContent) {
      if (recordAt - lastMark >= markBytes) {
        marks.push({ offset: recordAt, record: records });
        lastMark = recordAt;
      }
      records += 1;
      end = at;
    }
    hasContent = false;
    recordAt = at + 1;
  };
  for (;;) {
    if (Date.now() > until) return { records, end, complete: false, marks, openQuotes: [] };
    const count = source.read(chunk, position);
    if (count === 0) break;
    for (let at = 0; at < count; at += 1) {
      const byte = chunk[at] ?? 0;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === 92) escaped = true;
        else if (byte === quote) inText = false;
      } else if (byte === quote) {
        inText = true;
        hasContent = true;
      } else if (byte === 123 || byte === 91) {
        depth += 1;
        hasContent = true;
      } else if (byte === 125 || byte === 93) {
        if (depth === 0) {
          endElement(position + at);
          return { records, end, complete: true, marks, openQuotes: [] };
        }
        depth -= 1;
      } else if (byte === 44 && depth === 0) endElement(position + at);
      else if (byte > 32) hasContent = true;
    }
    position += count;
  }
  // The array is not closed: what was whole is counted.
  return { records, end, complete: true, marks, openQuotes: [] };
}
