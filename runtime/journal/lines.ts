import { readSync } from "node:fs";

/** Bytes read at once: some hundred small records. */
const chunkBytes = 64 * 1024;
/** The longest line that is written or read. Long strings are blobs, so only a record of very many parts comes near. */
export const maxLineBytes = 64 * 1024 * 1024;

/** A run of whole lines. The bytes are valid until the next run is asked for. */
export interface Lines {
  /** Where in the file the run begins. */
  offset: number;
  bytes: Buffer;
}

/** Whole lines of a file from an offset on, in runs. Ends at the end of the file or before a line beyond the limit. */
export function* wholeLines(fd: number, from: number, chunk = chunkBytes): Generator<Lines, void> {
  let buffer = Buffer.allocUnsafe(chunk);
  let offset = from;
  let filled = 0;
  for (;;) {
    if (filled === buffer.length) {
      if (filled >= maxLineBytes) return;
      buffer = Buffer.concat([buffer], filled * 2);
    }
    const count = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
    if (count === 0) return;
    const fresh = buffer.subarray(filled, filled + count).lastIndexOf(0x0a);
    const end = fresh < 0 ? 0 : filled + fresh + 1;
    filled += count;
    if (end === 0) continue;
    yield { offset, bytes: buffer.subarray(0, end) };
    buffer.copyWithin(0, end, filled);
    offset += end;
    filled -= end;
  }
}
