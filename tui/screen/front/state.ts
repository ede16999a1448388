// The front as plain data, and what it asks the shell around it to do. Nothing here touches a terminal, an agent or a
// clock.
import type { Operation } from "../../../actors/operations.ts";
import { type Fragment, isEmpty } from "../editor/atoms.ts";
import type { Input } from "../editor/input.ts";
import { createInput, typeText } from "../editor/input.ts";
import type { Pending } from "../keys/press.ts";
import { emptyModel, type Model } from "../model/state.ts";
import type { Dialog, DialogAct, Room } from "../view/dialogs/types.ts";
import { addToast, type Toast } from "../view/toasts.ts";
import { initialUi, type Ui } from "../view/ui.ts";

/** Everything that the screen is painted from. */
export interface Front {
  readonly model: Model;
  readonly ui: Ui<Dialog>;
  readonly input: Input;
  /** The key before, where it may be the first of two. */
  readonly pending: Pending | null;
  /** How much of an open dialog was in sight when it was painted last. */
  readonly room: Room;
}

/** What is to be done outside. */
export type Act =
  /**
   * A line of the user's: a message, or a command that begins with a slash or an exclamation mark. `fragment`: for the
   * history. `joins`: a message is for the turn that runs.
   */
  | { readonly kind: "line"; readonly text: string; readonly fragment: Fragment; readonly joins: boolean }
  | { readonly kind: "operate"; readonly operation: Operation }
  | { readonly kind: "dialog"; readonly act: DialogAct }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "mouse"; readonly on: boolean }
  | { readonly kind: "replay"; readonly to: "pause" | "faster" | "slower" | "step" | "leave" }
  | { readonly kind: "approval_mode" | "editor" | "log" | "palette" | "quit" | "repaint" | "suspend" };

/** A step of the front. */
export interface Stepped {
  readonly front: Front;
  readonly acts: readonly Act[];
}

/** A front to which nothing has happened. `messages`: what was sent in earlier sessions, oldest first. */
export function createFront(messages: readonly Fragment[]): Front {
  const room = { page: 10, end: 0 };
  return { model: emptyModel(), ui: initialUi<Dialog>(), input: createInput(messages), pending: null, room };
}

/** The front with another input; what is painted of it follows. */
export function withInput(front: Front, input: Input): Front {
  const { editor, completion, search } = input;
  const ui = { ...front.ui, editor, completion, recall: search?.state ?? null };
  return { ...front, input, ui };
}

/** The front with a text in its input, where the caret is. */
export function inserted(front: Front, text: string): Front {
  return withInput(
    front,
    typeText(front.input, text, () => []),
  );
}

/** The front with what the user has taken back in its input, below what stands there. */
export function takenBack(front: Front): Front {
  const { withdrawn } = front.model;
  if (withdrawn.length === 0 || front.ui.replay !== null) return front;
  const lead = isEmpty(front.input.editor.lines) ? "" : "\n";
  return inserted({ ...front, model: { ...front.model, withdrawn: [] } }, lead + withdrawn.join("\n"));
}

/** The front with parts of its own state changed. */
export function withUi(front: Front, part: Partial<Ui<Dialog>>): Front {
  return { ...front, ui: { ...front.ui, ...part } };
}

/** A step that asks for nothing. */
export function only(front: Front): Stepped {
  return { front, acts: [] };
}

/** Something to be said for a moment. */
export function said(front: Front, text: string, level: "info" | "warn" | "error" = "info"): Front {
  return withUi(front, { message: { level, text } });
}

/** What came of something that took a while, beside what is shown. `now`: milliseconds on the clock of keys. */
export function toasted(front: Front, level: Toast["level"], text: string, now: number): Front {
  return withUi(front, { toasts: addToast(front.ui.toasts, level, text, now) });
}
