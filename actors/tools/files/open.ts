// Opens files without surprises: only regular ones, so that nothing waits on a pipe or wakes a device.
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "../coerce.ts";
import { isSystemError, ToolError } from "../errors.ts";

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  if (stats.isCharacterDevice()) return "a character device";
  if (stats.isBlockDevice()) return "a block device";
  return "not a regular file";
}

async function similar(path: string): Promise<string> {
  try {
    const names = await readdir(dirname(path));
    const near = nearest(basename(path), names.slice(0, 2_000));
    return near.length > 0 ? ` Did you mean ${near.map((name) => join(dirname(path), name)).join(" or ")}?` : "";
  } catch {
    return "";
  }
}

/** What is at a path, or null when nothing is. */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return null;
    throw error;
  }
}

/** Checks that a path is a regular file. Throws `NOT_FOUND` with similar names, or `NOT_A_FILE` with what it is. */
export async function requireFile(path: string): Promise<Stats> {
  const stats = await statOrNull(path);
  if (stats === null) throw new ToolError("NOT_FOUND", `${path} does not exist.${await similar(path)}`);
  if (stats.isFile()) return stats;
  const hint = stats.isDirectory() ? "List what is in it instead." : "Only regular files can be read or changed.";
  throw new ToolError("NOT_A_FILE", `${path} is ${kindOf(stats)}.`, hint);
}

/** Checks that a path is a folder. Throws `NOT_FOUND` or `NOT_A_FOLDER`. */
export async function requireFolder(path: string): Promise<void> {
  const stats = await statOrNull(path);
  if (stats === null) throw new ToolError("NOT_FOUND", `${path} does not exist.${await similar(path)}`);
  if (!stats.isDirectory()) throw new ToolError("NOT_A_FOLDER", `${path} is not a folder.`, "Use read to see a file.");
}

/**
 * Opens a regular file for reading. The path is real, so a link in its last place was put there meanwhile and is
 * refused. Non-blocking, so that a pipe that takes the file's place between look and open cannot hold us.
 */
export async function openFile(path: string): Promise<{ handle: FileHandle; stats: Stats }> {
  await requireFile(path);
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, stats };
  await handle.close();
  throw new ToolError("NOT_A_FILE", `${path} is ${kindOf(stats)}.`, "Only regular files can be read or changed.");
}

/** Reads a whole regular file of at most `maxBytes`. Throws `TOO_LARGE` with `hint` for more. */
export async function readWhole(
  path: string,
  maxBytes: number,
  hint: string,
): Promise<{ bytes: Buffer; stats: Stats }> {
  const { handle, stats } = await openFile(path);
  try {
    const parts: Buffer[] = [];
    let size = 0;
    // Some files of the system say size 0 and still have content, so only the end of the file is the end.
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(Math.max(stats.size - size + 1, 4_096), 1 << 20));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, size);
      if (bytesRead === 0) break;
      parts.push(chunk.subarray(0, bytesRead));
      size += bytesRead;
      if (size > maxBytes) throw new ToolError("TOO_LARGE", `${path} is larger than ${maxBytes} bytes.`, hint);
    }
    return { bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size), stats };
  } finally {
    await handle.close();
  }
}
