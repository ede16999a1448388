// Where the caret goes: by atoms, words, lines.
import type { Atom, Fragment } from "./atoms.ts";
import { after, before, compare, endOf, lineAt, origin, type Position } from "./buffer.ts";

/** Moves of the caret that the text alone decides. */
export type Motion =
  | "left"
  | "right"
  | "word_left"
  | "word_right"
  | "blank_left"
  | "line_start"
  | "line_end"
  | "start"
  | "end";

/** Where a move ends. */
export function move(lines: Fragment, at: Position, motion: Motion): Position {
  switch (motion) {
    case "left":
      return before(lines, at);
    case "right":
      return after(lines, at);
    case "word_left":
      return skip(lines, at, before, -1, isWord);
    case "word_right":
      return skip(lines, at, after, 0, isWord);
    case "blank_left":
      return skip(lines, at, before, -1, isInk);
    case "line_start":
      return { line: at.line, column: 0 };
    case "line_end":
      return { line: at.line, column: lineAt(lines, at.line).length };
    case "start":
      return origin;
    case "end":
      return endOf(lines);
  }
}

/** Goes over what is no word, then to the end of the one word behind it. A paste is a word of its own. */
function skip(
  lines: Fragment,
  at: Position,
  step: (lines: Fragment, at: Position) => Position,
  offset: number,
  isPart: (atom: Atom) => boolean,
): Position {
  const next = ({ line, column }: Position) => lineAt(lines, line)[column + offset];
  let place = at;
  for (;;) {
    const atom = next(place);
    if (atom !== undefined && isPart(atom)) break;
    const moved = step(lines, place);
    if (compare(moved, place) === 0) return place;
    place = moved;
  }
  if (typeof next(place) !== "string") return step(lines, place);
  for (;;) {
    const atom = next(place);
    if (typeof atom !== "string" || !isPart(atom)) return place;
    place = step(lines, place);
  }
}

function isWord(atom: Atom): boolean {
  return typeof atom !== "string" || /^[\p{L}\p{N}\p{M}_]/u.test(atom);
}

function isInk(atom: Atom): boolean {
  return typeof atom !== "string" || !/^\s/u.test(atom);
}
