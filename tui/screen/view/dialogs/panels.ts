// Prompts, questions, texts and the search line, laid out in rows.

import { oneLine } from "../../../text/neutralise.ts";
import { rowOf } from "../../cells/layout.ts";
import type { Row } from "../../cells/types.ts";
import { fieldRow, joinRows, padded } from "./line.ts";
import { type Form, type Panel, panelBase } from "./panel.ts";
import { type DialogLook, type Hint, hintKeys, hintLine, hintRows, tableRows, textRows } from "./rows.ts";
import type { ConfirmDialog, PromptDialog, SearchDialog, TextDialog } from "./types.ts";

/** A line to be typed. */
export function promptPanel(dialog: PromptDialog, look: DialogLook, { width, height }: Form): Panel {
  const { theme } = look;
  const typed = fieldRow(`${dialog.label}: `, dialog.field, width, look);
  const hints: Hint[] = [
    { command: "dialog.accept", long: "go on", short: "go on" },
    {
      command: "dialog.close",
      long: dialog.back === null ? "close" : "back",
      short: dialog.back === null ? "close" : "back",
    },
  ];
  const problem = dialog.problem === null ? [] : textRows([dialog.problem], width, theme.error);
  const intro = textRows(dialog.intro, width, theme.dim).slice(0, Math.max(0, height - 3 - problem.length));
  return {
    ...panelBase,
    title: dialog.title,
    top: [...intro, typed.row, ...problem],
    bottom: hintRows(hints, width, look),
    line: dialog.problem === null ? hintLine(hints, width, look) : [{ text: dialog.problem, style: theme.error }],
    caret: { part: "top", x: typed.caret, y: intro.length },
    border: theme.borderFocused,
  };
}

/** A question. */
export function confirmPanel(dialog: ConfirmDialog, look: DialogLook, { width }: Form): Panel {
  const hints: Hint[] = [
    { command: "approval.approve", long: dialog.yes, short: dialog.yes },
    { command: "approval.reject", long: dialog.no, short: dialog.no },
  ];
  return {
    ...panelBase,
    title: dialog.title,
    body: textRows(dialog.lines, width, look.theme.text),
    bottom: hintRows(hints, width, look),
    line: hintLine(hints, width, look),
    scroll: dialog.scroll,
    single: [...hintKeys(hints, look), { text: ` ${dialog.title}`, style: look.theme.text }],
    border: look.theme.warn,
  };
}

/** A text. */
export function textPanel(dialog: TextDialog, look: DialogLook, { width }: Form): Panel {
  const { theme } = look;
  const hints: Hint[] = [
    { command: "dialog.close", long: "close", short: "close" },
    { command: "transcript.copy", long: "copy", short: "copy" },
  ];
  const [first = "", ...others] = dialog.lines;
  return {
    ...panelBase,
    title: dialog.title,
    body: [
      ...textRows([first], width, dialog.failed ? theme.error : theme.text),
      ...tableRows(others, width, theme.text),
    ],
    bottom: hintRows(hints, width, look),
    line: hintLine(hints, width, look),
    scroll: dialog.scroll,
    single: [{ text: oneLine(first, width + 1), style: theme.text }],
    border: dialog.failed ? theme.error : theme.borderFocused,
  };
}

/** The search line: the row, and the caret's cell in it. */
export function searchRow(
  { field, found }: SearchDialog,
  look: DialogLook,
  width: number,
): { row: Row; caret: number } {
  const said = found === null ? "" : found.of === 0 ? " not found" : ` ${found.at} of ${found.of}`;
  const room = Math.max(1, width - (said.length < width / 2 ? said.length : 0));
  const typed = fieldRow(width >= 30 ? "search: " : "/", field, room, look);
  if (room === width) return typed;
  const row = padded(typed.row, room, look.theme.status);
  const tail = rowOf([{ text: said, style: found?.of === 0 ? look.theme.warn : look.theme.dim }]);
  return { row: joinRows(row, tail), caret: typed.caret };
}
