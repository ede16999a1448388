// What comes from the terminal, as steps of the front. Pure: the time and the size are given.
import { isEmpty } from "../editor/atoms.ts";
import { runInput, type Surroundings } from "../editor/commands.ts";
import { contextsOf as inputContexts, pasteText, typeText } from "../editor/input.ts";
import type { Keymap } from "../keys/keymap.ts";
import { press } from "../keys/press.ts";
import type { Context } from "../keys/table.ts";
import { heldMessages, isBusy, phaseOf } from "../model/select.ts";
import type { InputEvent } from "../term/events.ts";
import { chordsOf } from "../term/keys.ts";
import { openQuit } from "../view/dialogs/confirm.ts";
import { contextsOf as dialogContexts, onKey } from "../view/dialogs/dialogs.ts";
import type { DialogKey } from "../view/dialogs/types.ts";
import { scrollBy } from "../view/transcript/scroll.ts";
import { read, type Sight } from "./reading.ts";
import { type Act, type Front, only, type Stepped, said, withInput, withUi } from "./state.ts";

/** What a step needs to know beside the front. */
export interface Circumstances {
  readonly keymap: Keymap;
  readonly sight: Sight;
  readonly surroundings: Surroundings;
  /** Milliseconds on a clock that never goes back. */
  readonly now: number;
}

/** Rows that a notch of the wheel moves. */
const wheelRows = 3;

/** Takes what a person has done. */
export function take(
  front: Front,
  event: Exclude<InputEvent, { type: "reply" | "resize" }>,
  given: Circumstances,
): Stepped {
  switch (event.type) {
    case "key":
      return pressed(front, event.chord, null, given);
    case "text": {
      // What comes at once was not typed: without the marks of a paste, this is how one looks. It answers no question.
      if (front.ui.dialog !== null && [...event.text].length > 1) {
        return inDialog(front, { kind: "paste", text: event.text }, given);
      }
      // Each character by itself, since some of them are keys where nothing is typed.
      let step = only(front);
      for (const character of event.text) {
        step = then(step, (now) => pressed(now, chordsOf(character)[0] ?? character, character, given));
      }
      return step;
    }
    case "paste":
      return pasted(front, event.text, given);
    case "mouse":
      return clicked(front, event, given);
    case "focus": {
      const { dialog } = front.ui;
      return dialog === null || !event.focused ? only(front) : inDialog(front, { kind: "focus" }, given);
    }
  }
}

function then(step: Stepped, next: (front: Front) => Stepped): Stepped {
  const after = next(step.front);
  return { front: after.front, acts: [...step.acts, ...after.acts] };
}

/** Where keys go, innermost first. */
export function contextsOf({ ui, input, model }: Front): Context[] {
  if (ui.dialog !== null) return dialogContexts(ui.dialog);
  const idle: Context[] = phaseOf(model) === "idle" ? ["idle"] : [];
  const own: Context[] =
    ui.focus === "transcript" ? ["transcript"] : ui.focus === "jobs" ? ["jobs"] : ui.focus === "find" ? ["find"] : [];
  return [...(own.length > 0 ? own : inputContexts(input)), ...idle, "global"];
}

function pressed(before: Front, chord: string, text: string | null, given: Circumstances): Stepped {
  const { command, pending, awaiting } = press(given.keymap, before.pending, chord, contextsOf(before), given.now);
  const front = { ...withUi(before, { message: null }), pending };
  if (front.ui.dialog !== null) {
    if (command !== null) return inDialog(front, { kind: "command", id: command }, given);
    return text === null || awaiting ? only(front) : inDialog(front, { kind: "text", text }, given);
  }
  if (command !== null) return run(front, command, given);
  return text === null || awaiting ? only(front) : typed(front, text, given);
}

function typed(front: Front, text: string, { surroundings, sight }: Circumstances): Stepped {
  const { focus, find } = front.ui;
  if (focus === "find" && find !== null) {
    const query = find.query + text;
    return (
      read(withUi(front, { find: { query, caret: query.length, block: null } }), "find.next", sight) ?? only(front)
    );
  }
  if (focus !== "input")
    return only(withInput(withUi(front, { focus: "input" }), typeText(front.input, text, surroundings.source)));
  return only(withInput(front, typeText(front.input, text, surroundings.source)));
}

