// A text that is being typed in a dialog: the input's own editing, without its history, queue and completions.

import type { Theme } from "../../cells/types.ts";
import { cleaned, fragmentOf, textOf } from "../../editor/atoms.ts";
import { inputCommands, runInput } from "../../editor/commands.ts";
import { edit, editorWith } from "../../editor/edit.ts";
import { createInput } from "../../editor/input.ts";
import { emptyEditor } from "../../editor/state.ts";
import { type EditorView, viewOf } from "../../editor/view.ts";
import type { Field } from "./types.ts";

/** Characters of a text that is one line. */
const longestLine = 4_096;

/** Commands of the input that are about more than its text. */
const foreign = /^(?:completion|search)\.|^input\.(?:send|newline|up|down|clear|complete|copy)$/;
const known: ReadonlySet<string> = new Set(inputCommands.filter((id) => !foreign.test(id)));

const surroundings = { width: Number.MAX_SAFE_INTEGER, source: () => [] };

/** A field in which a text stands already. */
export function createField(text = "", masked = false): Field {
  return { editor: text === "" ? emptyEditor : editorWith(fragmentOf(text)), masked };
}

/** A field with its caret at a place of the text, in UTF-16 units. */
export function fieldAt(text: string, caret: number): Field {
  const field = createField(text);
  const before = fragmentOf(text.slice(0, caret))[0]?.length ?? 0;
  return { ...field, editor: { ...field.editor, caret: { line: 0, column: before } } };
}

/** The caret's place in the text, in UTF-16 units. */
export function caretIn({ editor }: Field): number {
  const { line, column } = editor.caret;
  return textOf([...editor.lines.slice(0, line), (editor.lines[line] ?? []).slice(0, column)]).length;
}

/** What stands in a field: pastes in full. */
export function textIn({ editor }: Field): string {
  return textOf(editor.lines);
}

/** Takes what was typed or pasted, as one line: what would end it becomes a blank. */
export function typedIn(field: Field, text: string): Field {
  const line = cleaned(text.slice(0, longestLine)).replace(/\s*\n\s*/g, field.masked ? "" : " ");
  return { ...field, editor: edit(field.editor, { kind: "insert", text: line }) };
}

/** Takes what was typed as it is. */
export function insertedIn(field: Field, text: string): Field {
  return { ...field, editor: edit(field.editor, { kind: "insert", text }) };
}

/** Takes what was pasted as it is, lines and all. */
export function pastedIn(field: Field, text: string): Field {
  return { ...field, editor: edit(field.editor, { kind: "paste", text }) };
}

/** Runs a command of editing; null: it is none. */
export function commandIn(field: Field, id: string): Field | null {
  if (!known.has(id)) return null;
  const done = runInput({ ...createInput(), editor: field.editor }, id, surroundings);
  return done === null ? null : { ...field, editor: done.input.editor };
}

/** The field as rows of `width` cells, and where the caret is. A masked one shows a dot for each character. */
export function fieldView(
  { editor, masked }: Field,
  width: number,
  maxRows: number,
  theme: Theme,
  ascii: boolean,
): EditorView {
  const styles = { text: theme.text, selection: theme.selection, paste: theme.accent };
  const dot = ascii ? "*" : "•";
  const shown = masked ? { ...editor, lines: editor.lines.map((line) => line.map(() => dot)) } : editor;
  return viewOf(shown, { width: Math.max(1, width), maxRows, styles });
}
