// What a block is once it is laid out, and the small tools that its renderers share.
import { cutRow, rowOf, spansWidth } from "../../cells/layout.ts";
import type { Colour, Row, Span, StyleId } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import type { Look } from "../../text/look.ts";
import { beside } from "../../text/markdown/rows.ts";
import type { RowList } from "../../text/markdown.ts";
import { type Marks, marksOf } from "../marks.ts";

/** A block in rows. */
export interface Laid {
  readonly rows: RowList;
  /** The first row at a time, milliseconds since 1970, where it shows time that passes; null: it stays as it is. */
  readonly moving: ((now: number) => Row) | null;
}

/** How a block is to be laid out. */
export interface Setting {
  readonly width: number;
  readonly open: boolean;
  readonly look: Look;
  readonly palette: readonly (Colour | undefined)[];
  readonly marks: Marks;
}

/** A setting with its signs. */
export function settingOf(width: number, open: boolean, look: Look, palette: Setting["palette"]): Setting {
  return { width: Math.max(1, Math.floor(width)), open, look, palette, marks: marksOf(look) };
}

/** Rows that are there already. */
export function still(rows: readonly Row[]): Laid {
  return { rows: { length: rows.length, at: (index) => rows[index] }, moving: null };
}

/** Rows whose first one shows the time. */
export function movingHead(head: (now: number) => Row, now: number, body: readonly Row[]): Laid {
  const rows = [head(now), ...body];
  return { rows: { length: rows.length, at: (index) => rows[index] }, moving: head };
}

/** Cells that the left end keeps beside the right one. */
const leastLeft = 12;

/** A row with something at either end. The left one is cut; of the right one, what comes first is left out first. */
export function twoEnded(left: readonly Span[], right: readonly Span[], width: number): Row {
  let kept = right;
  while (kept.length > 0 && spansWidth(kept) + leastLeft > width) kept = trimmed(kept.slice(1));
  if (kept.length === 0) return cutRow(left, width);
  const taken = spansWidth(kept);
  const begin = cutRow(left, width - taken - 1);
  const gap = { text: " ".repeat(width - taken - begin.glyphs.length), style: 0 };
  return beside(begin, rowOf([gap, ...kept]));
}

function trimmed([first, ...others]: readonly Span[]): Span[] {
  return first === undefined ? [] : [{ ...first, text: first.text.trimStart() }, ...others];
}

/** Text that hangs under a sign. */
export function signed(sign: string, signStyle: StyleId, spans: readonly Span[], width: number): Row[] {
  return wrap(spans, width, width >= 8 ? { first: [{ text: `${sign} `, style: signStyle }] } : {});
}

/** Rows behind a line that says to what they belong, each of at most `width` cells with it. */
export function behindLine(rows: readonly Row[], { look, marks }: Setting): Row[] {
  const line = rowOf([{ text: `  ${marks.down} `, style: look.theme.border }]);
  return rows.map((row) => beside(line, row));
}

/** Cells that are left behind that line; all of them where that would be too few, and then there is no line. */
export function roomBehindLine(width: number): { room: number; lined: boolean } {
  return width >= 16 ? { room: width - 4, lined: true } : { room: width, lined: false };
}
