// The search engine for where ripgrep is not there or cannot express the pattern. Runs in the pool: a pattern that
// takes for ever is ended with its thread.
import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathMatcher } from "./globs.ts";
import { chainAbove } from "./ignore.ts";
import { byPath, type GrepCounts, type GrepLine, type GrepQuery, maxFileBytes, maxFiles } from "./query.ts";
import { walkFiles } from "./walk.ts";

const sliceBytes = 1 << 20;

/** The text of a file as a search sees it, in slices of whole lines; null for what is not text. */
function* slices(bytes: Buffer, isNamed: boolean): Generator<string, void> {
  const mark = bytes.readUInt16BE.bind(bytes);
  if (bytes.length >= 2 && (mark(0) === 0xfffe || mark(0) === 0xfeff)) {
    yield new TextDecoder(mark(0) === 0xfffe ? "utf-16le" : "utf-16be").decode(bytes);
    return;
  }
  if (!isNamed && bytes.includes(0)) return;
  let from = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  while (from < bytes.length) {
    const end = from + sliceBytes >= bytes.length ? -1 : bytes.indexOf(10, from + sliceBytes);
    const slice = bytes.subarray(from, end === -1 ? bytes.length : end + 1);
    yield slice.toString(isUtf8(slice) ? "utf8" : "latin1");
    from += slice.length;
  }
}

function* linesIn(bytes: Buffer, isNamed: boolean): Generator<string, void> {
  for (const slice of slices(bytes, isNamed)) {
    const lines = slice.split("\n");
    if (slice.endsWith("\n")) lines.pop();
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}

async function load(path: string): Promise<Buffer | null> {
  try {
    const { size } = await stat(path);
    return size > maxFileBytes ? null : await readFile(path);
  } catch {
    return null;
  }
}

function countIn(bytes: Buffer, regex: RegExp, isNamed: boolean): number {
  let count = 0;
  for (const line of linesIn(bytes, isNamed)) if (regex.test(line)) count += 1;
  return count;
}

/** The matching lines of one file, `limit` at most, each with `context` lines around it. */
function excerpt(file: string, bytes: Buffer, regex: RegExp, query: GrepQuery): GrepLine[] {
  const found: GrepLine[] = [];
  const before: GrepLine[] = [];
  let number = 0;
  let matches = 0;
  let after = 0;
  for (const text of linesIn(bytes, query.file !== null)) {
    number += 1;
    if (matches < query.limit && regex.test(text)) {
      found.push(...before.splice(0), { file, line: number, text, isMatch: true });
      matches += 1;
      after = query.context;
      continue;
    }
    const line = { file, line: number, text, isMatch: false };
    if (after > 0) {
      found.push(line);
      after -= 1;
    } else if (matches >= query.limit) break;
    else if (query.context > 0) {
      before.push(line);
      if (before.length > query.context) before.shift();
    }
  }
  return found;
}

async function filesOf(query: GrepQuery): Promise<{ files: string[]; truncated: boolean }> {
  if (query.file !== null) return { files: [query.file], truncated: false };
  const above = chainAbove(query.root);
  const { files, truncated } = await walkFiles(query.root, { hidden: query.hidden, above, maxFiles });
  if (query.glob === null) return { files, truncated };
  return { files: files.filter(await pathMatcher(query.glob)), truncated };
}

function regexOf(query: GrepQuery): RegExp {
  return new RegExp(query.pattern.js, query.pattern.ignoreCase ? "iu" : "u");
}

/** Counts the matching lines of each file. */
export async function countMatches(query: GrepQuery): Promise<GrepCounts> {
  const regex = regexOf(query);
  const { files, truncated } = await filesOf(query);
  const counts: GrepCounts["counts"] = [];
  for (const file of files) {
    const bytes = await load(join(query.root, file));
    const count = bytes === null ? 0 : countIn(bytes, regex, query.file !== null);
    if (count > 0) counts.push([file, count]);
  }
  return { counts: byPath(counts), truncated };
}

/** The matching lines of these files, with those around them. */
export async function matchingLines({ query, files }: { query: GrepQuery; files: string[] }): Promise<GrepLine[]> {
  const regex = regexOf(query);
  const lines: GrepLine[] = [];
  for (const file of files) {
    const bytes = await load(join(query.root, file));
    if (bytes !== null) lines.push(...excerpt(file, bytes, regex, query));
  }
  return lines;
}
