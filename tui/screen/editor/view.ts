// The input as it stands on the screen: rows of cells, and the caret in them.
import { graphemes } from "../cells/graphemes.ts";
import type { Row, StyleId } from "../cells/types.ts";
import { graphemeWidth } from "../cells/width.ts";
import { type Atom, type Line, visibleAtom } from "./atoms.ts";
import { compare, lineAt, type Position, type Range } from "./buffer.ts";
import { cellOf, cellsOf, rowsOf, type VisualRow } from "./layout.ts";
import { type Editor, selectionOf } from "./state.ts";

/** Rows of the input that are shown at most. */
export const mostRows = 8;

/** What a mark stands on that has no letter of its own. */
const markBase = "\u25cc";

/** How the input is to look, and the place for it. */
export interface ViewOptions {
  /** Cells of a row, the caret's at its end among them. */
  readonly width: number;
  /** Rows at most; at least one is shown. */
  readonly maxRows?: number;
  /** The row that was uppermost last time; it stays so as long as the caret is in sight. */
  readonly top?: number;
  readonly styles: { readonly text: StyleId; readonly selection: StyleId; readonly paste: StyleId };
}

/** The rows that are in sight. */
export interface EditorView {
  readonly rows: Row[];
  /** The caret's cell in these rows, from 0. */
  readonly caret: { readonly x: number; readonly y: number };
  /** The uppermost row in sight; give it back next time. */
  readonly top: number;
  /** Rows of the whole text. */
  readonly total: number;
}

/** Rows that the input takes at a width, for whoever lays the screen out. */
export function heightOf({ lines }: Editor, width: number, maxRows = mostRows): number {
  return Math.max(1, Math.min(maxRows, rowsOf(lines, width).length));
}

/** The rows in sight. Paints no more than these, however long the text is. */
export function viewOf(editor: Editor, { width, maxRows = mostRows, top = 0, styles }: ViewOptions): EditorView {
  const { lines } = editor;
  const all = rowsOf(lines, width);
  const { row, cell } = cellOf(lines, all, editor.caret);
  const height = Math.max(1, Math.min(maxRows, all.length));
  const lowest = Math.min(Math.max(top, row - height + 1), row);
  const first = Math.max(0, Math.min(lowest, all.length - height));
  const selected = selectionOf(editor);
  const rows = all
    .slice(first, first + height)
    .map((shown) => paint(lineAt(lines, shown.line), shown, selected, styles));
  return { rows, caret: { x: Math.min(cell, Math.max(0, width - 1)), y: row - first }, top: first, total: all.length };
}

function paint(
  line: Line,
  { line: index, from, to }: VisualRow,
  selected: Range | null,
  styles: ViewOptions["styles"],
) {
  const row: Row = { glyphs: [], styles: [] };
  for (let column = from; column < to; column++) {
    const atom = line[column] ?? "";
    const own = typeof atom === "string" ? styles.text : styles.paste;
    const style = isWithin({ line: index, column }, selected) ? styles.selection : own;
    for (const glyph of glyphsOf(atom)) {
      row.glyphs.push(glyph);
      row.styles.push(style);
    }
  }
  return row;
}

function isWithin(at: Position, range: Range | null): boolean {
  return range !== null && compare(range.from, at) <= 0 && compare(at, range.to) < 0;
}

/** What stands in the cells of an atom, one for each. */
function glyphsOf(atom: Atom): string[] {
  if (atom === "\t") return Array<string>(cellsOf(atom)).fill(" ");
  return graphemes(visibleAtom(atom)).flatMap((glyph) => {
    const width = graphemeWidth(glyph);
    return width === 2 ? [glyph, ""] : [width === 0 ? `${markBase}${glyph}` : glyph];
  });
}
