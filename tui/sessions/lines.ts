// The lines of a journal as bytes, for looks that need few of them: a line that is not wanted is never parsed.
import { closeSync, constants, openSync, readSync } from "node:fs";

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** A whole line: where it begins in the file, and its bytes without the newline, valid until the next one. */
export interface RawLine {
  offset: number;
  bytes: Buffer;
}

/** The whole lines of a file from an offset on. What follows the last newline is left out. Throws the platform's error. */
export function* rawLines(path: string, from: number): Generator<RawLine, void> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes);
    let offset = from;
    let filled = 0;
    for (;;) {
      if (filled === buffer.length) buffer = Buffer.concat([buffer], filled * 2);
      const count = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
      if (count === 0) return;
      let search = filled;
      filled += count;
      let start = 0;
      for (;;) {
        const end = buffer.subarray(0, filled).indexOf(newline, search);
        if (end < 0) break;
        yield { offset: offset + start, bytes: buffer.subarray(start, end) };
        start = end + 1;
        search = start;
      }
      buffer.copyWithin(0, start, filled);
      offset += start;
      filled -= start;
    }
  } finally {
    closeSync(fd);
  }
}

/** What a line says of itself before its data, or null when it is no line of a journal. */
export function headOf(bytes: Buffer): { seq: number; ts: number; type: string } | null {
  const head = /^\{"seq":(\d+),"ts":(\d+(?:\.\d+)?),"type":"(\w+)"/.exec(bytes.toString("latin1", 0, 128));
  return head === null ? null : { seq: Number(head[1]), ts: Number(head[2]), type: head[3] ?? "" };
}
