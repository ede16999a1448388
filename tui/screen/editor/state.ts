// The input as it is being edited, and what can be done to it.
import { emptyFragment, type Fragment } from "./atoms.ts";
import { between, origin, type Position, type Range } from "./buffer.ts";
import type { Motion } from "./motion.ts";

/** The text and the caret, as undo brings them back. */
export interface Snapshot {
  readonly lines: Fragment;
  readonly caret: Position;
}

/** What the newest change was, where the next one may belong to it. */
export type Chain = "typing" | "space" | "deleting" | "kill" | "yank" | null;

/** The input. Plain data that is never changed: an edit makes another. */
export interface Editor extends Snapshot {
  /** Where the selection began; null: nothing is selected. */
  readonly anchor: Position | null;
  /** The column of cells that moves up and down keep to; null: the caret's own. */
  readonly goal: number | null;
  /** What was killed, newest first. */
  readonly kills: readonly Fragment[];
  /** What the newest yank put in, and which of the kills that was. */
  readonly yanked: { readonly range: Range; readonly kill: number } | null;
  readonly chain: Chain;
  readonly undos: readonly Snapshot[];
  readonly redos: readonly Snapshot[];
  /** Pastes so far, for their numbers. */
  readonly pastes: number;
}

/** One step of editing. */
export type Edit =
  | { readonly kind: "insert"; readonly text: string }
  /** Pasted text: put in as it is when it is short, as one atom when it is long. */
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "move"; readonly motion: Motion; readonly select?: boolean }
  /** Moves by rows as they are shown. */
  | { readonly kind: "row"; readonly by: 1 | -1; readonly width: number }
  /** Puts the caret where somebody has clicked: a row of the whole text as shown, and a cell of it. */
  | { readonly kind: "place"; readonly row: number; readonly cell: number; readonly width: number }
  /** Deletes the selection, or else up to where the motion goes. */
  | { readonly kind: "delete"; readonly motion: Motion }
  /** The same, kept to be yanked. At the end of a line, what ends it. */
  | { readonly kind: "kill"; readonly motion: Motion }
  /** Keeps the selection to be yanked. */
  | { readonly kind: "copy" }
  | { readonly kind: "yank" }
  /** Puts the kill before it in the place of what was just yanked. */
  | { readonly kind: "yank_pop" }
  | { readonly kind: "select_all" }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" }
  /** Puts a fragment in the place of a range. */
  | { readonly kind: "replace"; readonly range: Range; readonly fragment: Fragment };

/** Steps of undo and kills that are kept. */
export const keptUndos = 200;
export const keptKills = 30;

/** An input in which nothing stands. */
export const emptyEditor: Editor = {
  lines: emptyFragment,
  caret: origin,
  anchor: null,
  goal: null,
  kills: [],
  yanked: null,
  chain: null,
  undos: [],
  redos: [],
  pastes: 0,
};

/** What is selected; null: nothing. */
export function selectionOf({ anchor, caret }: Editor): Range | null {
  if (anchor === null || (anchor.line === caret.line && anchor.column === caret.column)) return null;
  return between(anchor, caret);
}
