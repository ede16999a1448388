// A page of a text file, taken from the stream of its bytes: however large the file, only the page is in memory.
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { headOf } from "../cap.ts";

/** Where the bytes come from: fills `into` from `position` on, answers how many it gave, 0 at the end. */
export type ByteSource = (into: Buffer, position: number) => Promise<number>;

/** What part of the file is asked for, and how much of it may be shown. */
export interface PageRequest {
  /** First line, from 1. */
  offset: number;
  /** Lines at most. */
  limit: number;
  /** Characters at most; the page ends before the line that goes beyond. */
  maxChars: number;
  /** Characters of one line at most. */
  maxLineChars: number;
  /** Bytes to read at most when the page is full: for the count of all lines and the hash. */
  maxBytes: number;
  /** Bytes at the beginning that are no text. */
  skip: number;
}

/** A page. */
export interface Page {
  lines: string[];
  /** Lines of the whole file, or null when its end was not reached. */
  totalLines: number | null;
  /** Hash of the whole file, or null when its end was not reached within `maxBytes`. */
  hash: string | null;
  bytesRead: number;
  cutLines: number;
  crlf: boolean;
  latin1: boolean;
}

const cutMark = "… [line cut]";
const chunkBytes = 1 << 18;
const newline = 10;
const carriageReturn = 13;

/** Bytes of a line kept for decoding; UTF-8 takes at most 4 for a character. */
function lineBytes(request: PageRequest): number {
  return request.maxLineChars * 4 + 4;
}

/** Drops a character that the cut left incomplete at the end. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

/** Reads one page. Throws what `source` throws, and the signal's reason when it fires. */
export async function readPage(source: ByteSource, request: PageRequest, signal: AbortSignal): Promise<Page> {
  const page: Page = {
    lines: [],
    totalLines: null,
    hash: null,
    bytesRead: 0,
    cutLines: 0,
    crlf: false,
    latin1: false,
  };
  const hash = createHash("sha256");
  const last = request.offset + request.limit - 1;
  const keep = lineBytes(request);
  let lineNumber = 1;
  let full = false;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let lineLength = 0;
  let chars = 0;

  const isWanted = () => !full && lineNumber >= request.offset && lineNumber <= last;

  function take(part: Buffer): void {
    lineLength += part.length;
    if (!isWanted() || pendingBytes >= keep) return;
    const slice = Buffer.from(part.subarray(0, keep - pendingBytes));
    pending.push(slice);
    pendingBytes += slice.length;
  }

  function endLine(): void {
    if (isWanted()) {
      let bytes = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending, pendingBytes);
      if (lineLength > bytes.length) bytes = wholeCharacters(bytes);
      else if (bytes[bytes.length - 1] === carriageReturn) {
        bytes = bytes.subarray(0, bytes.length - 1);
        page.crlf = true;
      }
      const latin1 = !isUtf8(bytes);
      const text = bytes.toString(latin1 ? "latin1" : "utf8");
      const cut = text.length > request.maxLineChars || lineLength > keep;
      const shown = cut ? `${headOf(text, request.maxLineChars)}${cutMark}` : text;
      if (page.lines.length > 0 && chars + shown.length + 8 > request.maxChars) full = true;
      else {
        page.lines.push(shown);
        chars += shown.length + 8;
        page.latin1 ||= latin1;
        if (cut) page.cutLines += 1;
      }
    }
    lineNumber += 1;
    lineLength = 0;
    if (pendingBytes === 0) return;
    pending = [];
    pendingBytes = 0;
  }

  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    const count = await source(chunk, page.bytesRead);
    signal.throwIfAborted();
    if (count === 0) break;
    const bytes = chunk.subarray(0, count);
    if (page.bytesRead < request.maxBytes) hash.update(bytes);
    const skipped = Math.min(count, Math.max(0, request.skip - page.bytesRead));
    page.bytesRead += count;
    let from = skipped;
    for (let at = bytes.indexOf(newline, from); at !== -1; at = bytes.indexOf(newline, from)) {
      if (isWanted()) take(bytes.subarray(from, at));
      endLine();
      from = at + 1;
    }
    if (from < count) take(bytes.subarray(from));
    if (page.bytesRead <= request.maxBytes) continue;
    // A line without an end must not make us read for ever.
    if (!full && pendingBytes >= keep && lineNumber >= request.offset) endLine();
    if (full || lineNumber > last || page.lines.at(-1)?.endsWith(cutMark)) return page;
  }
  if (lineLength > 0) endLine();
  page.totalLines = lineNumber - 1;
  page.hash = page.bytesRead <= request.maxBytes ? hash.digest("hex") : null;
  return page;
}
