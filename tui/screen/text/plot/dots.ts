// A line as dots on a fine grid, and the grid as characters: 2 x 4 dots a cell in braille, 1 x 3 in ASCII.

import type { Point } from "./points.ts";
import { placeOf, type Range } from "./scale.ts";

/** A grid of dots: `dots[y * width + x]` is 1 where there is one; y counts down from the top. */
export interface Grid {
  width: number;
  height: number;
  dots: Uint8Array;
  /** Columns at which a value was NaN or infinite, or could not be shown on a logarithmic axis. */
  broken: Set<number>;
}

/** How a line is drawn, so that lines can be told apart without colours: a dot where `(x % of) < on`. */
export interface Dash {
  on: number;
  of: number;
}

/** Draws points. What falls into one column becomes the span of its values; columns are joined by straight lines. */
export function drawLine(
  points: readonly Point[],
  size: { width: number; height: number },
  range: { x: Range; y: Range },
  log: boolean,
  dash: Dash,
): Grid {
  const grid: Grid = { ...size, dots: new Uint8Array(size.width * size.height), broken: new Set() };
  const columnOf = (x: number): number => Math.round(placeOf(x, range.x, false) * (size.width - 1));
  const rowOf = (y: number): number => {
    const place = placeOf(Math.max(y, log ? range.y.from : y), range.y, log);
    return Math.min(size.height - 1, Math.max(0, Math.round((1 - place) * (size.height - 1))));
  };
  let before: { x: number; column: number; row: number } | null = null;
  for (const point of points) {
    if (point.x < range.x.from || point.x > range.x.to || !Number.isFinite(point.x)) continue;
    const column = columnOf(point.x);
    const shown = point.max > (log ? 0 : -Infinity);
    if (point.broken > 0 || !shown) grid.broken.add(column);
    if (!shown) {
      before = null;
      continue;
    }
    const row = rowOf(point.mean);
    dot(grid, column, rowOf(point.max), rowOf(point.min), dash);
    // Where steps go back, a training began anew: that is no line.
    if (before !== null && point.x >= before.x) join(grid, before.column, before.row, column, row, dash);
    before = { x: point.x, column, row };
  }
  return grid;
}

/** Dots of one column from the row `top` down to the row `bottom`. */
function dot(grid: Grid, x: number, top: number, bottom: number, { on, of }: Dash): void {
  if (x % of >= on) return;
  for (let y = Math.min(top, bottom); y <= Math.max(top, bottom); y++) grid.dots[y * grid.width + x] = 1;
}

function join(grid: Grid, x0: number, y0: number, x1: number, y1: number, dash: Dash): void {
  const steps = x1 - x0;
  if (steps === 0) dot(grid, x0, y0, y1, dash);
  let last = y0;
  for (let step = 1; step <= steps; step++) {
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    // Steep lines stay whole: a column takes the way from the one before it, less the dot that is there already.
    dot(grid, x0 + step, last + Math.sign(y - last), y, dash);
    last = y;
  }
}

const braille = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** The cell (x, y) of a grid of 2 x 4 dots a cell in braille; "" when it is empty. */
export function brailleCell(grid: Grid, x: number, y: number): string {
  let bits = 0;
  for (const [down, pair] of braille.entries()) {
    const at = (y * 4 + down) * grid.width + x * 2;
    if (grid.dots[at] === 1) bits |= pair[0] ?? 0;
    if (grid.dots[at + 1] === 1) bits |= pair[1] ?? 0;
  }
  return bits === 0 ? "" : String.fromCharCode(0x2800 + bits);
}

const strokes = ["", "'", "-", ":", ".", ":", ":", "|"];

/** The cell (x, y) of a grid of 1 x 3 dots a cell: high, middle, low, or more than one of them; "" when it is empty. */
export function asciiCell(grid: Grid, x: number, y: number): string {
  let bits = 0;
  for (let down = 0; down < 3; down++) if (grid.dots[(y * 3 + down) * grid.width + x] === 1) bits |= 1 << down;
  return strokes[bits] ?? "";
}
