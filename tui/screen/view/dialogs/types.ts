// Dialogs as plain data: what is open, what a key does to it, and what others are to do about it.
import type { ApprovalDecision } from "../../../../actors/operations.ts";
import type { Credential } from "../../../config/credentials/names.ts";
import type { SessionSummary } from "../../../sessions/summary.ts";
import type { Editor } from "../../editor/state.ts";
import type { PendingQuestion } from "../../model/state.ts";

/** What a dialog wants done. */
export type DialogAct =
  /** Answers a call that waits. */
  | { readonly kind: "answer"; readonly decision: ApprovalDecision }
  /** Has the arguments of a call edited in the user's editor; what comes of it is the answer. */
  | { readonly kind: "edit_call"; readonly question: PendingQuestion }
  /**
   * Runs a slash command, named without the slash, with what follows its name. `sure`: the user was asked about what it
   * ends.
   */
  | { readonly kind: "run"; readonly command: string; readonly rest: string; readonly sure?: true }
  /** Does what a command of the key table does. */
  | { readonly kind: "do"; readonly command: string }
  | { readonly kind: "open_session"; readonly id: string; readonly how: "resume" | "fork" }
  | { readonly kind: "rename_session"; readonly id: string; readonly name: string }
  | { readonly kind: "delete_session"; readonly id: string }
  | { readonly kind: "cancel_job"; readonly id: string }
  /** Puts text into the input. */
  | { readonly kind: "insert"; readonly text: string }
  | { readonly kind: "copy"; readonly text: string }
  /** Checks a key and keeps it under this name. The value is secret: it goes nowhere else. */
  | { readonly kind: "save_key"; readonly name: Credential["name"]; readonly value: string }
  /** Begins with this model. */
  | { readonly kind: "use_model"; readonly model: string }
  /** Shows the screen in this theme from now on. */
  | { readonly kind: "use_theme"; readonly theme: string }
  | { readonly kind: "quit" }
  /** The dialog has no use for this command of the key table: it means what it means without one. */
  | { readonly kind: "pass"; readonly command: string };

/** What came of a key. `dialog`: what is open now; null: nothing. */
export interface Handled {
  readonly dialog: Dialog | null;
  readonly acts: readonly DialogAct[];
}

/**
 * What reaches a dialog: a command of the key table, or text for which the table has none, or what is no key at all. Text
 * of several characters that came at once was pasted, or typed ahead: it is no command, whatever it begins with.
 */
export type DialogKey =
  | { readonly kind: "command"; readonly id: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "paste"; readonly text: string }
  /** A click; `row`: the row of the body that it was on, counted from the first there is; null: none. */
  | { readonly kind: "click"; readonly row: number | null }
  /** The wheel, by rows; down is positive. */
  | { readonly kind: "wheel"; readonly by: number }
  | { readonly kind: "focus" };

/** How much of the body was in sight when it was painted last, and where. */
export interface Room {
  /** Rows of a page. */
  readonly page: number;
  /** The furthest that it can be scrolled. */
  readonly end: number;
  /** The cells of the body on the screen, and which of its rows is uppermost; absent: it was not to be seen. */
  readonly body?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly first: number;
  };
}

/** A text that is being typed. `masked`: a secret, shown as dots. */
export interface Field {
  readonly editor: Editor;
  readonly masked: boolean;
}

/** Something to choose. */
export interface Item {
  /** What sort of thing it is, in a word; empty: they are all of one sort. */
  readonly group: string;
  readonly label: string;
  readonly detail: string;
  /** More words that a search finds it by. */
  readonly words?: string;
  /** Rows about it, beside or below the list. */
  readonly preview?: readonly string[];
  /** What choosing it does. */
  readonly pick: Handled;
  /** What else can be done with it; opened by going on to the next pane. */
  readonly more?: Dialog;
}

/** Calls that wait for a person. Answers carry the id of the call that is shown, so they cannot hit another. */
export interface ApprovalDialog {
  readonly kind: "approval";
  /** Never empty. */
  readonly questions: readonly PendingQuestion[];
  readonly at: number;
  /** Answered here, and not known to be answered in the model yet. */
  readonly answered: readonly string[];
  /** Since when nobody has typed, milliseconds on a clock that never goes back. */
  readonly quietSince: number;
  /** Keys count as answers. Stays so for the question that is shown. */
  readonly armed: boolean;
  /** All of what it would do is shown, not just the beginning. */
  readonly whole: boolean;
  readonly scroll: number;
  /** The reason for a rejection, while it is being typed; null: it is not. */
  readonly reason: Field | null;
}

/** A list to choose from, narrowed by what is typed. */
export interface PickerDialog {
  readonly kind: "picker";
  readonly title: string;
  /** Stands above the list. */
  readonly intro: readonly string[];
  readonly items: readonly Item[];
  readonly field: Field;
  /** The chosen one, counted in what fits. */
  readonly at: number;
  /** What is typed may be chosen as it is, as the model's id. */
  readonly free: "model" | null;
  /** Shown when there is nothing to choose. */
  readonly none: string;
  /** What closing it comes to, in a word. */
  readonly close: string;
  readonly back: Dialog | null;
}

/** One line to be typed. */
export interface PromptDialog {
  readonly kind: "prompt";
  readonly title: string;
  readonly intro: readonly string[];
  readonly label: string;
  readonly field: Field;
  readonly then: PromptThen;
  /** Why what was typed was not taken; null: nothing is wrong. */
  readonly problem: string | null;
  /** What was typed is being looked at elsewhere; nothing is taken meanwhile. */
  readonly busy: boolean;
  readonly back: Dialog | null;
}

/** What becomes of the line. */
export type PromptThen =
  | { readonly kind: "run"; readonly command: string; readonly optional: boolean }
  | { readonly kind: "rename_session"; readonly id: string }
  | { readonly kind: "save_key"; readonly name: Credential["name"] };

/** A question that only an explicit yes answers with yes. */
export interface ConfirmDialog {
  readonly kind: "confirm";
  readonly title: string;
  readonly lines: readonly string[];
  readonly yes: string;
  readonly no: string;
  readonly acts: readonly DialogAct[];
  readonly scroll: number;
  readonly back: Dialog | null;
}

/** A text to be read. */
export interface TextDialog {
  readonly kind: "text";
  readonly title: string;
  readonly lines: readonly string[];
  /** The first line says that something went wrong. */
  readonly failed: boolean;
  readonly scroll: number;
}

/** What is open over the screen. */
export type Dialog = ApprovalDialog | PickerDialog | PromptDialog | ConfirmDialog | TextDialog;

/** A session as the picker shows it. */
export interface SessionChoice extends SessionSummary {
  /** It is the one that is open here. */
  readonly current: boolean;
  /** What was said last, line by line; absent: not looked up. */
  readonly preview?: readonly string[];
}
