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
import { caretIn, commandIn, fieldAt, textIn, typedIn } from "../view/dialogs/field.ts";
import type { DialogKey, Field } from "../view/dialogs/types.ts";
import type { Find, Focus } from "../view/ui.ts";
import { pointed } from "./mouse.ts";
import { read, type Sight } from "./reading.ts";
import { type Act, type Front, only, type Stepped, said, withInput, withUi } from "./state.ts";

/** What a step needs to know beside the front. */
export interface Circumstances {
  readonly keymap: Keymap;
  /** Asked for only by what reads: it takes time to make. */
  readonly sight: () => Sight;
  readonly surroundings: Surroundings;
  /** Milliseconds on a clock that never goes back. */
  readonly now: number;
}

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
    case "mouse": {
      const found = pointed(front, event, given.sight());
      return found.kind === "dialog" ? inDialog(front, found.key, given) : only(found.front);
    }
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

/** What a pane listens to by itself; the search is edited as the input is. */
const paneContexts: Readonly<Partial<Record<Focus, readonly Context[]>>> = {
  transcript: ["transcript"],
  jobs: ["jobs"],
  find: ["find", "input"],
};

/** Where keys go, innermost first. */
export function contextsOf({ ui, input, model }: Front): Context[] {
  if (ui.dialog !== null) return dialogContexts(ui.dialog);
  if (ui.replay !== null && ui.focus !== "find") return [...(paneContexts[ui.focus] ?? []), "replay", "global"];
  const idle: Context[] = phaseOf(model) === "idle" ? ["idle"] : [];
  const own = paneContexts[ui.focus] ?? [];
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
  if (focus === "find" && find !== null) return searched(front, typedIn(fieldOf(find), text), sight);
  // Nothing can be said to a session that is played.
  if (front.ui.replay !== null) return only(front);
  if (focus !== "input")
    return only(withInput(withUi(front, { focus: "input" }), typeText(front.input, text, surroundings.source)));
  return only(withInput(front, typeText(front.input, text, surroundings.source)));
}

function fieldOf({ query, caret }: Find): Field {
  return fieldAt(query, caret);
}

/** The search with other words, which are searched for at once. */
function searched(front: Front, field: Field, sight: () => Sight): Stepped {
  const query = textIn(field);
  const caret = caretIn(field);
  if (query === front.ui.find?.query) return only(withUi(front, { find: { ...front.ui.find, caret } }));
  return read(withUi(front, { find: { query, caret, block: null, row: 0 } }), "find.next", sight) ?? only(front);
}

function pasted(front: Front, text: string, given: Circumstances): Stepped {
  const { dialog, focus, find } = front.ui;
  if (dialog !== null) return inDialog(front, { kind: "paste", text }, given);
  if (focus === "find" && find !== null) return searched(front, typedIn(fieldOf(find), text), given.sight);
  if (front.ui.replay !== null) return only(front);
  return only(withInput(withUi(front, { focus: "input" }), pasteText(front.input, text, given.surroundings.source)));
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

const replayActs: Readonly<Record<string, Extract<Act, { kind: "replay" }>["to"]>> = {
  "replay.pause": "pause",
  "replay.faster": "faster",
  "replay.slower": "slower",
  "replay.step": "step",
  "replay.leave": "leave",
};

/** Does what a command of the key table does, where no dialog is open. */
export function run(front: Front, command: string, given: Circumstances): Stepped {
  const { find, focus } = front.ui;
  if (focus === "find" && find !== null && /^(?:input|search)\./.test(command)) {
    const field = commandIn(fieldOf(find), command);
    return field === null ? only(front) : searched(front, field, given.sight);
  }
  const plain = plainActs[command];
  if (plain !== undefined) return { front, acts: [{ kind: plain } as Act] };
  const replayed = replayActs[command];
  if (replayed !== undefined) return { front, acts: [{ kind: "replay", to: replayed }] };
  switch (command) {
    case "app.interrupt":
      if (!isBusy(front.model)) return only(said(front, "Ctrl+C again leaves; Esc twice takes the last turn back."));
      return {
        front,
        acts: [{ kind: "operate", operation: { type: "interrupt", reason: "user" } }],
      };
    case "app.quit":
    case "app.end": {
      // What runs in a session that is played ran long ago.
      const dialog = front.ui.replay === null ? openQuit(front.model) : null;
      return dialog === null ? { front, acts: [{ kind: "quit" }] } : only(withUi(front, { dialog }));
    }
    case "app.help":
    case "app.help_sign":
      return { front, acts: [{ kind: "dialog", act: { kind: "run", command: "help", rest: "" } }] };
    case "app.undo":
      return { front, acts: [{ kind: "dialog", act: { kind: "run", command: "undo", rest: "" } }] };
    case "app.withdraw":
      return { front, acts: [{ kind: "dialog", act: { kind: "run", command: "withdraw", rest: "" } }] };
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
    acts.push({ kind: "line", text, fragment, joins: command === "input.steer" });
  }
  return {
    front: withUi(withInput(front, done.input), done.message === null ? {} : { scroll: { kind: "follow" } }),
    acts,
  };
}
