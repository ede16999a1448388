// The search engine for where ripgrep is not there or cannot express the pattern. Runs in the pool: a pattern that
// takes for ever is ended with its thread.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { pathMatcher } from "./globs.ts";
import { chainAbove } from "./ignore.ts";
import { byPath, type GrepCounts, type GrepLine, type GrepQuery, maxFileBytes, maxFiles } from "./query.ts";
import { walkFiles } from "./walk.ts";

const sliceBytes = 1 << 20;
const firstBytes = 1 << 16;

/** A file with a zero byte is binary, unless its first bytes say that it is UTF-16. */
function isWide(bytes: Buffer): boolean {
  if (bytes.length < 2) return false;
  const mark = bytes.readUInt16BE(0);
  return mark === 0xfffe || mark === 0xfeff;
}

/** The text of a file in slices of whole lines. */
function* slices(bytes: Buffer): Generator<string, void> {
  if (isWide(bytes)) {
    yield new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
    return;
  }
  let from = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  while (from < bytes.length) {
    const end = from + sliceBytes >= bytes.length ? -1 : bytes.indexOf(10, from + sliceBytes);
    const slice = bytes.subarray(from, end === -1 ? bytes.length : end + 1);
    yield slice.toString("utf8");
    from += slice.length;
  }
}

function linesOf(slice: string): string[] {
  const lines = slice.split("\n");
  if (slice.endsWith("\n")) lines.pop();
  return slice.includes("\r") ? lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)) : lines;
}

/** Reads a file; null when it is too large, binary (which a file that was asked for by name may be), or not readable. */
function load(path: string, isNamed: boolean): Buffer | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > maxFileBytes) return null;
    const bytes = Buffer.allocUnsafe(stats.size);
    const isBinary = (part: Buffer) => !isNamed && !isWide(bytes) && part.includes(0);
    let size = readSync(fd, bytes, 0, Math.min(firstBytes, bytes.length), 0);
    // The beginning gives most binary files away; the rest of them need not be read.
    if (isBinary(bytes.subarray(0, size))) return null;
    const first = size;
    for (let count = size; count > 0 && size < bytes.length; size += count) {
      count = readSync(fd, bytes, size, bytes.length - size, size);
    }
    return isBinary(bytes.subarray(first, size)) ? null : bytes.subarray(0, size);
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** The pattern for one line, and one that rules out whole slices at once where that is sound. */
interface Matcher {
  line: RegExp;
  slice: RegExp | null;
}

function matcherFor({ pattern }: GrepQuery): Matcher {
  const flags = pattern.ignoreCase ? "iu" : "u";
  // Without lookaround and backreferences, what matches in a line also matches in the text around it.
  return {
    line: new RegExp(pattern.js, flags),
    slice: pattern.rust === null ? null : new RegExp(pattern.js, `${flags}m`),
  };
}

function countIn(bytes: Buffer, { line, slice }: Matcher): number {
  let count = 0;
  for (const text of slices(bytes)) {
    if (slice !== null && !slice.test(text)) continue;
    for (const each of linesOf(text)) if (line.test(each)) count += 1;
  }
  return count;
}

function* linesIn(bytes: Buffer): Generator<string, void> {
  for (const slice of slices(bytes)) yield* linesOf(slice);
}

/** The matching lines of one file, `limit` at most, each with `context` lines around it. */
function excerpt(file: string, bytes: Buffer, regex: RegExp, query: GrepQuery): GrepLine[] {
  const found: GrepLine[] = [];
  const before: GrepLine[] = [];
  let number = 0;
  let matches = 0;
  let after = 0;
  for (const text of linesIn(bytes)) {
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

/** Counts the matching lines of each file. */
export async function countMatches(query: GrepQuery): Promise<GrepCounts> {
  const matcher = matcherFor(query);
  const { files, truncated } = await filesOf(query);
  const counts: GrepCounts["counts"] = [];
  for (const file of files) {
    const bytes = load(join(query.root, file), query.file !== null);
    const count = bytes === null ? 0 : countIn(bytes, matcher);
    if (count > 0) counts.push([file, count]);
  }
  return { counts: byPath(counts), truncated };
}

/** The matching lines of these files, with those around them. */
export async function matchingLines({ query, files }: { query: GrepQuery; files: string[] }): Promise<GrepLine[]> {
  const { line } = matcherFor(query);
  return files.flatMap((file) => {
    const bytes = load(join(query.root, file), query.file !== null);
    return bytes === null ? [] : excerpt(file, bytes, line, query);
  });
}
