// Lines between panes, with what they are headed by.
import { cutRow, emptyRow, spansWidth } from "../cells/layout.ts";
import type { Canvas, Row, Span } from "../cells/types.ts";
import type { Look } from "../text/look.ts";
import type { Rect } from "./layout.ts";
import { marksOf } from "./marks.ts";

/** What stands in a line. */
export interface Heading {
  readonly title: readonly Span[];
  readonly facts?: readonly Span[];
  readonly focused?: boolean;
}

/** A line across, with a title at its start and facts at its end; the facts give way first. */
export function ruleRow({ title, facts = [], focused = false }: Heading, width: number, look: Look): Row {
  const { theme } = look;
  const line = focused ? theme.borderFocused : theme.border;
  const { across } = marksOf(look);
  const start = title.length === 0 ? [] : [{ text: `${across} `, style: line }, ...title, { text: " ", style: line }];
  const end = facts.length === 0 ? [] : [{ text: " ", style: line }, ...facts, { text: ` ${across}`, style: line }];
  const room = width - spansWidth(start);
  const shown = spansWidth(end) + 2 <= room ? end : [];
  const between = Math.max(0, room - spansWidth(shown));
  if (width < 1) return emptyRow();
  return cutRow([...start, { text: across.repeat(between), style: line }, ...shown], width);
}

/** Paints the heading of a pane in its first row; the answer is the rest of it, null when nothing is left. */
export function paintHeaded(canvas: Canvas, rect: Rect, heading: Heading, look: Look): Canvas | null {
  canvas.row(rect.x, rect.y, ruleRow(heading, rect.width, look), rect.width, look.theme.border);
  return rect.height < 2 ? null : canvas.part(rect.x, rect.y + 1, rect.width, rect.height - 1);
}

/** Paints a line down. */
export function paintBorder(canvas: Canvas, { x, y, height }: Rect, look: Look): void {
  for (let row = y; row < y + height; row++) canvas.text(x, row, marksOf(look).down, look.theme.border);
}

/** Cells of a row of text in a pane: one is left free before it, and one after it where there is room for that. */
export function textCells(paneWidth: number): number {
  return Math.max(1, paneWidth - (paneWidth >= 30 ? 2 : 1));
}

/** Paints rows from the top; `from` is the first that is shown. */
export function paintRows(canvas: Canvas, rows: readonly Row[], look: Look, from = 0): void {
  for (let y = 0; y < canvas.height; y++) {
    const row = rows[from + y];
    if (row !== undefined) canvas.row(1, y, row, textCells(canvas.width), look.theme.text);
  }
}
