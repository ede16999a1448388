import { closeSync, fdatasyncSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { codeOf } from "../actor/errors.ts";
import { fileMode, newFile, tornPath } from "./layout.ts";
import { cutBack, type Tail } from "./tail.ts";

const copyBytes = 1024 * 1024;

/**
 * Cuts a journal behind its last good record. The cut bytes are first copied to `journal.torn-<n>` beside it and forced
 * to the disk. Returns how many there were. Throws the platform's error, with nothing cut, when they cannot be kept.
 */
export function cutTail(dir: string, tail: Tail, size: number): number {
  const bytes = size - tail.end;
  if (bytes <= 0) return 0;
  keepTail(dir, tail, size);
  cutBack(tail);
  fdatasyncSync(tail.fd);
  return bytes;
}

function keepTail(dir: string, tail: Tail, size: number): void {
  const { fd, path } = createTorn(dir);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(copyBytes, size - tail.end));
    for (let at = tail.end; at < size; ) {
      const count = readSync(tail.fd, buffer, 0, buffer.length, at);
      if (count === 0) break;
      for (let done = 0; done < count; ) done += writeSync(fd, buffer, done, count - done);
      at += count;
    }
    fdatasyncSync(fd);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function createTorn(dir: string): { fd: number; path: string } {
  for (let n = 1; ; n += 1) {
    const path = tornPath(dir, n);
    try {
      return { fd: openSync(path, newFile, fileMode), path };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}
