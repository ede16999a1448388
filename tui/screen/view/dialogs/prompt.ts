// One line to be typed: a name, a sum, the words of a command, a key.
import { commandIn, createField, textIn, typedIn } from "./field.ts";
import type { DialogAct, DialogKey, Handled, PromptDialog, PromptThen } from "./types.ts";

/** Asks for a line. `label`: what it is, as help shows it. */
export function createPrompt(
  title: string,
  label: string,
  then: PromptThen,
  { intro = [], text = "" }: { intro?: readonly string[]; text?: string } = {},
): PromptDialog {
  const field = createField(text, then.kind === "save_key");
  return { kind: "prompt", title, intro, label, field, then, problem: null, busy: false, back: null };
}

/** Asks for the session's name. */
export function openRename(name: string | null): PromptDialog {
  return createPrompt(
    "rename the session",
    "NAME",
    { kind: "run", command: "rename", optional: false },
    { text: name ?? "" },
  );
}

/** The line after what it was for could not be done: it stays as it was typed. */
export function withProblem(dialog: PromptDialog, problem: string): PromptDialog {
  return { ...dialog, busy: false, problem };
}

/** Takes a key. */
export function handlePrompt(dialog: PromptDialog, key: DialogKey): Handled {
  if (dialog.busy && !(key.kind === "command" && key.id === "dialog.close")) return stay(dialog);
  if (key.kind === "text" || key.kind === "paste") {
    return stay({ ...dialog, field: typedIn(dialog.field, key.text), problem: null });
  }
  if (key.kind !== "command") return stay(dialog);
  if (key.id === "dialog.close") return { dialog: dialog.back, acts: [] };
  if (key.id === "dialog.accept") return accepted(dialog);
  const field = commandIn(dialog.field, key.id);
  if (field !== null) return stay({ ...dialog, field });
  const isOwn = key.id.startsWith("input.") || key.id.startsWith("dialog.");
  return { dialog, acts: isOwn ? [] : [{ kind: "pass", command: key.id }] };
}

function accepted(dialog: PromptDialog): Handled {
  const { then, label, field } = dialog;
  const text = textIn(field).trim();
  if (text === "" && !(then.kind === "run" && then.optional))
    return stay({ ...dialog, problem: `type the ${label.toLowerCase()}` });
  if (then.kind === "save_key" && /\s/.test(text)) return stay({ ...dialog, problem: "a key has no blanks in it" });
  // A key is looked at by its service first, and may have to be typed again.
  const left = then.kind === "save_key" ? { ...dialog, problem: null, busy: true } : null;
  return { dialog: left, acts: [actOf(then, text)] };
}

function actOf(then: PromptThen, text: string): DialogAct {
  switch (then.kind) {
    case "run":
      return { kind: "run", command: then.command, rest: text };
    case "rename_session":
      return { kind: "rename_session", id: then.id, name: text };
    case "save_key":
      return { kind: "save_key", name: then.name, value: text };
  }
}

function stay(dialog: PromptDialog): Handled {
  return { dialog, acts: [] };
}
