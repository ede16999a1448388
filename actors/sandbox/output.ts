// Reading the output of a command. Offsets count the bytes that the command has written, and stay the same when the
// middle of a large output has been dropped (see trim.ts).
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { OutputView } from "./protocol.ts";
import { headFragment, tailFragment } from "./utf8.ts";

/** What was dropped from an output: the bytes from `from` up to `to`. */
export interface Cut {
  from: number;
  to: number;
  /** Once the command is over: bytes written in all, and the length of the line that stands for the cut in the file. */
  settled?: { total: number; joint: number };
}

/** A run of output that is there: bytes `from` up to `to` of it, at `offset` in the file. */
interface Piece {
  from: number;
  to: number;
  offset: number;
}

/** Where the output of a command is. Never without a piece. */
export interface Layout {
  file: string;
  total: number;
  first: Piece;
  last: Piece;
}

/** A part of an output; `from` is where it really starts, `next` where to read on. */
export interface Slice {
  bytes: Buffer;
  from: number;
  next: number;
}

/** The running output. */
export const outFile = (dir: string): string => join(dir, "out");
/** A large output after its end, without its middle. */
export const keptFile = (dir: string): string => join(dir, "out.kept");
/** What was dropped. */
export const cutFile = (dir: string): string => join(dir, "cut.json");

/** What was dropped from the output of a call; null when it is whole. */
export function readCut(dir: string): Cut | null {
  try {
    return JSON.parse(readFileSync(cutFile(dir), "utf8")) as Cut;
  } catch {
    return null;
  }
}

/** Bytes of a file; 0 when it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Where the output of a call is now. */
export function layoutOf(dir: string): Layout {
  const cut = readCut(dir);
  if (cut?.settled !== undefined && sizeOf(keptFile(dir)) > 0) {
    const { total, joint } = cut.settled;
    const last = { from: cut.to, to: total, offset: cut.from + joint };
    return { file: keptFile(dir), total, first: { from: 0, to: cut.from, offset: 0 }, last };
  }
  const file = outFile(dir);
  const total = sizeOf(file);
  const whole = { from: 0, to: total, offset: 0 };
  if (cut === null || cut.to > total) return { file, total, first: whole, last: whole };
  const last = { from: cut.to, to: total, offset: cut.to };
  return { file, total, first: { from: 0, to: cut.from, offset: 0 }, last };
}

/** Reads at most `maxBytes` from an offset on, up to the end of the piece; an offset in a cut moves to its end. */
export function readSlice(layout: Layout, from: number, maxBytes: number): Slice {
  const piece = from < layout.first.to ? layout.first : layout.last;
  const start = Math.min(Math.max(from, piece.from), piece.to);
  const bytes = readBytes(layout.file, piece.offset + start - piece.from, Math.min(maxBytes, piece.to - start));
  return { bytes, from: start, next: start + bytes.length };
}

/** Reads a page of text that splits no character. At the end of what is there it waits for the rest of one. */
export function readPage(
  dir: string,
  from: number,
  maxBytes: number,
  growing: boolean,
): { text: string; next: number; total: number } {
  const layout = layoutOf(dir);
  const slice = readSlice(layout, Math.max(0, Math.floor(from)), Math.max(4, Math.floor(maxBytes)));
  const more = growing || slice.next < layout.total;
  const held = more ? tailFragment(slice.bytes) : 0;
  const bytes = slice.bytes.subarray(0, slice.bytes.length - held);
  const note = slice.from > from && from < layout.total ? `[${slice.from - from} bytes were dropped here]\n` : "";
  return { text: note + bytes.toString("utf8"), next: slice.next - held, total: layout.total };
}

/**
 * The output as an answer shows it: whole when it is small, else a quarter of the budget from its start and the rest
 * from its end. The budget counts bytes, so that it holds for characters too.
 */
export function viewOf(dir: string, budget: number): OutputView {
  const layout = layoutOf(dir);
  const { file, total, first, last } = layout;
  const keptWhole = first === last;
  if (keptWhole && total <= budget) {
    const text = readSlice(layout, 0, total).bytes.toString("utf8");
    return { text, totalBytes: total, omittedBytes: 0, file, keptWhole };
  }
  const quarter = Math.floor(budget / 4);
  const start = readSlice(layout, 0, Math.min(quarter, first.to)).bytes;
  const end = readSlice(layout, Math.max(last.from, total - (budget - quarter)), budget).bytes;
  const head = start.subarray(0, start.length - tailFragment(start));
  const tail = end.subarray(headFragment(end));
  const omittedBytes = total - head.length - tail.length;
  const rest = keptWhole
    ? `the whole output is in ${file}`
    : `the first ${first.to} and the last ${last.to - last.from} bytes are in ${file}`;
  const joint = `\n[${omittedBytes} of ${total} bytes left out; ${rest}]\n`;
  const text = `${head.toString("utf8")}${joint}${tail.toString("utf8")}`;
  return { text, totalBytes: total, omittedBytes, file, keptWhole };
}

function readBytes(file: string, offset: number, length: number): Buffer {
  if (length <= 0) return Buffer.alloc(0);
  const bytes = Buffer.allocUnsafeSlow(length);
  const fd = openSync(file, "r");
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
  } finally {
    closeSync(fd);
  }
}
