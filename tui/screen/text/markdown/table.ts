// Tables fitted to the screen: columns give way, the widest first, and cells wrap. Where not even that fits, each row
// becomes a list of its cells under their headings.
import type { Tokens } from "marked";
import { addBlanks, emptyRow, linesOf } from "../../cells/layout.ts";
import type { Row, Span } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import { wrap } from "../../cells/wrap.ts";
import type { Look } from "../look.ts";
import { inlineSpans } from "./inline.ts";
import { beside, rule } from "./rows.ts";

/** Cells between two columns. */
const between = 3;
/** Cells that a column has at least, and up to which a word in it is kept whole. */
const leastColumn = 4;
const wholeWord = 16;
/** How much wider the words of a table may be than the screen before its rows become lists. */
const mostBroken = 1.4;

type Align = Tokens.Table["align"][number];

/** A table as rows of at most `width` cells. */
export function tableRows({ header, align, rows }: Tokens.Table, width: number, look: Look): Row[] {
  const { theme, ascii } = look;
  const heads = header.map(({ tokens }) => inlineSpans(tokens, theme.strong, look));
  const body = rows.map((cells) => cells.map(({ tokens }) => inlineSpans(tokens, theme.text, look)));
  const widths = columnWidths([heads, ...body], width - between * (heads.length - 1));
  if (widths === null) return records(heads, body, width, look);
  const bar = { text: ascii ? " | " : " │ ", style: theme.border };
  const joint = ascii ? "-+-" : "─┼─";
  const line = emptyRow();
  for (const [column, cells] of widths.entries()) {
    const dashes = (ascii ? "-" : "─").repeat(cells);
    for (const character of column === 0 ? dashes : `${joint}${dashes}`) {
      line.glyphs.push(character);
      line.styles.push(theme.border);
    }
  }
  const laid = (cells: Span[][]): Row[] => gridRow(cells, widths, align, bar, look);
  return [...laid(heads), line, ...body.flatMap(laid)];
}

/** The width of each column so that all fit into `room` cells; null when they cannot. */
function columnWidths(rows: readonly Span[][][], room: number): number[] | null {
  const count = rows[0]?.length ?? 0;
  if (count === 0 || room < count) return null;
  const widths: number[] = [];
  const floors: number[] = [];
  for (let column = 0; column < count; column++) {
    let natural = 1;
    let word = 1;
    for (const row of rows) {
      const spans = row[column] ?? [];
      for (const line of linesOf(spans)) natural = Math.max(natural, line.glyphs.length);
      const text = spans.map((span) => span.text).join("");
      for (const part of text.split(/\s+/)) word = Math.max(word, Math.min(wholeWord, textWidth(part)));
    }
    widths.push(Math.min(natural, Math.max(1, room)));
    floors.push(Math.min(natural, Math.max(leastColumn, word)));
  }
  const least = widths.map((natural) => Math.min(natural, leastColumn));
  // A grid of broken words is harder to read than a list.
  if (sum(least) > room || sum(floors) > room * mostBroken) return null;
  shrink(widths, floors, room);
  shrink(widths, least, room);
  return widths;
}

/** Takes from the widest column, cell by cell, until all fit or every column is at its floor. */
function shrink(widths: number[], floors: readonly number[], room: number): void {
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    let widest = -1;
    for (const [column, width] of widths.entries()) {
      if (width > (floors[column] ?? 0) && width > (widths[widest] ?? 0)) widest = column;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
}

function gridRow(
  cells: readonly Span[][],
  widths: readonly number[],
  align: readonly Align[],
  bar: Span,
  look: Look,
): Row[] {
  const columns = widths.map((width, column) => wrap(cells[column] ?? [], width));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) => {
    let row = emptyRow();
    for (const [column, width] of widths.entries()) {
      if (column > 0) row = beside(row, { glyphs: [...bar.text], styles: [...bar.text].map(() => bar.style) });
      const line = columns[column]?.[y] ?? emptyRow();
      const free = Math.max(0, width - line.glyphs.length);
      const side = align[column];
      const left = side === "right" ? free : side === "center" ? Math.floor(free / 2) : 0;
      addBlanks(row, left, look.theme.text);
      row = beside(row, line);
      addBlanks(row, free - left, look.theme.text);
    }
    return row;
  });
}

/** Each row of the table as lines of `heading: cell`. */
function records(heads: readonly Span[][], body: readonly Span[][][], width: number, look: Look): Row[] {
  const { theme, ascii } = look;
  const line = (): Row => rule(ascii ? "-" : "─", theme.border, Math.min(width, 8));
  if (body.length === 0) return heads.flatMap((head) => wrap(head, width));
  return body.flatMap((cells, index) => [
    ...(index > 0 ? [line()] : []),
    ...heads.flatMap((head, column) =>
      wrap([...head, { text: ": ", style: theme.dim }, ...(cells[column] ?? [])], width, {
        rest: [{ text: width > 8 ? "  " : "", style: theme.text }],
      }),
    ),
  ]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
