// The one way in which the text changes: with a step of undo, and the caret behind what was put in.
import type { Fragment } from "./atoms.ts";
import { type Range, replaceRange } from "./buffer.ts";
import { type Chain, type Editor, keptUndos, type Snapshot } from "./state.ts";

/**
 * Puts a fragment in the place of a range. A change of the same chain as the one before is undone together with it.
 */
export function change(editor: Editor, range: Range, fragment: Fragment, chain: Chain = null): Editor {
  const { lines, end } = replaceRange(editor.lines, range, fragment);
  const goesOn = chain !== null && follows(editor.chain, chain);
  return {
    ...editor,
    lines,
    caret: end,
    anchor: null,
    goal: null,
    yanked: null,
    chain,
    undos: goesOn ? editor.undos : kept(editor.undos, editor),
    redos: [],
  };
}

/** A word and the space behind it are one step of undo; the next word begins another. */
function follows(last: Chain, next: Chain): boolean {
  if (next === "space") return last === "typing" || last === "space";
  return last === next && next !== "kill" && next !== "yank";
}

function kept(undos: readonly Snapshot[], { lines, caret }: Snapshot): Snapshot[] {
  return [...undos.slice(1 - keptUndos), { lines, caret }];
}

/** Takes the newest change back. */
export function undo(editor: Editor): Editor {
  const back = editor.undos.at(-1);
  if (back === undefined) return editor;
  return { ...restored(editor, back), undos: editor.undos.slice(0, -1), redos: kept(editor.redos, editor) };
}

/** Makes the change again that was taken back last. */
export function redo(editor: Editor): Editor {
  const again = editor.redos.at(-1);
  if (again === undefined) return editor;
  return { ...restored(editor, again), redos: editor.redos.slice(0, -1), undos: kept(editor.undos, editor) };
}

function restored(editor: Editor, { lines, caret }: Snapshot): Editor {
  return { ...editor, lines, caret, anchor: null, goal: null, yanked: null, chain: null };
}
