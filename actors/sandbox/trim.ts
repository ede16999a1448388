// Keeps the output of one command within its bound on the disk: the start and the end stay, the middle goes. A fast
// writer runs ahead of the bound between two looks, and for as long as no sandbox is there to look.
//
// While the command writes, the middle is turned into a hole in the file (fallocate(2), FALLOC_FL_PUNCH_HOLE): sizes
// and offsets stay what they were, so nothing that is written meanwhile is lost or miscounted, whoever dies when.
// `cut.json` says what was dropped and is written first; a crash between the two only means that the bytes are still
// there. Where the system has no such call, the file is cut to nothing and stretched back to its size, and both ends
// are written again. Writers append, so they go on at the end; what they write in the microseconds between the reading
// and the cut is lost and not counted.
//
// When the command is over, the two ends are put together in a plain file of their own: a file with gigabytes of
// zeros in it is no good to anybody who reads or copies it.
import {
  closeSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { type Cut, cutFile, keptFile, outFile, readCut, sizeOf } from "./output.ts";
import { findProgram } from "./paths.ts";

/** Holes begin and end on blocks of this size; other bytes would only be zeroed. */
const blockBytes = 4096;

/** Bytes copied at a time when the ends are put together. */
const chunkBytes = 1024 * 1024;

/** Whether the output of a call takes more of the disk than `limit` bytes. */
export function isOverLimit(dir: string, limit: number): boolean {
  const size = sizeOf(outFile(dir));
  if (size <= limit) return false;
  const cut = readCut(dir);
  return size - (cut === null ? 0 : cut.to - cut.from) > limit;
}

/** Drops the middle of a growing output; a quarter of the limit stays at each end. */
export async function dropMiddle(dir: string, limit: number): Promise<void> {
  const file = outFile(dir);
  const quarter = Math.max(blockBytes, Math.floor(limit / 4 / blockBytes) * blockBytes);
  const from = quarter;
  const to = Math.floor((sizeOf(file) - quarter) / blockBytes) * blockBytes;
  if (to <= from) return;
  writeCut(dir, { from, to });
  if (!(await punchHole(file, from, to))) cutAndStretch(file, from, to);
}

/** After the end of a command: puts the two ends of a cut output into a file of their own. */
export function settle(dir: string): void {
  const cut = readCut(dir);
  if (cut === null || cut.settled !== undefined) return;
  const file = outFile(dir);
  const total = sizeOf(file);
  const line = Buffer.from(`\n[${cut.to - cut.from} bytes were dropped here]\n`);
  const draft = `${keptFile(dir)}.new`;
  const source = openSync(file, "r");
  const target = openSync(draft, "w", 0o600);
  try {
    copyRange(source, target, 0, cut.from);
    writeSync(target, line);
    copyRange(source, target, cut.to, total);
  } finally {
    closeSync(source);
    closeSync(target);
  }
  renameSync(draft, keptFile(dir));
  writeCut(dir, { ...cut, settled: { total, joint: line.length } });
  truncateSync(file, 0);
}

async function punchHole(file: string, from: number, to: number): Promise<boolean> {
  const fallocate = process.platform === "linux" ? findProgram("fallocate") : null;
  if (fallocate === null) return false;
  const { execa } = await import("execa");
  const args = ["--punch-hole", "--offset", String(from), "--length", String(to - from), file];
  const { failed } = await execa(fallocate, args, { reject: false, stdio: "ignore", timeout: 30_000 });
  return !failed;
}

/** Makes a hole where nothing better is to be had: empties the file, stretches it back, writes both ends again. */
export function cutAndStretch(file: string, from: number, to: number): void {
  const fd = openSync(file, "r+");
  try {
    const size = sizeOf(file);
    const head = readAt(fd, 0, from);
    const tail = readAt(fd, to, size - to);
    ftruncateSync(fd, 0);
    ftruncateSync(fd, size);
    writeSync(fd, head, 0, head.length, 0);
    writeSync(fd, tail, 0, tail.length, to);
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, length));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset));
}

function copyRange(source: number, target: number, from: number, to: number): void {
  for (let at = from; at < to; ) {
    const bytes = readAt(source, at, Math.min(chunkBytes, to - at));
    if (bytes.length === 0) return;
    writeSync(target, bytes);
    at += bytes.length;
  }
}

function writeCut(dir: string, cut: Cut): void {
  const draft = `${cutFile(dir)}.new`;
  writeFileSync(draft, JSON.stringify(cut), { mode: 0o600 });
  renameSync(draft, cutFile(dir));
}
