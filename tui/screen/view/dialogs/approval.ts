// Calls that wait for a person: what keys do. Nothing is answered by a key that was meant for something else, and
// nothing is approved by anything but the keys that say so.
import type { ApprovalDecision } from "../../../../actors/operations.ts";
import type { Model, PendingQuestion } from "../../model/state.ts";
import { commandIn, createField, insertedIn, pastedIn, textIn } from "./field.ts";
import { scrollBy, wheeled } from "./scroll.ts";
import type { ApprovalDialog, DialogKey, Handled, Room } from "./types.ts";

/** Milliseconds without a key after which keys count as answers. */
export const armingMs = 600;

/** Opens the questions that wait; null: none does. `now`: milliseconds on a clock that never goes back. */
export function openApproval({ questions }: Pick<Model, "questions">, now: number): ApprovalDialog | null {
  if (questions.length === 0) return null;
  return { kind: "approval", questions, at: 0, answered: [], whole: false, reason: null, ...fresh(now) };
}

/** The question that is shown. */
export function shownQuestion({ questions, at }: ApprovalDialog): PendingQuestion | undefined {
  return questions[at] ?? questions[0];
}

/** When keys begin to count, on the clock of keys; null: they do, or a reason is being typed. */
export function armsAt({ armed, quietSince, reason }: ApprovalDialog): number | null {
  return armed || reason !== null ? null : quietSince + armingMs;
}

/** Whether keys count as answers. */
export function isArmed({ armed, quietSince }: ApprovalDialog, now: number): boolean {
  return armed || now - quietSince >= armingMs;
}

/** The dialog for what waits by now: what does not wait any more goes; null when nothing is left. */
export function syncApproval(
  dialog: ApprovalDialog,
  { questions }: Pick<Model, "questions">,
  now: number,
): ApprovalDialog | null {
  const waiting = questions.filter((question) => !dialog.answered.includes(stamp(question)));
  const shown = shownQuestion(dialog);
  const unchanged =
    waiting.length === dialog.questions.length && waiting.every((one, index) => one === dialog.questions[index]);
  if (unchanged) return dialog;
  if (waiting.length === 0) return null;
  const answered = dialog.answered.filter((one) => questions.some((question) => stamp(question) === one));
  const at = shown === undefined ? -1 : waiting.indexOf(shown);
  if (at >= 0) return { ...dialog, questions: waiting, answered, at };
  return { ...dialog, ...elsewhere(now), questions: waiting, answered, at: Math.min(dialog.at, waiting.length - 1) };
}

/** Takes a key. */
export function handleApproval(dialog: ApprovalDialog, key: DialogKey, now: number, room: Room): Handled {
  if (key.kind === "click" || key.kind === "focus") return stay({ ...dialog, armed: false, quietSince: now });
  if (key.kind === "wheel") return stay({ ...dialog, scroll: wheeled(dialog.scroll, key.by, room) });
  if (dialog.reason !== null) return handleReason(dialog, dialog.reason, key, now, room);
  if (key.kind !== "command") return stay(touched(dialog, now));
  const scroll = scrollBy(dialog.scroll, key.id, room);
  if (scroll !== null) return stay({ ...touched(dialog, now), scroll });
  if (key.id === "approval.next" || key.id === "approval.previous") {
    return stay(turned(dialog, key.id === "approval.next" ? 1 : -1, now));
  }
  if (key.id === "approval.view") return stay({ ...touched(dialog, now), whole: !dialog.whole, scroll: 0 });
  if (!/^(?:approval|dialog)\./.test(key.id)) {
    return { dialog: touched(dialog, now), acts: [{ kind: "pass", command: key.id }] };
  }
  if (!isArmed(dialog, now)) return stay(touched(dialog, now));
  return decide({ ...dialog, armed: true }, key.id, now);
}

function decide(dialog: ApprovalDialog, command: string, now: number): Handled {
  const question = shownQuestion(dialog);
  if (question === undefined) return stay(dialog);
  switch (command) {
    case "approval.approve":
      return answered(dialog, question, { approved: true, scope: "once" }, now);
    case "approval.approve_alike":
      if (!offersSession(question)) return stay(dialog);
      return answered(dialog, question, { approved: true, scope: "session" }, now);
    case "approval.reject":
    case "dialog.close":
      return stay({ ...dialog, reason: createField() });
    case "approval.edit":
      return { dialog, acts: [{ kind: "edit_call", question }] };
    default:
      return stay(dialog);
  }
}

function handleReason(
  dialog: ApprovalDialog,
  reason: NonNullable<ApprovalDialog["reason"]>,
  key: DialogKey,
  now: number,
  room: Room,
): Handled {
  if (key.kind === "text") return stay({ ...dialog, reason: insertedIn(reason, key.text) });
  if (key.kind === "paste") return stay({ ...dialog, reason: pastedIn(reason, key.text) });
  if (key.kind !== "command") return stay(dialog);
  switch (key.id) {
    case "dialog.accept": {
      const question = shownQuestion(dialog);
      const feedback = textIn(reason);
      if (question === undefined) return stay(dialog);
      const words = feedback.trim() === "" ? {} : { feedback };
      return answered(dialog, question, { approved: false, ...words }, now);
    }
    case "dialog.close":
      return stay({ ...dialog, reason: null, armed: false, quietSince: now });
    case "input.newline":
      return stay({ ...dialog, reason: insertedIn(reason, "\n") });
  }
  const scroll = scrollBy(dialog.scroll, key.id, room);
  if (scroll !== null) return stay({ ...dialog, scroll });
  const edited = commandIn(reason, key.id);
  if (edited !== null) return stay({ ...dialog, reason: edited });
  return { dialog, acts: key.id.startsWith("input.") ? [] : [{ kind: "pass", command: key.id }] };
}

/** Whether "for the session" is an answer to a question. */
export function offersSession({ session_rule, always }: PendingQuestion): boolean {
  return session_rule !== undefined && always !== true;
}

function answered(
  dialog: ApprovalDialog,
  question: PendingQuestion,
  decision: Omit<ApprovalDecision, "tool_call_id">,
  now: number,
): Handled {
  const questions = dialog.questions.filter((one) => one !== question);
  const next: ApprovalDialog = {
    ...dialog,
    // The next one was not on the screen when this key was pressed.
    ...elsewhere(now),
    questions,
    at: Math.min(dialog.at, Math.max(0, questions.length - 1)),
    answered: [...dialog.answered, stamp(question)],
  };
  return {
    dialog: questions.length === 0 ? null : next,
    acts: [{ kind: "answer", decision: { tool_call_id: question.tool_call_id, ...decision } }],
  };
}

function turned(dialog: ApprovalDialog, by: 1 | -1, now: number): ApprovalDialog {
  const { length } = dialog.questions;
  if (length < 2) return touched(dialog, now);
  return { ...dialog, ...elsewhere(now), at: (dialog.at + by + length) % length };
}

/** A key was pressed that answers nothing: those that come right after it do not either. */
function touched(dialog: ApprovalDialog, now: number): ApprovalDialog {
  return isArmed(dialog, now) ? { ...dialog, armed: true } : { ...dialog, quietSince: now };
}

function fresh(now: number) {
  return { armed: false, quietSince: now, scroll: 0 };
}

function elsewhere(now: number) {
  return { ...fresh(now), whole: false, reason: null };
}

/** The asking of a question: a call that was edited is asked about anew. */
function stamp({ tool_call_id, askedAt }: PendingQuestion): string {
  return `${askedAt} ${tool_call_id}`;
}

function stay(dialog: ApprovalDialog): Handled {
  return { dialog, acts: [] };
}
