// Prompts, questions and texts, laid out in rows.

import { oneLine } from "../../../text/neutralise.ts";
import { fieldRow } from "./line.ts";
import { type Form, type Panel, panelBase } from "./panel.ts";
import { type DialogLook, type Hint, hintKeys, hintLine, hintRows, tableRows, textRows } from "./rows.ts";
import type { ConfirmDialog, PromptDialog, TextDialog } from "./types.ts";

/** A line to be typed. */
export function promptPanel(dialog: PromptDialog, look: DialogLook, { width, height }: Form): Panel {
  const { theme } = look;
  const typed = fieldRow(`${dialog.label}: `, dialog.field, width, look);
  const hints: Hint[] = [
    ...(dialog.busy ? [] : [{ command: "dialog.accept", long: "go on", short: "go on" }]),
    {
      command: "dialog.close",
      long: dialog.back === null ? "close" : "back",
      short: dialog.back === null ? "close" : "back",
    },
  ];
  const said = dialog.busy ? "being checked …" : dialog.problem;
  const style = dialog.busy ? theme.accent : theme.error;
  const problem = said === null ? [] : textRows([said], width, style);
  const intro = textRows(dialog.intro, width, theme.dim).slice(0, Math.max(0, height - 3 - problem.length));
  return {
    ...panelBase,
    title: dialog.title,
    top: [...intro, typed.row, ...problem],
    bottom: hintRows(hints, width, look),
    line: said === null ? hintLine(hints, width, look) : [{ text: oneLine(said, width + 1), style }],
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
