// The change of a file as a unified diff, cut to what is worth reading.
import type { ToolContext } from "../contract.ts";

/** Characters of what differs, on both sides, from which the comparison runs on another core. */
const poolFromChars = 50_000;
/** Characters beyond which two texts are not compared at all. */
const maxChars = 8_000_000;
/** Lines and characters of a diff that an answer shows. */
const maxDiffLines = 200;
const maxDiffChars = 12_000;
/** Milliseconds after which two texts count as too different to compare. */
const compareMs = 1_000;
const maxLineChars = 400;
const contextLines = 3;

/** Two texts to compare, which start at this line (counted from 1) of the files they come from. */
export interface DiffInput {
  before: string;
  after: string;
  firstLine: number;
}

/** A comparison: counts of lines, and the hunks as text. */
export interface Difference {
  added: number;
  removed: number;
  hunks: string;
}

/** Leaves out the lines that both texts begin and end with, but for those that a diff shows around a change. */
export function narrowed(before: string, after: string): DiffInput {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  let from = start;
  for (let lines = 0; lines <= contextLines && from > 0; lines++) from = before.lastIndexOf("\n", from - 1);
  from = Math.max(0, from + (from > 0 ? 1 : 0));
  let to = before.length - end;
  for (let lines = 0; lines <= contextLines && to < before.length; lines++) {
    const next = before.indexOf("\n", to);
    to = next === -1 ? before.length : next + 1;
  }
  let firstLine = 1;
  for (let at = before.indexOf("\n"); at !== -1 && at < from; at = before.indexOf("\n", at + 1)) firstLine += 1;
  return { before: before.slice(from, to), after: after.slice(from, after.length - (before.length - to)), firstLine };
}

/** Compares two texts line by line; null when they differ too much to compare in time. Pure; heavy for large texts. */
export async function compare({ before, after, firstLine }: DiffInput): Promise<Difference | null> {
  const { structuredPatch } = await import("diff");
  const patch = structuredPatch("a", "b", before, after, "", "", { context: contextLines, timeout: compareMs });
  if (patch === undefined) return null;
  const all = patch.hunks.flatMap((hunk) => {
    const from = firstLine - 1;
    return [`@@ -${hunk.oldStart + from},${hunk.oldLines} +${hunk.newStart + from},${hunk.newLines} @@`, ...hunk.lines];
  });
  const shown: string[] = [];
  let chars = 0;
  for (const line of all) {
    const cut = line.length > maxLineChars ? `${line.slice(0, maxLineChars)}…` : line;
    if (shown.length >= maxDiffLines || chars + cut.length > maxDiffChars) break;
    shown.push(cut);
    chars += cut.length + 1;
  }
  const left = all.length - shown.length;
  if (left > 0) shown.push(`[${left} more lines of the diff left out]`);
  return {
    added: all.filter((line) => line.startsWith("+")).length,
    removed: all.filter((line) => line.startsWith("-")).length,
    hunks: shown.join("\n"),
  };
}

function withoutCr(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}

/**
 * The change from one text to the other, compared here, or on another core when much differs. Null when it is too
 * much to compare. Line ends count as equal.
 */
export async function difference(
  before: string,
  after: string,
  context: Pick<ToolContext, "pool">,
): Promise<Difference | null> {
  const input = narrowed(withoutCr(before), withoutCr(after));
  const size = input.before.length + input.after.length;
  if (size > maxChars) return null;
  return size > poolFromChars ? context.pool<Difference | null>("compare", input) : compare(input);
}
