// What is the front's own and no part of the session: where the reader is, what is folded, what is being typed. Plain
// data that is never changed, so that every screen can be made again from a model and this.
import type { Completion } from "../editor/completion.ts";
import type { Search } from "../editor/search.ts";
import { type Editor, emptyEditor } from "../editor/state.ts";
import type { BlockId } from "../model/blocks.ts";
import type { Toast } from "./toasts.ts";

/** The parts of the screen that can have it to themselves. */
export type Pane = "transcript" | "jobs" | "plan" | "activity";

/** Where keys go. `find` is the search in the transcript. */
export type Focus = "input" | "find" | Pane;

/**
 * Where the transcript is read. An anchor is the row of a block that stands uppermost; `rows` and `width` say how long
 * the block was, and how wide, when that row was chosen, so that another width finds the same text. `seen` is the newest
 * block that was there when the reader left the end.
 */
export type Scroll =
  | { readonly kind: "follow" }
  | {
      readonly kind: "at";
      readonly block: BlockId;
      readonly row: number;
      readonly rows: number;
      readonly width: number;
      readonly seen: BlockId;
    };

/** A search in the transcript. Capitals count only when the query has some. */
export interface Find {
  readonly query: string;
  /** The caret's place in the query, in UTF-16 units. */
  readonly caret: number;
  /** The block that was found; null: none yet. */
  readonly block: BlockId | null;
  /** Which of its rows. */
  readonly row: number;
}

/** How jobs are shown. */
export interface JobsUi {
  /** The chosen job; null: the one that is worth a look. */
  readonly selected: string | null;
  /** The vertical axis is logarithmic. */
  readonly log: boolean;
  /** Only series whose names hold this. */
  readonly filter: string;
  /** The share of the newest steps that the chart shows, above 0 and up to 1. */
  readonly share: number;
  /** How much the curves are smoothed, from 0 (not at all) to below 1. */
  readonly smoothing: number;
}

/** A saved session that is played. */
export interface ReplayUi {
  /** Times the speed at which it happened. */
  readonly speed: number;
  readonly paused: boolean;
  /** Everything has been shown. */
  readonly done: boolean;
  /** Milliseconds from its beginning, and those from its beginning to its end. */
  readonly at: number;
  readonly length: number;
}

/** The front's own state. `D` is what a dialog is; null: none is open. */
export interface Ui<D = unknown> {
  readonly focus: Focus;
  /** The part that has the screen to itself. */
  readonly zoom: Pane | null;
  /** Which side panes are wanted where there is room. */
  readonly sides: { readonly left: boolean; readonly right: boolean };
  /** Nothing but the transcript, without lines, so that the terminal's own selection takes clean text. */
  readonly copying: boolean;
  readonly scroll: Scroll;
  /** The block that the transcript's keys are about. */
  readonly selected: BlockId | null;
  /** Blocks that are not folded as their kind is: true is open. */
  readonly folds: ReadonlyMap<BlockId, boolean>;
  readonly callsOpen: boolean;
  readonly thinkingOpen: boolean;
  readonly find: Find | null;
  readonly jobs: JobsUi;
  readonly editor: Editor;
  /** The uppermost row of the input in sight, as the newest painting answered. */
  readonly editorTop: number;
  readonly completion: Completion | null;
  /** The search in what was sent before; null: none goes on. */
  readonly recall: Search | null;
  readonly dialog: D | null;
  /** Said for a moment in the status bar, such as what a second press would do. */
  readonly message: { readonly level: "info" | "warn" | "error"; readonly text: string } | null;
  /** What came of things that took a while, until each goes by itself. */
  readonly toasts: readonly Toast[];
  /** The theme that was chosen here, a name or a path; null: the one of the settings. */
  readonly theme: string | null;
  /** A saved session is played, and nothing can be said to it; null: the session is open. */
  readonly replay: ReplayUi | null;
}

/** The front before the first key. */
export function initialUi<D = unknown>(): Ui<D> {
  return {
    focus: "input",
    zoom: null,
    sides: { left: true, right: true },
    copying: false,
    scroll: { kind: "follow" },
    selected: null,
    folds: new Map(),
    callsOpen: false,
    thinkingOpen: false,
    find: null,
    jobs: { selected: null, log: false, filter: "", share: 1, smoothing: 0 },
    editor: emptyEditor,
    editorTop: 0,
    completion: null,
    recall: null,
    dialog: null,
    message: null,
    toasts: [],
    theme: null,
    replay: null,
  };
}
