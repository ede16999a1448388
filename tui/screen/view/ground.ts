// All that is painted but the lines at the input. As long as what it was made from stays what it was, as it does from one
// key of a message to the next, it stands as it was painted: only the lines at the input are painted again, and of these
// only those that say something else.
import { draftKind } from "../editor/draft.ts";
import { heightOf } from "../editor/view.ts";
import type { Model } from "../model/state.ts";
import { inputWidth, type Layout } from "./layout.ts";
import type { Ui } from "./ui.ts";
import type { View } from "./view.ts";

/** What a ground was made from, and what painting the lines at the input needs to know of it. */
export interface Ground<D = unknown> {
  readonly model: Model;
  /** As it was when the frame was painted that this is the ground of. */
  readonly ui: Ui<D>;
  readonly view: View<D>;
  /** Which languages could be highlighted. */
  readonly highlighting: number;
  readonly layout: Layout;
  /** The end of the transcript is in sight. */
  readonly atEnd: boolean;
}

/** What only the lines at the input show. */
const atInput: ReadonlySet<string> = new Set<keyof Ui>(["editor", "editorTop", "recall", "message"]);

/** Whether a ground is what it would be painted as now, on a screen of the same size. */
export function stands<D>(ground: Ground<D>, model: Model, ui: Ui<D>, view: View<D>): boolean {
  const width = inputWidth(ground.layout.input.width);
  return (
    ground.model === model &&
    ground.view === view &&
    ground.highlighting === highlightingOf(view) &&
    sameBeyondInput(ground.ui, ui) &&
    heightOf(ui.editor, width) === heightOf(ground.ui.editor, width)
  );
}

/** Whether the lines above and below the input say on a ground that stands what they say now. */
export function linesStand<D>({ ui: before }: Ground<D>, ui: Ui<D>): boolean {
  return (
    before.recall === ui.recall &&
    before.message === ui.message &&
    draftKind(before.editor.lines) === draftKind(ui.editor.lines)
  );
}

/** Which languages a view can highlight by now. */
export function highlightingOf<D>({ look }: View<D>): number {
  return look.highlighter?.version() ?? 0;
}

/** Nothing lies over a ground that could be left standing where it was. */
export function isBare<D>(ui: Ui<D>, layout: Layout): boolean {
  // Without a line above the input, what stands in it is painted on the transcript.
  return ui.dialog === null && ui.completion === null && ui.toasts.length === 0 && layout.rule !== null;
}

function sameBeyondInput<D>(before: Ui<D>, after: Ui<D>): boolean {
  if (before === after) return true;
  for (const key of Object.keys(after) as (keyof Ui<D>)[]) {
    if (before[key] !== after[key] && !atInput.has(key)) return false;
  }
  return true;
}
