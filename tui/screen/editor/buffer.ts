// Lines of atoms with places in them. Every change to the text goes through `replaceRange`.
import { type Fragment, joinLines, type Line } from "./atoms.ts";

/** A place between two atoms. */
export interface Position {
  /** The line, from 0. */
  readonly line: number;
  /** Atoms of the line before the place. */
  readonly column: number;
}

/** Two places, the first not behind the second. */
export interface Range {
  readonly from: Position;
  readonly to: Position;
}

export const origin: Position = { line: 0, column: 0 };

const noLine: Line = [];

/** The line of a fragment; an empty one where there is none. */
export function lineAt(lines: Fragment, index: number): Line {
  return lines[index] ?? noLine;
}

/** The place behind everything. */
export function endOf(lines: Fragment): Position {
  const line = lines.length - 1;
  return { line, column: lineAt(lines, line).length };
}

/** Negative, 0 or positive, as `a` stands before, at or behind `b`. */
export function compare(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** The range between two places, whichever comes first. */
export function between(a: Position, b: Position): Range {
  return compare(a, b) <= 0 ? { from: a, to: b } : { from: b, to: a };
}

/** One atom back, over the end of the line before; the beginning stays where it is. */
export function before(lines: Fragment, { line, column }: Position): Position {
  if (column > 0) return { line, column: column - 1 };
  return line > 0 ? { line: line - 1, column: lineAt(lines, line - 1).length } : origin;
}

/** One atom on, over the end of the line; the end stays where it is. */
export function after(lines: Fragment, { line, column }: Position): Position {
  if (column < lineAt(lines, line).length) return { line, column: column + 1 };
  return line + 1 < lines.length ? { line: line + 1, column: 0 } : { line, column };
}

/** A place as near as there is one. */
export function clamp(lines: Fragment, { line, column }: Position): Position {
  const row = Math.max(0, Math.min(line, lines.length - 1));
  return { line: row, column: Math.max(0, Math.min(column, lineAt(lines, row).length)) };
}

/** What stands between two places. */
export function slice(lines: Fragment, { from, to }: Range): Fragment {
  if (from.line === to.line) return [lineAt(lines, from.line).slice(from.column, to.column)];
  const head = lineAt(lines, from.line).slice(from.column);
  const tail = lineAt(lines, to.line).slice(0, to.column);
  return [head, ...lines.slice(from.line + 1, to.line), tail];
}

/** Puts a fragment in the place of a range. `end` is the border behind what was put there. */
export function replaceRange(
  lines: Fragment,
  { from, to }: Range,
  fragment: Fragment,
): { lines: Fragment; end: Position } {
  const head = lineAt(lines, from.line).slice(0, from.column);
  const tail = lineAt(lines, to.line).slice(to.column);
  const last = fragment.length - 1;
  const opened = joinLines(head, lineAt(fragment, 0)).line;
  const closed = joinLines(last === 0 ? opened : lineAt(fragment, last), tail);
  const middle = last === 0 ? [closed.line] : [opened, ...fragment.slice(1, last), closed.line];
  return {
    lines: lines.slice(0, from.line).concat(middle, lines.slice(to.line + 1)),
    end: { line: from.line + last, column: closed.seam },
  };
}
