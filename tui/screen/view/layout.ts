// Where everything stands, from the size of the terminal alone and what is to be shown. Every rectangle lies within the
// screen, none overlaps another, and no size is too small: what there is no room for is null.
import type { Pane } from "./ui.ts";

/** A rectangle of cells, at least 1x1. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What decides how the screen is divided. */
export interface LayoutWish {
  readonly zoom: Pane | null;
  readonly sides: { readonly left: boolean; readonly right: boolean };
  readonly copying: boolean;
  /** Rows that the input would take, at a width of its own. */
  readonly inputRows: (width: number) => number;
  /** Rows that the contents of the side would take; 0: there are none. */
  readonly jobs: number;
  readonly plan: number;
  /** Something is measured that can be drawn. */
  readonly chart: boolean;
  /** Rows that the messages which wait would take. */
  readonly queue: number;
}

/** A side pane with its heading in its first row. */
export interface Side {
  readonly name: "jobs" | "chart" | "plan" | "activity" | "log";
  readonly rect: Rect;
}

/** How many columns the screen has; `minimal` has neither headings nor lines. */
type Size = "minimal" | "one" | "two" | "three";

/** Where everything stands. */
export interface Layout {
  readonly size: Size;
  readonly header: Rect | null;
  /** The transcript, or the pane that has taken its place. */
  readonly main: Rect | null;
  /** Columns of lines between panes. */
  readonly borders: readonly Rect[];
  readonly sides: readonly Side[];
  /** What the sides would tell, in a row. */
  readonly strip: Rect | null;
  /** The messages that wait. */
  readonly queue: Rect | null;
  /** The line above the input. */
  readonly rule: Rect | null;
  readonly input: Rect;
  readonly status: Rect | null;
}

/** Cells of the mark before the input. */
export const promptCells = 2;
/** Sizes from which on there is a heading, and two and three columns. */
const breakpoints = { columns: 60, rows: 12, two: 100, three: 160 } as const;

/** How many columns a screen of a size has. */
export function sizeOf(width: number, height: number): Size {
  if (width < breakpoints.columns || height < breakpoints.rows) return "minimal";
  if (width < breakpoints.two) return "one";
  return width < breakpoints.three ? "two" : "three";
}

/** Divides a screen. Sizes below 1 count as 1. */
export function layoutFor(width: number, height: number, wish: LayoutWish): Layout {
  const columns = cells(width);
  const rows = cells(height);
  const size = sizeOf(columns, rows);
  const bare = size === "minimal";
  const status = bare ? (rows >= 3 ? 1 : 0) : 1;
  const header = bare || wish.copying ? 0 : 1;
  const rule = wish.copying || (bare && rows < 8) ? 0 : 1;
  const wanted = Math.max(1, Math.floor(wish.inputRows(inputWidth(columns))));
  // The input never takes more than a third of the screen.
  const input = Math.min(wanted, Math.max(1, Math.floor(rows / 3)), Math.max(1, rows - status - header - rule));
  const hasStrip = size === "one" && !wish.copying && wish.zoom === null && (wish.jobs > 0 || wish.plan > 0);
  const strip = hasStrip ? 1 : 0;
  // What waits leaves most of the screen to what happens.
  const queue = wish.copying
    ? 0
    : Math.min(wish.queue, Math.floor((rows - header - strip - rule - input - status) / 5));
  const body = rows - header - strip - queue - rule - input - status;
  const row = (y: number, tall: number): Rect | null => (tall > 0 ? { x: 0, y, width: columns, height: tall } : null);
  const bodyRect = row(header, body);
  const parts = bodyRect === null ? { main: null, borders: [], sides: [] } : divide(bodyRect, size, wish);
  const bottom = header + Math.max(0, body);
  const line = bottom + strip + queue;
  return {
    size,
    header: row(0, header),
    ...parts,
    strip: row(bottom, strip),
    queue: row(bottom + strip, queue),
    rule: row(line, rule),
    input: { x: 0, y: line + rule, width: columns, height: input },
    status: row(line + rule + input, status),
  };
}

/** Cells of the input's own rows on a screen of a width. */
export function inputWidth(width: number): number {
  return Math.max(1, width > promptCells + 2 ? width - promptCells : width);
}

type Body = Pick<Layout, "main" | "borders" | "sides">;

function divide(body: Rect, size: Size, wish: LayoutWish): Body {
  const whole: Body = { main: body, borders: [], sides: [] };
  if (wish.zoom !== null || wish.copying || size === "minimal" || size === "one") return whole;
  const leftWidth = size === "three" && wish.sides.left ? clamp(Math.round(body.width * 0.18), 28, 44) : 0;
  const rightShare = size === "three" ? 0.29 : 1 / 3;
  const rightWidth = wish.sides.right ? clamp(Math.round(body.width * rightShare), 34, size === "three" ? 60 : 46) : 0;
  const borders: Rect[] = [];
  const sides: Side[] = [];
  let { x, width } = body;
  if (leftWidth > 0) {
    sides.push({ name: "activity", rect: { ...body, width: leftWidth } });
    borders.push({ ...body, x: leftWidth, width: 1 });
    x += leftWidth + 1;
    width -= leftWidth + 1;
  }
  if (rightWidth > 0) {
    width -= rightWidth + 1;
    borders.push({ ...body, x: x + width, width: 1 });
    sides.push(...rightSides({ ...body, x: x + width + 1, width: rightWidth }, leftWidth > 0, wish));
  }
  return { main: { ...body, x, width }, borders, sides };
}

/** The panes of the right column, one above the other: what moves above, what is settled below. */
function rightSides(column: Rect, hasLeft: boolean, { jobs, plan, chart }: LayoutWish): Side[] {
  const names: Side["name"][] = [];
  if (jobs > 0) names.push("jobs");
  if (chart) names.push("chart");
  if (hasLeft && jobs > 0) names.push("log");
  if (!hasLeft && plan > 0) names.push("plan");
  if (!hasLeft && !(chart && jobs > 0 && plan > 0)) names.push("activity");
  if (names.length === 0) names.push(hasLeft ? "jobs" : "activity");
  const wanted: Record<Side["name"], number> = {
    jobs: clamp(jobs + 1, 3, Math.max(3, Math.floor(column.height / 3))),
    chart: clamp(Math.floor(column.height * 0.45), 8, 18),
    plan: clamp(plan + 1, 3, Math.max(3, Math.floor(column.height * 0.35))),
    activity: 8,
    log: 6,
  };
  // The one that takes what is left over.
  const grows = (["log", "activity", "chart", "plan", "jobs"] as const).find((name) => names.includes(name));
  const sides: Side[] = [];
  let y = column.y;
  let left = column.height;
  const reserved = names.map((name) => (name === grows ? 3 : wanted[name]));
  for (const [at, name] of names.entries()) {
    const later = reserved.slice(at + 1).reduce((sum, tall) => sum + tall, 0);
    const tall = Math.min(left, name === grows ? Math.max(3, left - later) : wanted[name]);
    if (tall < 2) break;
    sides.push({ name, rect: { ...column, y, height: tall } });
    y += tall;
    left -= tall;
  }
  // What is too little for a pane of its own belongs to the one above it.
  const end = sides.pop();
  return end === undefined ? [] : [...sides, { ...end, rect: { ...end.rect, height: end.rect.height + left } }];
}

function cells(size: number): number {
  return Number.isFinite(size) ? Math.max(1, Math.floor(size)) : 1;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(least, most), Math.min(most, Math.floor(value)));
}
