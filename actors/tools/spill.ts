// Keeps the whole of a text that was cut for the model.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A file name for a call id, which comes from a provider and may hold anything. */
export function fileNameOf(callId: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(callId)) return `${callId}.txt`;
  const hash = createHash("sha256").update(callId).digest("hex").slice(0, 12);
  return `${callId.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 60)}-${hash}.txt`;
}

/** Writes the text to a file of the call's own, readable by the user alone; null when that is not possible. */
export async function spill(dir: string, callId: string, text: string): Promise<string | null> {
  const file = join(dir, fileNameOf(callId));
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600 });
    return file;
  } catch {
    return null;
  }
}
