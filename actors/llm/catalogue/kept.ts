// What was looked up, kept on disk between runs. A cache and nothing more: whatever is wrong with it, it is not there.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asObject, parseJson } from "../../shape.ts";

/** An answer as it came, and when: milliseconds since 1970. */
export interface Answered {
  raw: unknown;
  asOf: number;
}

/** The place of one answer. */
export interface Kept {
  /** The answer, or null when there is none that can be read. */
  read(): Promise<Answered | null>;
  /** Replaces it, whole or not at all. Never throws. */
  write(answered: Answered): Promise<void>;
}

/** Bytes of a file that is read. */
const mostBytes = 16 * 1024 * 1024;

/**
 * The place in a folder for the answer to this question; null when there is no folder. The question itself is not
 * written down: an address may hold a password.
 */
export function keptIn(folder: string | null, question: string): Kept | null {
  if (folder === null) return null;
  const hash = createHash("sha256").update(question).digest("hex").slice(0, 24);
  const path = join(folder, `models-${hash}.json`);
  return {
    async read() {
      try {
        if ((await stat(path)).size > mostBytes) return null;
        const file = asObject(parseJson(await readFile(path, "utf8")));
        const asOf = file?.as_of;
        if (file?.version !== 1 || typeof asOf !== "number") return null;
        // An answer from the future would count as fresh for ever.
        return asOf <= Date.now() ? { raw: file.answer, asOf } : null;
      } catch {
        return null;
      }
    },
    async write({ raw, asOf }) {
      const draft = `${path}.${randomUUID()}.tmp`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(draft, JSON.stringify({ version: 1, as_of: asOf, answer: raw }), { mode: 0o600 });
        await rename(draft, path);
      } catch {
        // A full or read-only disk must not cost the user more than the next fetch.
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
  };
}
