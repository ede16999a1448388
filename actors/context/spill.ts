// Keeps the whole of texts that are cut, in files named by their content: the same text is the same file, so cutting it
// again after a crash changes nothing.
import { createHash } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Texts to keep, by the file that will hold them, and the files that could not be written. */
export interface Spills {
  dir: string;
  wanted: Map<string, string>;
  failed: Set<string>;
}

export function createSpills(dir: string): Spills {
  return { dir, wanted: new Map(), failed: new Set() };
}

/** The file for a text, which is remembered to be written; null when that was tried and failed. */
export function handleFor(spills: Spills, text: string): string | null {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 20);
  const file = join(spills.dir, `cut-${hash}.txt`);
  if (spills.failed.has(file)) return null;
  spills.wanted.set(file, text);
  return file;
}

/**
 * Writes the files that the texts name, readable by the user alone; what was cut and then not used after all is
 * forgotten. Returns whether all of them are there now.
 */
export async function writeSpills(spills: Spills, texts: readonly string[]): Promise<boolean> {
  const wanted = [...spills.wanted].filter(([file]) => texts.some((text) => text.includes(file)));
  spills.wanted.clear();
  if (wanted.length === 0) return true;
  await mkdir(spills.dir, { recursive: true, mode: 0o700 }).catch(() => {});
  for (const [file, text] of wanted) if (!(await keep(file, text))) spills.failed.add(file);
  return wanted.every(([file]) => !spills.failed.has(file));
}

async function keep(file: string, text: string): Promise<boolean> {
  const there = await stat(file).catch(() => null);
  if (there?.isFile() === true && there.size === Buffer.byteLength(text)) return true;
  const half = `${file}.${process.pid}.part`;
  try {
    await writeFile(half, text, { mode: 0o600 });
    await rename(half, file);
    return true;
  } catch {
    await rm(half, { force: true }).catch(() => {});
    return false;
  }
}
