// What is being named at the caret: a file behind `@`, a command behind `/`, a line behind `!`.
import type { Fragment } from "./atoms.ts";
import { lineAt, type Position, type Range } from "./buffer.ts";

/** The signs that ask for a completion. */
export type Sign = "@" | "/" | "!";

/** A name that is being typed. */
export interface Mention {
  readonly sign: Sign;
  /** What stands behind the sign, up to the caret. */
  readonly query: string;
  /** The sign and all of the name, also what stands behind the caret. */
  readonly range: Range;
}

/** Atoms of a name at most: what is longer is none. */
const longestName = 256;

/** What is being named at a place; null: nothing. */
export function mentionAt(lines: Fragment, at: Position): Mention | null {
  return wholeLine(lines, at) ?? fileAt(lines, at);
}

/** `/` and `!` stand at the very beginning, and the name goes on to a space, or for `!` to the end of the line. */
function wholeLine(lines: Fragment, at: Position): Mention | null {
  const line = lineAt(lines, 0);
  const sign = line[0];
  if (at.line !== 0 || at.column === 0 || (sign !== "/" && sign !== "!")) return null;
  // Doubled, the sign is meant as text.
  if (line[1] === sign) return null;
  const words = sign === "!";
  const end = nameEnd(line, 1, words);
  if (at.column > end || end > longestName) return null;
  return mention(sign, line, at, 0, end);
}

/** `@` begins a name at the beginning of a word; with quotation marks, spaces belong to the name. */
function fileAt(lines: Fragment, at: Position): Mention | null {
  const line = lineAt(lines, at.line);
  const least = Math.max(0, at.column - longestName);
  for (let start = at.column - 1; start >= least; start--) {
    const atom = line[start];
    if (typeof atom !== "string") return null;
    if (atom !== "@" || !beginsWord(line[start - 1])) continue;
    const quoted = line[start + 1] === '"';
    const end = quoted ? quoteEnd(line, start + 2) : nameEnd(line, start + 1, false);
    return at.column <= end ? mention("@", line, at, start, end) : null;
  }
  return null;
}

function mention(sign: Sign, line: Fragment[number], at: Position, start: number, end: number): Mention {
  const typed = line.slice(start + 1, at.column).join("");
  return {
    sign,
    query: sign === "@" ? typed.replace(/^"|"$/g, "") : typed,
    range: { from: { line: at.line, column: start }, to: { line: at.line, column: end } },
  };
}

function beginsWord(before: unknown): boolean {
  return before === undefined || (typeof before === "string" && /^[\s([{"'`,;:]$/u.test(before));
}

function nameEnd(line: Fragment[number], from: number, spaces: boolean): number {
  const end = line.findIndex((atom, column) => {
    return column >= from && (typeof atom !== "string" || (!spaces && /^\s/u.test(atom)));
  });
  return end < 0 ? line.length : end;
}

function quoteEnd(line: Fragment[number], from: number): number {
  const end = line.findIndex((atom, column) => column >= from && (typeof atom !== "string" || atom === '"'));
  if (end < 0) return line.length;
  return line[end] === '"' ? end + 1 : end;
}
