// The way in: which keys a dialog listens to, what a key does to it, how it follows the model, and how it is painted.
import type { Canvas } from "../../cells/types.ts";
import type { Context } from "../../keys/table.ts";
import type { Model } from "../../model/state.ts";
import { asciiCanvas } from "../ascii.ts";
import { handleApproval, syncApproval } from "./approval.ts";
import { approvalPanel } from "./approval-panel.ts";
import { handleConfirm } from "./confirm.ts";
import { handleText } from "./outcome.ts";
import { type Form, formOf, type Painted, type Panel, paintPanel } from "./panel.ts";
import { confirmPanel, promptPanel, textPanel } from "./panels.ts";
import { handlePicker } from "./picker.ts";
import { pickerPanel } from "./picker-panel.ts";
import { handlePrompt } from "./prompt.ts";
import type { DialogLook } from "./rows.ts";
import type { Dialog, DialogKey, Handled, Room } from "./types.ts";

/** Before anything was painted. */
const unknownRoom: Room = { page: 10, end: 0 };

/** The key contexts of a dialog, innermost first. */
export function contextsOf(dialog: Dialog): Context[] {
  switch (dialog.kind) {
    case "approval":
      return dialog.reason === null ? ["approval", "global"] : ["dialog", "input", "global"];
    case "confirm":
      return ["approval", "dialog", "global"];
    case "text":
      return ["dialog", "transcript", "global"];
    case "picker":
    case "prompt":
      return ["dialog", "input", "global"];
  }
}

/**
 * Takes a key. `now`: milliseconds on a clock that never goes back. `room`: what painting it last came to; without it,
 * nothing scrolls.
 */
export function onKey(dialog: Dialog, key: DialogKey, now: number, room: Room = unknownRoom): Handled {
  switch (dialog.kind) {
    case "approval":
      return handleApproval(dialog, key, now, room);
    case "picker":
      return handlePicker(dialog, key, room);
    case "prompt":
      return handlePrompt(dialog, key);
    case "confirm":
      return handleConfirm(dialog, key, room);
    case "text":
      return handleText(dialog, key, room);
  }
}

/** The dialog after the model has changed: approvals that nobody waits for any more close by themselves. */
export function syncDialog(dialog: Dialog, model: Pick<Model, "questions">, now: number): Dialog | null {
  return dialog.kind === "approval" ? syncApproval(dialog, model, now) : dialog;
}

/** Paints a dialog over what is on the canvas already. The caret is in cells of the canvas; null: there is none. */
export function paintDialog(dialog: Dialog, model: Model, look: DialogLook, place: Canvas): Painted {
  const canvas = look.ascii === true ? asciiCanvas(place) : place;
  const form = formOf(canvas, widths[dialog.kind]);
  return paintPanel(panelOf(dialog, model, look, form), form, look, canvas);
}

function panelOf(dialog: Dialog, model: Model, look: DialogLook, form: Form): Panel {
  switch (dialog.kind) {
    case "approval":
      return approvalPanel(dialog, model, look, form.width);
    case "picker":
      return pickerPanel(dialog, look, form);
    case "prompt":
      return promptPanel(dialog, look, form);
    case "confirm":
      return confirmPanel(dialog, look, form);
    case "text":
      return textPanel(dialog, look, form);
  }
}

/** Cells of a dialog at most, its frame among them. */
const widths = { approval: 110, picker: 90, prompt: 72, confirm: 72, text: 100 } as const;
