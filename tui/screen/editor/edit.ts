// Editing: an input and a step of it, to the next input. Pure, and quick enough to be done at every key.
import { cleaned, emptyFragment, type Fragment, fragmentOf, type Paste } from "./atoms.ts";
import { after, before, between, clamp, compare, endOf, origin, type Position, type Range } from "./buffer.ts";
import { change, redo, undo } from "./change.ts";
import { copy, kill, yank, yankPop } from "./kill.ts";
import { moveByRow, placeAt } from "./layout.ts";
import { type Motion, move } from "./motion.ts";
import { type Edit, type Editor, emptyEditor, selectionOf } from "./state.ts";

/** A paste of more lines or characters than these becomes one atom. */
export const pasteLines = 10;
export const pasteCharacters = 1_000;

/** Does one step. What cannot be done (nothing to undo, nowhere to go) leaves the input as it is. */
export function edit(editor: Editor, step: Edit): Editor {
  switch (step.kind) {
    case "insert":
      return insert(editor, cleaned(step.text));
    case "paste":
      return paste(editor, step.text);
    case "move":
      return moved(editor, step.motion, step.select === true);
    case "row":
      return moveByRow(editor, step.by, step.width);
    case "place":
      return { ...still(editor), caret: placeAt(editor.lines, step) };
    case "delete":
      return remove(editor, step.motion);
    case "kill":
      return kill(editor, selectionOf(editor) ?? killed(editor, step.motion));
    case "copy":
      return copy(editor);
    case "yank":
      return yank(editor);
    case "yank_pop":
      return yankPop(editor);
    case "select_all":
      return { ...still(editor), anchor: origin, caret: endOf(editor.lines) };
    case "undo":
      return undo(editor);
    case "redo":
      return redo(editor);
    case "replace":
      return change(editor, within(editor.lines, step.range), step.fragment);
  }
}

/**
 * An input in which a fragment stands, the caret behind it. Of the last one it has the kills and the count of pastes,
 * so that no two pastes of a conversation look the same.
 */
export function editorWith(fragment: Fragment, last: Editor = emptyEditor): Editor {
  const ids = fragment.flatMap((line) => line.map((atom) => (typeof atom === "string" ? 0 : atom.id)));
  const pastes = ids.reduce((most, id) => Math.max(most, id), last.pastes);
  return { ...emptyEditor, kills: last.kills, lines: fragment, caret: endOf(fragment), pastes };
}

function insert(editor: Editor, text: string): Editor {
  if (text === "") return editor;
  const range = selectionOf(editor);
  const isSpace = /^\s+$/u.test(text);
  const chain = range !== null || text.includes("\n") ? null : isSpace ? "space" : "typing";
  return change(editor, range ?? { from: editor.caret, to: editor.caret }, fragmentOf(text), chain);
}

function paste(editor: Editor, text: string): Editor {
  if (text === "") return editor;
  const ended = cleaned(text);
  const lines = countLines(ended);
  if (lines <= pasteLines && ended.length <= pasteCharacters) {
    return { ...insert({ ...editor, chain: null }, ended), chain: null };
  }
  const id = editor.pastes + 1;
  const atom: Paste = { id, text: ended, lines };
  const range = selectionOf(editor) ?? { from: editor.caret, to: editor.caret };
  return { ...change(editor, range, [[atom]]), pastes: id };
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

function moved(editor: Editor, motion: Motion, select: boolean): Editor {
  const range = selectionOf(editor);
  // A step to the side of a selection goes to its edge, and not beyond.
  const edge = select || range === null ? null : motion === "left" ? range.from : motion === "right" ? range.to : null;
  const caret = edge ?? move(editor.lines, editor.caret, motion);
  return { ...still(editor), caret, anchor: select ? (editor.anchor ?? editor.caret) : null };
}

function remove(editor: Editor, motion: Motion): Editor {
  const range = selectionOf(editor);
  if (range !== null) return change(editor, range, emptyFragment);
  const target = move(editor.lines, editor.caret, motion);
  if (compare(target, editor.caret) === 0) return still(editor);
  return change(editor, between(editor.caret, target), emptyFragment, "deleting");
}

function killed({ lines, caret }: Editor, motion: Motion): Range {
  const target = move(lines, caret, motion);
  if (compare(target, caret) !== 0) return between(caret, target);
  const beyond = motion === "line_end" ? after(lines, caret) : motion === "line_start" ? before(lines, caret) : caret;
  return between(caret, beyond);
}

/** The same input, with nothing going on that the next step could belong to. */
function still(editor: Editor): Editor {
  return { ...editor, anchor: null, goal: null, yanked: null, chain: null };
}

function within(lines: Fragment, { from, to }: Range): Range {
  const place = (position: Position) => clamp(lines, position);
  return between(place(from), place(to));
}
