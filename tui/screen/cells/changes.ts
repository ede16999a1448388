// Which cells of a row have to be painted again.
import type { Grid } from "./grid.ts";
import { measure } from "./width.ts";

/**
 * Marks (1) the cells of row `y` that differ from the old grid, or, without one, from a cleared screen. After a marked
 * grapheme whose width terminals do not agree on, the cells count as well that it may paint over. Null when nothing
 * differs.
 */
export function changesOf(old: Grid | null, grid: Grid, y: number): Uint8Array | null {
  const { width, glyphs, styles } = grid;
  const start = y * width;
  const first = firstChange(old, grid, start, start + width);
  if (first < 0) return null;
  const marks = new Uint8Array(width);
  for (let at = first; at < start + width; at++) {
    const same =
      old === null
        ? glyphs[at] === " " && styles[at] === 0
        : glyphs[at] === old.glyphs[at] && styles[at] === old.styles[at];
    if (!same) marks[at - start] = 1;
  }
  spread(marks, glyphs, start, width);
  return marks;
}

/** The first cell from `from` up to, not including, `to` that differs; -1: none does. Most rows of a frame have none. */
function firstChange(old: Grid | null, { glyphs, styles }: Grid, from: number, to: number): number {
  if (old === null) {
    for (let at = from; at < to; at++) if (styles[at] !== 0 || glyphs[at] !== " ") return at;
    return -1;
  }
  const { glyphs: oldGlyphs, styles: oldStyles } = old;
  for (let at = from; at < to; at++) {
    if (styles[at] !== oldStyles[at] || glyphs[at] !== oldGlyphs[at]) return at;
  }
  return -1;
}

function spread(marks: Uint8Array, glyphs: readonly string[], start: number, width: number): void {
  // A wide grapheme is painted from its first half.
  for (let x = 1; x < width; x++) if (glyphs[start + x] === "" && marks[x] === 1) marks[x - 1] = 1;
  for (let x = 0; x < width; x++) {
    if (marks[x] !== 1) continue;
    const reach = uncertainReach(glyphs[start + x] ?? " ");
    if (reach > 0) marks.fill(1, x, Math.min(width, x + reach));
  }
}

/** How far a grapheme may reach, in cells, when that is not sure; else 0. */
function uncertainReach(glyph: string): number {
  if (glyph.length === 1 && glyph < "\u00a9") return 0;
  const { certain, reach } = measure(glyph);
  return certain ? 0 : reach;
}
