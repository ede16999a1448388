// A dialog on its way to the screen: rows that stand still above and below rows that scroll, in a frame that nothing
// inside can reach.

import { oneLine } from "../../../text/neutralise.ts";
import { cutRow, emptyRow } from "../../cells/layout.ts";
import type { Canvas, Row, Span, StyleId } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import type { Look } from "../../text/look.ts";
import type { Room } from "./types.ts";

/** What there is to paint, laid out for a width. */
export interface Panel {
  /** In the frame: the product's own words, no one else's. */
  readonly title: string;
  /** At the other end of the frame's top. */
  readonly aside: string;
  readonly top: readonly Row[];
  readonly body: readonly Row[];
  readonly bottom: readonly Row[];
  /** What stands for the bottom where there is one row for it. */
  readonly line: readonly Span[];
  /** What stands for all of it where there is but one row. */
  readonly single: readonly Span[];
  readonly scroll: number;
  /** The row of the body that has to be in sight; null: `scroll` alone decides. */
  readonly follow: number | null;
  /** The caret, in the top or the bottom rows; null: there is none. */
  readonly caret: { readonly part: "top" | "bottom"; readonly x: number; readonly y: number } | null;
  readonly border: StyleId;
}

/** A panel in which nothing stands. */
export const panelBase = {
  aside: "",
  top: [],
  body: [],
  bottom: [],
  line: [],
  single: [],
  scroll: 0,
  follow: null,
  caret: null,
} as const;

/** What came of painting. */
export interface Painted {
  readonly caret: { readonly x: number; readonly y: number } | null;
  readonly room: Room;
}

/** Where a dialog goes, and how many cells its rows have. `framed`: with a frame; else it takes the whole place. */
export interface Form {
  readonly framed: boolean;
  readonly width: number;
  /** Rows inside. */
  readonly height: number;
}

/** The least place in which a frame leaves room for what is in it. */
export const leastFramed = { width: 40, height: 10 } as const;
const widest = 100;

/** The form of a dialog on a canvas: at most four cells less than it each way. */
export function formOf({ width, height }: Pick<Canvas, "width" | "height">, wanted = widest): Form {
  if (width < leastFramed.width || height < leastFramed.height) return { framed: false, width, height };
  return { framed: true, width: Math.min(width - 4, wanted) - 4, height: height - 6 };
}

/** Paints a panel. */
export function paintPanel(panel: Panel, form: Form, look: Look, canvas: Canvas): Painted {
  return form.framed ? paintFramed(panel, form, look, canvas) : paintBare(panel, look, canvas);
}

function paintFramed(panel: Panel, form: Form, look: Look, canvas: Canvas): Painted {
  const { theme } = look;
  const ruled = panel.bottom.length > 0 && panel.body.length > 0 && form.height >= 8;
  const still = panel.top.length + panel.bottom.length + (ruled ? 1 : 0);
  const page = Math.max(0, Math.min(panel.body.length, form.height - still));
  const inside = Math.min(form.height, still + page);
  const width = form.width + 4;
  const height = inside + 2;
  const box = canvas.part((canvas.width - width) >> 1, (canvas.height - height) >> 1, width, height);
  box.fill(0, 0, width, height, theme.text);
  const scroll = scrolled(panel, page);
  frame(box, panel, look, page < panel.body.length ? `${scroll + page}/${panel.body.length}` : "");
  const rows = box.part(2, 1, form.width, inside);
  putRows(rows, panel.top, 0, theme.text);
  putRows(rows, panel.body.slice(scroll, scroll + page), panel.top.length, theme.text);
  const bottom = Math.max(0, inside - panel.bottom.length);
  if (ruled) rows.text(0, bottom - 1, (look.ascii ? "-" : "─").repeat(form.width), theme.border);
  putRows(rows, panel.bottom, bottom, theme.text);
  const left = ((canvas.width - width) >> 1) + 2;
  const top = ((canvas.height - height) >> 1) + 1;
  const { caret } = panel;
  const y = caret === null ? 0 : (caret.part === "top" ? 0 : bottom) + caret.y;
  return {
    caret: caret === null || y >= inside ? null : { x: left + Math.min(caret.x, form.width - 1), y: top + y },
    room: roomOf(panel, page, scroll, { x: left, y: top + panel.top.length, width: form.width }),
  };
}

