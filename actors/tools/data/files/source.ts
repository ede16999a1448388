// Where the bytes of a table come from: a file that is read in pieces, or a piece that is in memory.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { ToolError } from "../../errors.ts";

/** Bytes that can be read from any place. */
export interface Source {
  readonly size: number;
  /** There is more than `size` bytes, of which nothing is known. */
  readonly isPart: boolean;
  /** Fills `into` from a position on; how many bytes that were. */
  read(into: Uint8Array, position: number): number;
}

/** A part of a source as bytes of its own. */
export function slice(source: Source, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, source.size - from)));
  let size = 0;
  while (size < bytes.length) {
    const count = source.read(bytes.subarray(size), from + size);
    if (count === 0) break;
    size += count;
  }
  return bytes.subarray(0, size);
}

/** Bytes in memory. `isPart`: they are the beginning of something longer. */
export function memorySource(bytes: Uint8Array, isPart: boolean): Source {
  return {
    size: bytes.length,
    isPart,
    read(into, position) {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** Opens a regular file, has it looked at, and closes it. Non-blocking: a pipe in its place cannot hold us. */
export async function withFile<T>(path: string, look: (source: Source) => T | Promise<T>): Promise<T> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new ToolError("NOT_A_FILE", `${path} is not a regular file.`);
    const read = (into: Uint8Array, position: number) => readSync(fd, into, 0, into.length, position);
    return await look({ size: stats.size, isPart: false, read });
  } finally {
    closeSync(fd);
  }
}
