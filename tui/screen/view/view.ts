// What painting needs beside the model and the front's own state: the look, the rows that were laid out before, and the
// words of keys. Made once; a new theme makes another.
import type { Canvas, Colour, Theme } from "../cells/types.ts";
import type { Model } from "../model/state.ts";
import type { Look } from "../text/look.ts";
import { createRowCache, type RowCache } from "./transcript/cache.ts";

/** A cell of the screen. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Paints an open dialog on the whole screen; the answer is where the caret belongs, null: nowhere. */
type PaintDialog<D> = (dialog: D, model: Model, theme: Theme, canvas: Canvas) => { caret: Point | null } | null;

/** What laying text out needs. */
export interface Rendering {
  readonly look: Look;
  /** What the theme shows for the 16 colours of programs' output. */
  readonly palette: readonly (Colour | undefined)[];
  readonly cache: RowCache;
  /** The key of a command, as people write it; null: it has none. */
  readonly keyOf: (command: string) => string | null;
}

/** What painting needs. */
export interface View<D = unknown> extends Rendering {
  readonly paintDialog: PaintDialog<D>;
}

/** Makes a view. Absent parts: no palette of its own, no dialogs, no hints of keys. */
export function createView<D = unknown>(look: Look, parts: Partial<Omit<View<D>, "look" | "cache">> = {}): View<D> {
  return {
    look,
    palette: parts.palette ?? [],
    cache: createRowCache(),
    paintDialog: parts.paintDialog ?? (() => null),
    keyOf: parts.keyOf ?? (() => null),
  };
}
