// Replaces a file in one step: readers see the old content or the new, and a crash leaves one of the two.
import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, type FileHandle, mkdir, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isSystemError, ToolError } from "../errors.ts";
import { statOrNull } from "./open.ts";

/** The temporary file of a call, beside its target. The same call has the same one, so that a retry cleans up. */
function temporaryPath(path: string, callId: string): string {
  const mark = createHash("sha256").update(callId).digest("hex").slice(0, 10);
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${mark}.tmp`);
}

/** Removes what a call that was cut off may have left beside its target. */
export async function removeTemporary(path: string, callId: string): Promise<void> {
  try {
    await unlink(temporaryPath(path, callId));
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

function sameFile(before: Stats | null, now: Stats | null): boolean {
  if (before === null || now === null) return before === now;
  return before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs;
}

async function keepOwner(handle: FileHandle, before: Stats): Promise<void> {
  const now = await handle.stat();
  if (now.uid === before.uid && now.gid === before.gid) return;
  try {
    await handle.chown(before.uid, before.gid);
  } catch (error) {
    if (!isSystemError(error, "EPERM")) throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {
    // Some file systems cannot sync a folder; the rename is atomic all the same.
  }
}

/**
 * Writes `bytes` to `path` (real, absolute) through a temporary file beside it. `before` is the file as it was looked
 * at, null when there was none; its mode and owner are kept. Throws `STALE` when it changed since, and the system's
 * error when it may not be written.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  before: Stats | null,
  callId: string,
): Promise<void> {
  // A rename asks only the folder for permission; the file's own protection counts as well.
  if (before !== null) await access(path, constants.W_OK);
  else await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryPath(path, callId);
  await removeTemporary(path, callId);
  const handle = await open(temporary, "wx", before === null ? 0o666 : before.mode & 0o7777);
  try {
    await handle.writeFile(bytes);
    if (before !== null) {
      await keepOwner(handle, before);
      await handle.chmod(before.mode & 0o7777);
    }
    await handle.sync();
    await handle.close();
    if (!sameFile(before, await statOrNull(path))) {
      throw new ToolError(
        "STALE",
        `${path} was changed by something else just now.`,
        "Read it again, then repeat the change.",
      );
    }
    await rename(temporary, path);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await removeTemporary(path, callId).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}
