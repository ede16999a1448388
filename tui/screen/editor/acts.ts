// The commands of the input that take more than one step of editing.
import { emptyFragment } from "./atoms.ts";
import { endOf, lineAt, origin } from "./buffer.ts";
import { acceptance, type CandidateSource, isComplete } from "./completion.ts";
import { edit, editorWith } from "./edit.ts";
import { walk } from "./history.ts";
import { completed, type Input, type Message, takeMessage } from "./input.ts";
import { atEdge, firstRowEnd } from "./layout.ts";
import type { Editor } from "./state.ts";

/**
 * Sends what stands in the input. A backslash at the caret becomes a new line instead; an open list of completions puts
 * its choice in when the user has made one, or when what stands there is no whole command.
 */
export function send(input: Input, source: CandidateSource): { input: Input; message: Message | null } {
  const { completion } = input;
  const chosen = completion !== null && (completion.touched || completion.mention.sign === "/");
  if (chosen && !isComplete(completion)) return { input: accept(input, source), message: null };
  const broken = lineBroken(input.editor);
  if (broken !== null) return { input: { ...input, editor: broken, completion: null }, message: null };
  return takeMessage(input) ?? { input, message: null };
}

/** The input with a new line for the backslash before the caret; null: there is none, or two that are meant as text. */
function lineBroken(editor: Editor): Editor | null {
  const { line, column } = editor.caret;
  const atoms = lineAt(editor.lines, line);
  if (atoms[column - 1] !== "\\" || atoms[column - 2] === "\\") return null;
  const range = { from: { line, column: column - 1 }, to: editor.caret };
  return edit(editor, { kind: "replace", range, fragment: [[], []] });
}

/** Puts the chosen completion in. What is in a folder is offered next. */
export function accept(input: Input, source: CandidateSource): Input {
  const accepted = input.completion === null ? null : acceptance(input.completion);
  if (accepted === null) return input;
  const { range, fragment } = accepted;
  const last = lineAt(input.editor.lines, range.to.line)[range.to.column];
  const spaced = last === " " && fragment[0]?.at(-1) === " ";
  const through = spaced ? { ...range.to, column: range.to.column + 1 } : range.to;
  const editor = edit(input.editor, { kind: "replace", range: { from: range.from, to: through }, fragment });
  return completed({ ...input, editor, dismissed: null }, source);
}

/** Moves by a row, and from the first and the last one through the history. */
export function upOrDown(input: Input, by: 1 | -1, width: number): Input {
  const { top, bottom } = atEdge(input.editor, width);
  if (by === -1 ? !top : !bottom) return { ...input, editor: edit(input.editor, { kind: "row", by, width }) };
  const walked = walk(input.history, input.editor.lines, by);
  if (walked === null) return input;
  const recalled = editorWith(walked.message, input.editor);
  // Where the next key of the same direction goes on, however many rows the message has.
  const caret = by === -1 ? firstRowEnd(recalled.lines, width) : recalled.caret;
  return { ...input, history: walked.history, editor: { ...recalled, caret }, completion: null, dismissed: null };
}

/** Empties the input; undo brings back what stood there. A search ends as it began. */
export function clear(input: Input): Input {
  if (input.search !== null) return { ...input, editor: input.search.before, search: null };
  const range = { from: origin, to: endOf(input.editor.lines) };
  const editor = edit(input.editor, { kind: "replace", range, fragment: emptyFragment });
  return { ...input, editor, completion: null, dismissed: null };
}
