// A screen as plain data, and canvases that paint on it. No terminal is needed to look at what was painted.
import { graphemes } from "./graphemes.ts";
import type { Canvas, Row, StyleId } from "./types.ts";
import { graphemeWidth } from "./width.ts";

/**
 * A rectangle of cells, row after row: cell (x, y) is at `y * width + x`. A wide grapheme is followed by "", and "" by
 * nothing else than a wide grapheme is preceded.
 */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly glyphs: string[];
  readonly styles: StyleId[];
}

/** A rectangle of blanks. */
export function createGrid(width: number, height: number, style: StyleId = 0): Grid {
  const size = { width: Math.max(0, Math.floor(width)), height: Math.max(0, Math.floor(height)) };
  const cells = size.width * size.height;
  return { ...size, glyphs: new Array<string>(cells).fill(" "), styles: new Array<StyleId>(cells).fill(style) };
}

/** Makes every cell a blank again. */
export function clearGrid(grid: Grid, style: StyleId = 0): void {
  grid.glyphs.fill(" ");
  grid.styles.fill(style);
}

/** A copy that later painting leaves alone. */
export function copyGrid(grid: Grid): Grid {
  return { ...grid, glyphs: [...grid.glyphs], styles: [...grid.styles] };
}

/** One row of a grid as text, without blanks at its end; null where there is no such row. */
export function gridLine(grid: Grid, y: number): string | null {
  if (y < 0 || y >= grid.height) return null;
  const start = y * grid.width;
  return grid.glyphs
    .slice(start, start + grid.width)
    .join("")
    .trimEnd();
}

/** The whole grid as a canvas. */
export function canvasOf(grid: Grid): Canvas {
  return part(grid, { left: 0, top: 0, right: grid.width, bottom: grid.height }, 0, 0, grid.width, grid.height);
}

/** Cells that may be painted: `right` and `bottom` are the first that may not. */
interface Clip {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A canvas whose (0, 0) is the grid's (`left`, `top`), and which paints nowhere but within `outer`. */
function part(grid: Grid, outer: Clip, left: number, top: number, width: number, height: number): Canvas {
  const size = { width: Math.max(0, Math.floor(width)), height: Math.max(0, Math.floor(height)) };
  const clip = {
    left: Math.max(outer.left, left),
    top: Math.max(outer.top, top),
    right: Math.min(outer.right, left + size.width),
    bottom: Math.min(outer.bottom, top + size.height),
  };
  const seen = (y: number) => y >= clip.top && y < clip.bottom;
  return {
    ...size,
    row(x, y, row, cells = size.width - x, fill = 0) {
      if (!seen(top + y)) return;
      const end = Math.min(left + x + cells, clip.right);
      for (let at = Math.max(left + x, clip.left); at < end; at++) {
        putCell(grid, at, top + y, row, at - left - x, at === Math.max(left + x, clip.left), at === end - 1, fill);
      }
    },
    text(x, y, text, style) {
      let at = left + x;
      for (const grapheme of graphemes(text)) {
        const cells = graphemeWidth(grapheme);
        if (cells === 0) continue;
        if (seen(top + y)) putGrapheme(grid, clip, at, top + y, grapheme, cells, style);
        at += cells;
        if (at >= clip.right) break;
      }
      return Math.min(at, left + size.width) - left;
    },
    fill(x, y, cells, rows, style) {
      const end = Math.min(left + x + cells, clip.right);
      for (let line = Math.max(top + y, clip.top); line < Math.min(top + y + rows, clip.bottom); line++) {
        for (let at = Math.max(left + x, clip.left); at < end; at++) put(grid, at, line, " ", style);
      }
    },
    part: (x, y, cells, rows) => part(grid, clip, left + x, top + y, cells, rows),
  };
}

/** Paints the cell at `index` of a row, or a blank in `fill` beyond its end. */
function putCell(
  grid: Grid,
  x: number,
  y: number,
  row: Row,
  index: number,
  first: boolean,
  last: boolean,
  fill: StyleId,
): void {
  const glyph = row.glyphs[index];
  const style = row.styles[index] ?? fill;
  if (glyph === undefined) put(grid, x, y, " ", fill);
  else if (glyph === "") {
    // The first half was painted just before this one, or it is cut off.
    if (first) put(grid, x, y, " ", style);
  } else if (row.glyphs[index + 1] === "") {
    if (last) put(grid, x, y, " ", style);
    else putWide(grid, x, y, glyph, style);
  } else put(grid, x, y, glyph, style);
}

function putGrapheme(grid: Grid, clip: Clip, x: number, y: number, grapheme: string, cells: 1 | 2, style: StyleId) {
  const whole = x >= clip.left && x + cells <= clip.right;
  if (whole && cells === 2) putWide(grid, x, y, grapheme, style);
  else if (whole) put(grid, x, y, grapheme, style);
  else if (x >= clip.left && x < clip.right) put(grid, x, y, " ", style);
  else if (cells === 2 && x + 1 === clip.left && clip.left < clip.right) put(grid, x + 1, y, " ", style);
}

function putWide(grid: Grid, x: number, y: number, grapheme: string, style: StyleId): void {
  put(grid, x + 1, y, " ", style);
  put(grid, x, y, grapheme, style);
  grid.glyphs[y * grid.width + x + 1] = "";
}

/** Writes one cell. What is left of a wide grapheme that lost a half becomes a blank in the style it had. */
function put(grid: Grid, x: number, y: number, glyph: string, style: StyleId): void {
  const at = y * grid.width + x;
  if (grid.glyphs[at] === "") grid.glyphs[at - 1] = " ";
  else if (x + 1 < grid.width && grid.glyphs[at + 1] === "") grid.glyphs[at + 1] = " ";
  grid.glyphs[at] = glyph;
  grid.styles[at] = style;
}
