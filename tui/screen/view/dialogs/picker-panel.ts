// A list to choose from, laid out in rows.

import { oneLine } from "../../../text/neutralise.ts";
import { cutRow, rowOf } from "../../cells/layout.ts";
import type { Row } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import { fieldRow, joinRows, padded } from "./line.ts";
import { type Form, type Panel, panelBase } from "./panel.ts";
import { chosenItem, fitting } from "./picker.ts";
import { type DialogLook, type Hint, hintLine, hintRows, quoted, textRows } from "./rows.ts";
import type { Item, PickerDialog } from "./types.ts";

/** Rows of what is said about the chosen one. */
const previewHeight = 4;

/** A list. */
export function pickerPanel(dialog: PickerDialog, look: DialogLook, { width, height, framed }: Form): Panel {
  const { theme } = look;
  const items = fitting(dialog);
  const typed = fieldRow("> ", dialog.field, width, look);
  const roomy = framed && height >= 12;
  const intro = height >= 6 || dialog.items.length === 0 ? textRows(dialog.intro, width, theme.dim) : [];
  const kept = roomy ? intro : intro.slice(0, Math.max(0, height - 5));
  const hints = pickerHints(dialog);
  const preview = roomy ? previewOf(chosenItem(dialog), look, width) : [];
  const columns = new Map(items.map(({ group }) => [group, columnOf(items, group, width)]));
  const body = items.map((item, index) =>
    itemRow(item, index === dialog.at, look, width, columns.get(item.group) ?? 0),
  );
  const chosen = items[dialog.at];
  const none = [cutRow([{ text: dialog.none, style: theme.dim }], width)];
  return {
    ...panelBase,
    title: dialog.title,
    aside: dialog.items.length > 8 ? `${items.length}` : "",
    top: [...kept, typed.row],
    body: body.length > 0 ? body : none,
    bottom: framed && height < 4 ? [] : [...preview, ...hintRows(hints, width, look).slice(0, roomy ? 2 : 1)],
    line:
      chosen === undefined
        ? hintLine(hints, width, look)
        : [{ text: oneLine(chosen.detail, width + 1), style: theme.dim }],
    follow: dialog.at,
    caret: { part: "top", x: typed.caret, y: kept.length },
    border: theme.borderFocused,
  };
}

function pickerHints(dialog: PickerDialog): Hint[] {
  const chosen = chosenItem(dialog);
  return [
    ...(chosen === undefined ? [] : [{ command: "dialog.accept", long: "choose", short: "choose" }]),
    ...(chosen?.more === undefined ? [] : [{ command: "pane.next", long: "more to do with it", short: "more" }]),
    {
      command: "dialog.close",
      long: dialog.back === null ? dialog.close : "back",
      short: dialog.back === null ? dialog.close : "back",
    },
  ];
}

function previewOf(item: Item | undefined, look: DialogLook, width: number): Row[] {
  if (item?.preview === undefined) return [];
  const lines = item.preview.slice(0, previewHeight).map((line) => oneLine(line, width));
  return quoted(
    lines.map((line) => cutRow([{ text: line, style: look.theme.dim }], width - 2)),
    look,
  );
}

/** Cells of the names of a group: as many as the longest takes, but not so many that nothing else has room. */
function columnOf(items: readonly Item[], group: string, width: number): number {
  const alike = items.filter((item) => item.group === group && item.detail !== "");
  const longest = alike.reduce((most, { label }) => Math.max(most, textWidth(oneLine(label, width))), 0);
  return Math.min(longest, Math.max(8, Math.floor((width - 2) * 0.55)));
}

/** A choice on one row. The chosen one has a mark too: the colour alone says nothing. */
function itemRow(
  { group, label, detail }: Item,
  chosen: boolean,
  { theme }: DialogLook,
  width: number,
  column: number,
): Row {
  const style = chosen ? theme.selection : theme.text;
  const quiet = chosen ? style : theme.dim;
  const kind = group === "" || width < 50 ? "" : `${group.padEnd(8)} `;
  const shown = oneLine(detail, width);
  const room = Math.max(1, width - 2 - kind.length);
  const name = cutRow([{ text: oneLine(label, width + 1), style }], shown === "" ? room : Math.min(room, column));
  const head = rowOf([
    { text: chosen ? "> " : "  ", style },
    { text: kind, style: quiet },
  ]);
  const names = joinRows(head, shown === "" ? name : padded(name, Math.min(room, column), style));
  const left = width - names.glyphs.length - 2;
  if (left < 4 || shown === "") return chosen ? padded(names, width, style) : names;
  const row = joinRows(names, cutRow([{ text: `  ${shown}`, style: quiet }], left + 2));
  return chosen ? padded(row, width, style) : row;
}
