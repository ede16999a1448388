// Answers that are kept on disk between runs, each with what confirms it. A cache and nothing more: whatever is wrong
// with it, it is not there.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asObject, asText, parseJson } from "../shape.ts";

/** A kept answer. */
export interface KeptAnswer {
  /** Where it came from, after redirects. */
  url: string;
  headers: [string, string][];
  /** When it was fetched or last confirmed, milliseconds since 1970. */
  at: number;
  body: Uint8Array;
}

/** Answers by what was asked. */
export interface AnswerCache {
  read(question: string): Promise<KeptAnswer | null>;
  /** Keeps an answer, whole or not at all. Never throws. */
  write(question: string, answer: KeptAnswer): Promise<void>;
}

/** Bytes of an answer that is kept. */
export const mostKeptBytes = 16 * 1024 * 1024;
/** Bytes of all kept answers together; beyond it the least used go. */
const mostBytes = 256 * 1024 * 1024;
/** Answers after whose writing the folder is looked at again. */
const sweepEvery = 64;

/** Headers that are worth keeping: what confirms the body, what it is, and where the next page is. */
const keptHeaders = ["etag", "last-modified", "content-type", "link", "x-repo-commit", "x-total-count"];

/** The headers of an answer that are kept with it. */
export function worthKeeping(headers: Headers): [string, string][] {
  return keptHeaders.flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
}

/** The cache in a folder. A question may hold what is private, so only its hash is written down. */
export function openCache(folder: string): AnswerCache {
  let written = 0;
  const pathOf = (question: string) => join(folder, `${createHash("sha256").update(question).digest("hex")}.kept`);
  return {
    async read(question) {
      const path = pathOf(question);
      try {
        if ((await stat(path)).size > mostKeptBytes + 64 * 1024) return null;
        const kept = unpack(await readFile(path));
        if (kept === null) return null;
        const now = new Date();
        await utimes(path, now, now).catch(() => undefined);
        // An answer from the future would count as fresh for ever.
        return kept.at <= Date.now() ? kept : null;
      } catch {
        return null;
      }
    },
    async write(question, answer) {
      if (answer.body.length > mostKeptBytes) return;
      const path = pathOf(question);
      const draft = `${path}.${randomUUID()}.tmp`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(draft, pack(answer), { mode: 0o600 });
        await rename(draft, path);
        if (written++ % sweepEvery === 0) await sweep(folder);
      } catch {
        // A full or read-only disk must not cost the user more than the next request.
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** One line of JSON, then the body. */
function pack({ body, ...rest }: KeptAnswer): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ version: 1, ...rest, bytes: body.length })}\n`), body]);
}

function unpack(file: Buffer): KeptAnswer | null {
  const end = file.indexOf(0x0a);
  const head = asObject(parseJson(file.subarray(0, Math.max(0, end)).toString("utf8")));
  const body = file.subarray(end + 1);
  if (head?.version !== 1 || head.bytes !== body.length || typeof head.at !== "number") return null;
  const headers = Array.isArray(head.headers) ? (head.headers as [string, string][]) : [];
  return { url: asText(head.url), headers, at: head.at, body };
}

/** Takes away what was used longest ago until the rest fits, and drafts that nobody finished. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      return { path, size: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }),
  );
  files.sort((a, b) => b.used - a.used);
  let sum = 0;
  const old = Date.now() - 3_600_000;
  for (const { path, size, used } of files) {
    const isLeft = path.endsWith(".tmp") && used < old;
    sum += size;
    if (isLeft || sum > mostBytes) await rm(path, { force: true });
  }
}
