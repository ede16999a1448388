// Rows put together: one block under the other, and blocks that hang under a mark.
import { cutRow, emptyRow, rowOf } from "../../cells/layout.ts";
import type { Row, Span } from "../../cells/types.ts";

/** The cells that are left beside a mark of so many; without enough of them, the mark is left out. */
export function roomBeside(mark: number, width: number): number {
  return width - mark >= leastRoom ? width - mark : width;
}

const leastRoom = 4;

/** Rows behind a mark: `first` before the first of them, `rest` before the others. As wide as they come. */
export function hang(rows: readonly Row[], first: readonly Span[], rest: readonly Span[]): Row[] {
  const begin = rowOf(first);
  const go = rowOf(rest);
  return (rows.length === 0 ? [emptyRow()] : rows).map((row, index) => beside(index === 0 ? begin : go, row));
}

/** A row behind another one. */
export function beside(left: Row, right: Row): Row {
  return { glyphs: [...left.glyphs, ...right.glyphs], styles: [...left.styles, ...right.styles] };
}

/** A line across, of at most `width` cells. */
export function rule(character: string, style: Span["style"], width: number): Row {
  return cutRow([{ text: character.repeat(width), style }], width);
}
