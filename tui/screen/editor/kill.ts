// The kill ring: what was cut out of the input and can be put back.
import { type Fragment, isEmpty } from "./atoms.ts";
import { compare, endOf, type Range, replaceRange, slice } from "./buffer.ts";
import { change } from "./change.ts";
import { type Editor, keptKills, selectionOf } from "./state.ts";

/** Cuts a range out. Kills in a row are put back as one. */
export function kill(editor: Editor, range: Range): Editor {
  const cut = slice(editor.lines, range);
  if (isEmpty(cut)) return { ...editor, goal: null, yanked: null };
  const backwards = compare(range.to, editor.caret) === 0;
  const goesOn = editor.chain === "kill";
  const newest = editor.kills[0];
  const kills =
    goesOn && newest !== undefined
      ? [backwards ? glued(cut, newest) : glued(newest, cut), ...editor.kills.slice(1)]
      : added(editor.kills, cut);
  return { ...change(editor, range, [[]], "kill"), kills };
}

/** Keeps the selection to be put back; it stays selected. */
export function copy(editor: Editor): Editor {
  const range = selectionOf(editor);
  return range === null ? editor : { ...editor, kills: added(editor.kills, slice(editor.lines, range)), chain: null };
}

/** Puts the newest kill in, for the selection if there is one. */
export function yank(editor: Editor): Editor {
  const range = selectionOf(editor) ?? { from: editor.caret, to: editor.caret };
  return yankAt(editor, range, 0);
}

/** Right after a yank: puts the kill before it in its place. */
export function yankPop(editor: Editor): Editor {
  if (editor.yanked === null) return editor;
  const { range, kill: index } = editor.yanked;
  return yankAt(editor, range, (index + 1) % editor.kills.length);
}

function yankAt(editor: Editor, range: Range, index: number): Editor {
  const fragment = editor.kills[index];
  if (fragment === undefined) return editor;
  const changed = change(editor, range, fragment, "yank");
  return { ...changed, yanked: { range: { from: range.from, to: changed.caret }, kill: index } };
}

function added(kills: readonly Fragment[], fragment: Fragment): Fragment[] {
  return [fragment, ...kills.slice(0, keptKills - 1)];
}

function glued(first: Fragment, second: Fragment): Fragment {
  const end = endOf(first);
  return replaceRange(first, { from: end, to: end }, second).lines;
}
