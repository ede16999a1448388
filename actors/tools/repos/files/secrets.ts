// Keeps secrets from leaving with an upload: every text is looked through, and of what is no text the smaller files,
// where a pickle of settings may hold a token.
import { open } from "node:fs/promises";
import { createLeakFinder, type Leak, type LeakFinder } from "../../../redaction/leaks.ts";
import { ToolError } from "../../errors.ts";
import { kindOfBytes, sampleBytes } from "../../files/kind.ts";
import type { LocalFile } from "./local.ts";

/** Bytes that are looked through at once, and how many of them again with the next: a secret may lie across the seam. */
const pieceBytes = 1 << 20;
const seamBytes = 16 << 10;
/** Larger files that are no text are weights and tables, which hold no settings. */
const mostBinaryBytes = 64 << 20;
/** Files that are named in a refusal. */
const mostNamed = 10;

/** A file in which a secret was found. */
export interface LeakingFile extends Leak {
  path: string;
}

/** What may be looked through: all, or only what is small, for a look that has little time. */
export interface Extent {
  fileBytes: number;
  allBytes: number;
}
export const everything: Extent = { fileBytes: Number.POSITIVE_INFINITY, allBytes: Number.POSITIVE_INFINITY };
export const quickly: Extent = { fileBytes: 1 << 20, allBytes: 16 << 20 };

async function inFile({ file, size }: LocalFile, finder: LeakFinder, signal: AbortSignal): Promise<Leak | null> {
  const handle = await open(file, "r");
  try {
    let lines = 0;
    let isText = true;
    for (let at = 0; at < size; at += pieceBytes - seamBytes) {
      signal.throwIfAborted();
      const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, size - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return null;
      const bytes = buffer.subarray(0, bytesRead);
      if (at === 0) isText = kindOfBytes(bytes.subarray(0, sampleBytes)).kind === "text";
      if (!isText && size > mostBinaryBytes) return null;
      const leak = isText ? finder.inText(bytes.toString("utf8")) : finder.inBytes(bytes);
      if (leak !== null) return { ...leak, line: leak.line === null ? null : lines + leak.line };
      if (isText) lines += newlines(bytes.subarray(0, pieceBytes - seamBytes));
      if (at + bytesRead >= size) return null;
    }
    return null;
  } finally {
    await handle.close();
  }
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** Throws `FORBIDDEN`, naming the files, when one of them holds a secret. */
export async function refuseSecrets(
  files: readonly LocalFile[],
  secrets: readonly string[],
  extent: Extent,
  signal: AbortSignal,
): Promise<void> {
  const finder = createLeakFinder(secrets);
  const found: LeakingFile[] = [];
  let looked = 0;
  for (const file of files) {
    if (file.size > extent.fileBytes || looked + file.size > extent.allBytes) continue;
    looked += file.size;
    const leak = await inFile(file, finder, signal);
    if (leak !== null) found.push({ path: file.path, ...leak });
    if (found.length >= mostNamed) break;
  }
  if (found.length > 0) throw leaking(found);
}

/** The same for a text that was given. */
export function refuseSecretText(path: string, text: string, secrets: readonly string[]): void {
  const leak = createLeakFinder(secrets).inText(text);
  if (leak !== null) throw leaking([{ path, ...leak }]);
}

function leaking(files: readonly LeakingFile[]): ToolError {
  const named = files.map(({ path, label, line }) => `${path}${line === null ? "" : `:${line}`} (${label})`);
  const hint = "Take it out of the file or leave the file out. If it is none, the user can upload the file by hand.";
  return new ToolError(
    "FORBIDDEN",
    `Nothing was sent: there is what looks like a secret in ${named.join(", ")}.`,
    hint,
  );
}