/** Without a frame: the answers on the last row, what scrolls above them as far as there is room. */
function paintBare(panel: Panel, { theme }: Look, canvas: Canvas): Painted {
  const { width, height } = canvas;
  canvas.fill(0, 0, width, height, theme.text);
  const { caret } = panel;
  if (height <= 1) {
    const typed = caret === null ? undefined : panel[caret.part][caret.y];
    canvas.row(0, 0, typed ?? cutRow(panel.single, width), width, theme.text);
    const shown = caret !== null && height === 1;
    return { caret: shown ? { x: Math.min(caret.x, width - 1), y: 0 } : null, room: { page: 0, end: 0 } };
  }
  const typing = caret?.part === "bottom" ? panel.bottom.slice(0, height) : [];
  const bottom = typing.length > 0 ? typing : [cutRow(panel.line, width)];
  const top = panel.top.slice(0, Math.max(0, height - bottom.length));
  const page = Math.max(0, height - top.length - bottom.length);
  const scroll = scrolled(panel, page);
  putRows(canvas, top, 0, theme.text);
  putRows(canvas, panel.body.slice(scroll, scroll + page), top.length, theme.text);
  putRows(canvas, bottom, height - bottom.length, theme.text);
  const y = caret === null ? 0 : caret.part === "top" ? caret.y : height - bottom.length + caret.y;
  return {
    caret: caret === null || y >= height ? null : { x: Math.min(caret.x, width - 1), y },
    room: roomOf(panel, page, scroll, { x: 0, y: top.length, width }),
  };
}

function roomOf({ body }: Panel, page: number, first: number, at: { x: number; y: number; width: number }): Room {
  return { page, end: Math.max(0, body.length - page), body: { ...at, height: Math.min(page, body.length), first } };
}

function scrolled({ body, scroll, follow }: Panel, page: number): number {
  const end = Math.max(0, body.length - page);
  const wanted = follow === null ? scroll : follow - (page >> 1);
  return Math.min(Math.max(0, wanted), end);
}

function putRows(canvas: Canvas, rows: readonly Row[], y: number, fill: StyleId): void {
  for (const [index, row] of rows.entries()) canvas.row(0, y + index, row, canvas.width, fill);
}

function frame(box: Canvas, { title, aside, border }: Panel, { theme, ascii }: Look, place: string): void {
  const [flat, upright, ...corners] = ascii ? ["-", "|", "+", "+", "+", "+"] : ["─", "│", "╭", "╮", "╰", "╯"];
  const { width, height } = box;
  const line = flat?.repeat(width - 2) ?? "";
  box.text(0, 0, `${corners[0]}${line}${corners[1]}`, border);
  box.text(0, height - 1, `${corners[2]}${line}${corners[3]}`, border);
  for (let y = 1; y < height - 1; y++) {
    box.text(0, y, upright ?? "", border);
    box.text(width - 1, y, upright ?? "", border);
  }
  const right = aside === "" || textWidth(aside) > width - 12 ? "" : ` ${oneLine(aside)} `;
  const name = cutRow([{ text: ` ${oneLine(title)} `, style: theme.strong }], width - 4 - textWidth(right));
  box.row(2, 0, name, name.glyphs.length);
  if (right !== "") box.text(width - 2 - textWidth(right), 0, right, theme.warn);
  if (place !== "") box.text(width - 4 - place.length, height - 1, ` ${place} `, theme.dim);
}

/** Text of whoever it may be as one row of at most `width` cells. */
export function plainRow(text: string, width: number, style: StyleId): Row {
  return width < 1 ? emptyRow() : cutRow([{ text: oneLine(text, width + 1), style }], width);
}
