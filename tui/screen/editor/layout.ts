// The input in rows of a given width: where the lines break, and where the caret is.
import { textWidth } from "../cells/width.ts";
import { type Atom, type Fragment, type Line, visibleAtom } from "./atoms.ts";
import { compare, lineAt, type Position } from "./buffer.ts";
import type { Editor } from "./state.ts";

/** Cells that a tab takes: a place to break a line at, no table. */
const tabCells = 4;

/** A part of a line that stands in one row. */
export interface VisualRow {
  readonly line: number;
  /** Atoms of the line, from and up to. */
  readonly from: number;
  readonly to: number;
}

/** Breaks of one line: the column at which each of its rows begins. */
type Breaks = readonly number[];

const knownBreaks = new WeakMap<Line, { width: number; breaks: Breaks }>();

/** Graphemes beyond ASCII whose cells are remembered. */
const remembered = 10_000;
const knownCells = new Map<string, number>();

/** Cells that an atom takes. */
export function cellsOf(atom: Atom): number {
  if (typeof atom !== "string") return textWidth(visibleAtom(atom));
  if (atom.length === 1 && atom >= " " && atom <= "~") return 1;
  const known = knownCells.get(atom);
  if (known !== undefined) return known;
  // What takes no cell of its own is shown on a circle, so that the caret can be told from one place to the next.
  const found = atom === "\t" ? tabCells : Math.max(1, textWidth(visibleAtom(atom)));
  if (knownCells.size >= remembered) knownCells.clear();
  knownCells.set(atom, found);
  return found;
}

/**
 * Where a line breaks: behind the last space that fits, else where it is full. The last cell of a row is the caret's.
 */
function breaksOf(line: Line, width: number): Breaks {
  const cached = knownBreaks.get(line);
  if (cached?.width === width) return cached.breaks;
  const room = Math.max(1, width - 1);
  const breaks = [0];
  let start = 0;
  let used = 0;
  let afterSpace = 0;
  for (const [column, atom] of line.entries()) {
    const taken = cellsOf(atom);
    // What is moved to the next row may leave too little room there as well.
    while (used + taken > room && column > start) {
      start = afterSpace > start ? afterSpace : column;
      breaks.push(start);
      used = 0;
      for (let moved = start; moved < column; moved++) used += cellsOf(line[moved] ?? "");
    }
    used += taken;
    if (atom === " " || atom === "\t") afterSpace = column + 1;
  }
  knownBreaks.set(line, { width, breaks });
  return breaks;
}

/** All rows of a text, at `width` cells. At least one. */
export function rowsOf(lines: Fragment, width: number): VisualRow[] {
  return lines.flatMap((line, index) => {
    const breaks = breaksOf(line, width);
    return breaks.map((from, row) => ({ line: index, from, to: breaks[row + 1] ?? line.length }));
  });
}

/** The row in which a place is, and its cell there. A place between two rows is at the beginning of the second. */
export function cellOf(lines: Fragment, rows: readonly VisualRow[], at: Position): { row: number; cell: number } {
  let low = 0;
  for (let high = rows.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    const { line, from } = rows[middle] ?? { line: 0, from: 0 };
    if (compare({ line, column: from }, at) <= 0) low = middle;
    else high = middle - 1;
  }
  const line = lineAt(lines, at.line);
  let cell = 0;
  for (let column = rows[low]?.from ?? 0; column < at.column; column++) cell += cellsOf(line[column] ?? "");
  return { row: low, cell };
}

/** The place in a row that is nearest to a cell, not behind it. */
export function placeIn(lines: Fragment, rows: readonly VisualRow[], row: number, cell: number): Position {
  const { line, from, to } = rows[row] ?? { line: 0, from: 0, to: 0 };
  const atoms = lineAt(lines, line);
  // The end of a row that is broken is the beginning of the next.
  const last = to < atoms.length ? to - 1 : to;
  let column = from;
  for (let used = 0; column < last; column++) {
    used += cellsOf(atoms[column] ?? "");
    if (used > cell) break;
  }
  return { line, column };
}

/** Moves the caret by a row as shown, keeping to its column over shorter rows. */
export function moveByRow(editor: Editor, by: 1 | -1, width: number): Editor {
  const { lines } = editor;
  const rows = rowsOf(lines, width);
  const { row, cell } = cellOf(lines, rows, editor.caret);
  const target = row + by;
  const kept = { ...editor, anchor: null, yanked: null, chain: null };
  if (target < 0 || target >= rows.length) return kept;
  const goal = editor.goal ?? cell;
  return { ...kept, caret: placeIn(lines, rows, target, goal), goal };
}

/** The place nearest to a row and a cell, which may lie outside the text. */
export function placeAt(lines: Fragment, at: { row: number; cell: number; width: number }): Position {
  const rows = rowsOf(lines, at.width);
  return placeIn(lines, rows, Math.max(0, Math.min(at.row, rows.length - 1)), at.cell);
}

/** Whether the caret is in the first, or the last row. */
export function atEdge({ lines, caret }: Editor, width: number): { top: boolean; bottom: boolean } {
  const rows = rowsOf(lines, width);
  const { row } = cellOf(lines, rows, caret);
  return { top: row === 0, bottom: row === rows.length - 1 };
}

/** The last place in the first row. */
export function firstRowEnd(lines: Fragment, width: number): Position {
  return placeIn(lines, rowsOf(lines, width), 0, Number.POSITIVE_INFINITY);
}