function pasted(front: Front, text: string, given: Circumstances): Stepped {
  if (front.ui.dialog !== null) return inDialog(front, { kind: "paste", text }, given);
  return only(withInput(withUi(front, { focus: "input" }), pasteText(front.input, text, given.surroundings.source)));
}

function clicked(front: Front, event: Extract<InputEvent, { type: "mouse" }>, given: Circumstances): Stepped {
  const { list, height } = given.sight;
  if (event.action === "wheel-up" || event.action === "wheel-down") {
    if (front.ui.dialog !== null) {
      const id = event.action === "wheel-up" ? "dialog.up" : "dialog.down";
      return inDialog(front, { kind: "command", id }, given);
    }
    const by = event.action === "wheel-up" ? -wheelRows : wheelRows;
    return only(withUi(front, { scroll: scrollBy(list, front.ui.scroll, by, height) }));
  }
  if (event.action !== "press" || front.ui.dialog === null) return only(front);
  return inDialog(front, { kind: "click" }, given);
}

function inDialog(front: Front, key: DialogKey, given: Circumstances): Stepped {
  const { dialog } = front.ui;
  if (dialog === null) return only(front);
  const handled = onKey(dialog, key, given.now, front.room);
  let step: Stepped = only(withUi(front, { dialog: handled.dialog }));
  for (const act of handled.acts) {
    step =
      act.kind === "pass"
        ? then(step, (now) => run(now, act.command, given))
        : { front: step.front, acts: [...step.acts, { kind: "dialog", act }] };
  }
  return step;
}

const plainActs: Readonly<Record<string, Extract<Act, { kind: string }>["kind"]>> = {
  "app.palette": "palette",
  "app.repaint": "repaint",
  "app.suspend": "suspend",
  "app.approval_mode": "approval_mode",
  "app.log": "log",
  "input.external_editor": "editor",
};

/** Does what a command of the key table does, where no dialog is open. */
export function run(front: Front, command: string, given: Circumstances): Stepped {
  const plain = plainActs[command];
  if (plain !== undefined) return { front, acts: [{ kind: plain } as Act] };
  switch (command) {
    case "app.interrupt":
      if (!isBusy(front.model)) return only(said(front, "Ctrl+C again leaves; the session can be taken up again."));
      return {
        front,
        acts: [{ kind: "operate", operation: { type: "interrupt", reason: "user" } }],
      };
    case "app.quit":
    case "app.end": {
      const dialog = openQuit(front.model);
      return dialog === null ? { front, acts: [{ kind: "quit" }] } : only(withUi(front, { dialog }));
    }
    case "app.help":
    case "app.help_sign":
      return { front, acts: [{ kind: "dialog", act: { kind: "run", command: "help", rest: "" } }] };
    case "app.undo_picker":
      return { front, acts: [{ kind: "dialog", act: { kind: "run", command: "undo", rest: "" } }] };
    case "app.copy_mode": {
      const copying = !front.ui.copying;
      return { front: withUi(front, { copying }), acts: [{ kind: "mouse", on: !copying }] };
    }
  }
  const step = read(front, command, given.sight);
  if (step !== null) return step;
  if (command === "input.send" && heldMessages(front.model) > 0 && isEmpty(front.input.editor.lines)) {
    return { front, acts: [{ kind: "operate", operation: { type: "resume" } }] };
  }
  const done = runInput(front.input, command, given.surroundings);
  if (done === null) return only(front);
  const acts: Act[] = [];
  if (done.copied !== null) acts.push({ kind: "copy", text: done.copied });
  if (done.message !== null) {
    const { text, fragment } = done.message;
    acts.push({ kind: "line", text, fragment });
  }
  return {
    front: withUi(withInput(front, done.input), done.message === null ? {} : { scroll: { kind: "follow" } }),
    acts,
  };
}
