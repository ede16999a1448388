import { ftruncateSync, writeSync } from "node:fs";

/** The growing end of a file that was opened for appending. */
export interface Tail {
  readonly fd: number;
  /** Where the last whole record ends. */
  end: number;
  /** Bytes of a failed write may lie behind `end`. */
  torn: boolean;
}

/**
 * Appends a line whole or not at all: after an error (a full disk, a limit) the file is cut back to where it was, and
 * the platform's error thrown. If even that fails, the next append tries to cut first.
 */
export function appendLine(tail: Tail, line: string, bytes: number): void {
  if (tail.torn) cutBack(tail);
  tail.torn = true;
  try {
    let written = writeSync(tail.fd, line);
    if (written < bytes) {
      const rest = Buffer.from(line, "utf8");
      while (written < bytes) written += writeSync(tail.fd, rest, written);
    }
  } catch (error) {
    tryCutBack(tail);
    throw error;
  }
  tail.torn = false;
  tail.end += bytes;
}

/** Cuts the file back to `end`. */
export function cutBack(tail: Tail): void {
  tail.torn = true;
  ftruncateSync(tail.fd, tail.end);
  tail.torn = false;
}

/** Cuts the file back to `end` if it can; otherwise the next append does. For use where another error matters more. */
export function tryCutBack(tail: Tail): void {
  try {
    cutBack(tail);
  } catch {
    // `torn` stays set.
  }
}
