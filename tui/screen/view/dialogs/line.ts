// Single rows of dialogs: put together, filled up, and with a text that is being typed in them.
import { rowOf } from "../../cells/layout.ts";
import type { Row, StyleId } from "../../cells/types.ts";
import { fieldView } from "./field.ts";
import type { DialogLook } from "./rows.ts";
import type { Field } from "./types.ts";

/** One row behind another. */
export function joinRows(first: Row, second: Row): Row {
  return { glyphs: [...first.glyphs, ...second.glyphs], styles: [...first.styles, ...second.styles] };
}

/** A row filled up with blanks to `width` cells. */
export function padded({ glyphs, styles }: Row, width: number, style: StyleId): Row {
  const blanks = Math.max(0, width - glyphs.length);
  return {
    glyphs: [...glyphs, ...Array<string>(blanks).fill(" ")],
    styles: [...styles, ...Array<StyleId>(blanks).fill(style)],
  };
}

/** A text that is being typed, with what it is before it where there is room; and the caret's cell. */
export function fieldRow(
  label: string,
  field: Field,
  width: number,
  { theme, ascii = false }: DialogLook,
): { row: Row; caret: number } {
  const head = label.length + 8 > width ? rowOf([]) : rowOf([{ text: label, style: theme.accent }]);
  const { rows, caret } = fieldView(field, width - head.glyphs.length, 1, theme, ascii);
  const shown = rows[0] ?? rowOf([]);
  return {
    row: { glyphs: [...head.glyphs, ...shown.glyphs], styles: [...head.styles, ...shown.styles] },
    caret: head.glyphs.length + caret.x,
  };
}
