// The input, and above it what may complete it.
import { oneLine } from "../../../text/neutralise.ts";
import { cutRow } from "../../cells/layout.ts";
import type { Canvas } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import type { Completion } from "../../editor/completion.ts";
import { viewOf } from "../../editor/view.ts";
import { inputWidth, promptCells, type Rect } from "../layout.ts";
import { marksOf } from "../marks.ts";
import { twoEnded } from "../transcript/laid.ts";
import type { Ui } from "../ui.ts";
import type { Point, Rendering } from "../view.ts";

/** Paints the input at its rectangle, and all of that. `caret`: where it stands, on the whole screen; `top`: to be given back. */
export function paintInput<D>(
  ui: Ui<D>,
  { look }: Rendering,
  canvas: Canvas,
  rect: Rect,
): { caret: Point; top: number } {
  const { theme } = look;
  const width = inputWidth(rect.width);
  const indent = rect.width - width;
  const view = viewOf(ui.editor, {
    width,
    maxRows: rect.height,
    top: ui.editorTop,
    styles: { text: theme.text, selection: theme.selection, paste: theme.accent },
  });
  const sign = view.top > 0 ? marksOf(look).more.slice(0, promptCells - 1) : marksOf(look).user;
  canvas.fill(rect.x, rect.y, rect.width, rect.height, 0);
  if (indent > 0) canvas.text(rect.x, rect.y, sign, ui.focus === "input" ? theme.accent : theme.dim);
  for (const [y, row] of view.rows.entries()) {
    if (y < rect.height) canvas.row(rect.x + indent, rect.y + y, row, width, theme.text);
  }
  const caret = { x: rect.x + indent + view.caret.x, y: rect.y + Math.min(view.caret.y, rect.height - 1) };
  return { caret, top: view.top };
}

/** Rows of completions that are shown at most. */
const mostOffered = 8;

/** Paints what may complete the input, on the rows above a row of the screen. */
export function paintCompletion(completion: Completion, { look }: Rendering, canvas: Canvas, above: number): void {
  const { theme } = look;
  const { suggestions, chosen, mention } = completion;
  const height = Math.min(mostOffered, suggestions.length, above);
  const width = Math.min(canvas.width, 72);
  const from = Math.max(0, Math.min(chosen - Math.floor(height / 2), suggestions.length - height));
  for (let y = 0; y < height; y++) {
    const item = suggestions[from + y];
    if (item === undefined) break;
    const isChosen = from + y === chosen;
    const style = isChosen ? theme.selection : theme.status;
    const name = {
      text: `${isChosen ? marksOf(look).current : " "} ${mention.sign}${oneLine(item.name, 120)} `,
      style,
    };
    const room = width - textWidth(name.text) - 2;
    const said = item.detail === undefined || room < 8 ? "" : oneLine(item.detail, room);
    const detail = said === "" ? [] : [{ text: `${said} `, style }];
    const row = detail.length === 0 ? cutRow([name], width) : twoEnded([name], detail, width);
    const filled = { glyphs: row.glyphs, styles: row.styles.map(() => style) };
    canvas.row(0, above - height + y, filled, width, style);
  }
}
