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
  /** {@link StyleId}s. */
  readonly styles: Int32Array;
  /** Rows that were painted on (1) since the grid was made: by them a copy is told apart from what it is a copy of. */
  readonly touched: Uint8Array;
}

/** A rectangle of blanks. */
export function createGrid(width: number, height: number, style: StyleId = 0): Grid {
  const size = { width: Math.max(0, Math.floor(width)), height: Math.max(0, Math.floor(height)) };
  const cells = size.width * size.height;
  return {
    ...size,
    glyphs: new Array<string>(cells).fill(" "),
    styles: new Int32Array(cells).fill(style),
    touched: new Uint8Array(size.height),
  };
}

/** Makes every cell a blank again. */
export function clearGrid(grid: Grid, style: StyleId = 0): void {
  grid.glyphs.fill(" ");
  grid.styles.fill(style);
  grid.touched.fill(0);
}

/** A copy that later painting leaves alone, and on which nothing has been painted yet. */
export function copyGrid(grid: Grid): Grid {
  const { glyphs, styles, height } = grid;
  return { ...grid, glyphs: glyphs.slice(), styles: styles.slice(), touched: new Uint8Array(height) };
}

/**
 * Makes a grid what another of the same size is, as {@link copyGrid} would. `rows`: the only rows (1) in which the two
 * differ, where that is known.
 */
export function copyOnto(grid: Grid, source: Grid, rows: Uint8Array | null): void {
  const { width, height, glyphs, styles, touched } = grid;
  for (let y = 0; y < height; y++) {
    if (rows?.[y] === 0) continue;
    const end = (y + 1) * width;
    for (let at = y * width; at < end; at++) {
      glyphs[at] = source.glyphs[at] as string;
      styles[at] = source.styles[at] as StyleId;
    }
  }
  touched.fill(0);
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
      const span = { from: Math.max(left + x, clip.left), to: Math.min(left + x + cells, clip.right) };
      if (span.from < span.to) putRow(grid, span, top + y, row, left + x, fill);
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

/**
 * Paints what of a row falls on the cells of a line from `from` up to, not including, `to`; the row begins at cell `start`
 * of the line. Beyond its end there are blanks in `fill`. Most of what a frame does is done here, so the cells in between
 * are copied as they are: halves of wide graphemes can be torn apart at the two ends only.
 */
function putRow(
  grid: Grid,
  { from, to }: { from: number; to: number },
  y: number,
  row: Row,
  start: number,
  fill: StyleId,
): void {
  const { glyphs, styles, width } = grid;
  grid.touched[y] = 1;
  const line = y * width;
  if (glyphs[line + from] === "") glyphs[line + from - 1] = " ";
  if (to < width && glyphs[line + to] === "") glyphs[line + to] = " ";
  const known = Math.min(to, start + row.glyphs.length);
  for (let at = from; at < known; at++) {
    glyphs[line + at] = row.glyphs[at - start] as string;
    styles[line + at] = row.styles[at - start] ?? fill;
  }
  if (known < to) {
    glyphs.fill(" ", line + Math.max(from, known), line + to);
    styles.fill(fill, line + Math.max(from, known), line + to);
  }
  if (glyphs[line + from] === "") glyphs[line + from] = " ";
  if (row.glyphs[to - start] === "") glyphs[line + to - 1] = " ";
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
  grid.touched[y] = 1;
  if (grid.glyphs[at] === "") grid.glyphs[at - 1] = " ";
  else if (x + 1 < grid.width && grid.glyphs[at + 1] === "") grid.glyphs[at + 1] = " ";
  grid.glyphs[at] = glyph;
  grid.styles[at] = style;
}
