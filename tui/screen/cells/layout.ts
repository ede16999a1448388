// Spans laid out into cells, on lines as long as they come.
import { capGrapheme, graphemes } from "./graphemes.ts";
import type { Row, Span, StyleId } from "./types.ts";
import { graphemeWidth, textWidth } from "./width.ts";

/** Cells from one tab stop to the next, where nothing else is said. */
export const tabWidth = 4;

/** A row without cells. */
export function emptyRow(): Row {
  return { glyphs: [], styles: [] };
}

/** The lines of spans, cut at line feeds only; a last line feed opens an empty line. */
export function linesOf(spans: readonly Span[], tab = tabWidth): Row[] {
  let row = emptyRow();
  const rows = [row];
  for (const { text, style } of spans) {
    const [first = "", ...others] = text.split("\n");
    addText(row, first, style, tab);
    for (const line of others) {
      row = emptyRow();
      rows.push(row);
      addText(row, line, style, tab);
    }
  }
  return rows;
}

/** One row of spans, as long as it comes; a line feed in them becomes a blank. */
export function rowOf(spans: readonly Span[], tab = tabWidth): Row {
  const row = emptyRow();
  for (const { text, style } of spans) addText(row, text.replaceAll("\n", " "), style, tab);
  return row;
}

/** Adds text to the end of a row. Tabs become blanks up to the next stop, controls are left out. */
export function addText(row: Row, text: string, style: StyleId, tab = tabWidth): void {
  for (const grapheme of graphemes(text)) {
    if (grapheme === "\t") addBlanks(row, tab - (row.glyphs.length % tab), style);
    else addGrapheme(row, grapheme, style);
  }
}

/** Adds blanks to the end of a row. */
export function addBlanks(row: Row, count: number, style: StyleId): void {
  for (let added = 0; added < count; added++) {
    row.glyphs.push(" ");
    row.styles.push(style);
  }
}

/** The cells from `start` up to `end` of a row; halves of wide graphemes at the edges become blanks. */
export function sliceRow(row: Row, start: number, end: number): Row {
  const part = { glyphs: row.glyphs.slice(start, end), styles: row.styles.slice(start, end) };
  if (part.glyphs.length === 0) return part;
  if (part.glyphs[0] === "") part.glyphs[0] = " ";
  if (row.glyphs[end] === "") part.glyphs[part.glyphs.length - 1] = " ";
  return part;
}

/**
 * Spans on one row of at most `width` cells; what does not fit gives way to an ellipsis in the style it had.
 *
 * @param keep Which end stays: the start of a sentence, the end of a path.
 */
export function cutRow(spans: readonly Span[], width: number, keep: "start" | "end" = "start"): Row {
  const row = rowOf(spans);
  const length = row.glyphs.length;
  if (length <= width) return row;
  if (width < 1) return emptyRow();
  const part = keep === "start" ? sliceRow(row, 0, width - 1) : sliceRow(row, length - width + 1, length);
  const style = row.styles[keep === "start" ? width - 1 : length - width] ?? 0;
  if (keep === "start") {
    part.glyphs.push("…");
    part.styles.push(style);
  } else {
    part.glyphs.unshift("…");
    part.styles.unshift(style);
  }
  return part;
}

/** Cells that spans take on one line. */
export function spansWidth(spans: readonly Span[]): number {
  return spans.some(({ text }) => /[\t\n]/.test(text))
    ? rowOf(spans).glyphs.length
    : spans.reduce((sum, { text }) => sum + textWidth(text), 0);
}

function addGrapheme(row: Row, grapheme: string, style: StyleId): void {
  const width = graphemeWidth(grapheme);
  if (width === 0) {
    joinMark(row, grapheme);
    return;
  }
  row.glyphs.push(grapheme);
  row.styles.push(style);
  if (width === 2) {
    row.glyphs.push("");
    row.styles.push(style);
  }
}

/** A mark that a change of style parted from its letter goes back to it; one that has no letter is left out. */
function joinMark(row: Row, mark: string): void {
  if (!/^[\p{Mn}\p{Me}\u200d]+$/u.test(mark)) return;
  const last = row.glyphs.length - 1;
  const at = row.glyphs[last] === "" ? last - 1 : last;
  const glyph = row.glyphs[at];
  if (glyph === undefined) return;
  // A mark may turn a narrow sign into a wide emoji; it keeps the one cell that it has.
  row.glyphs[at] = capGrapheme(glyph + mark);
}
