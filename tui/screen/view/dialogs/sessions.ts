// The sessions there are, and what can be done with one.
import { since } from "../../../chat/line/figures.ts";
import { oneLine } from "../../../text/neutralise.ts";
import { createConfirm } from "./confirm.ts";
import { createPicker } from "./picker.ts";
import { createPrompt } from "./prompt.ts";
import type { Dialog, Handled, Item, PickerDialog, SessionChoice } from "./types.ts";

const nameChars = 120;

/** Opens the list of sessions, newest first. `now`: milliseconds since 1970. */
export function openSessions(sessions: readonly SessionChoice[], now: number): PickerDialog {
  const items = sessions.map((session) => sessionItem(session, now));
  return createPicker("sessions", items, { none: "there is no such session" });
}

/** A session as a choice: choosing it takes it up. */
export function sessionItem(session: SessionChoice, now: number): Item {
  const { id, state, updated_at, model, turns, cwd, current, preview, first_prompt } = session;
  const facts = [current ? "open here" : stateWords(state), since(updated_at, now), model ?? ""];
  return {
    group: "",
    label: titleOf(session),
    detail: facts.filter((fact) => fact !== "").join(" · "),
    words: `${id} ${model ?? ""} ${state} ${cwd ?? ""} ${first_prompt ?? ""}`,
    preview: [
      `${turns} ${turns === 1 ? "turn" : "turns"} in ${cwd ?? "an unknown folder"} · ${id}`,
      ...(preview ?? firstWords(session)),
    ],
    pick: current ? { dialog: null, acts: [] } : open(id, "resume"),
    more: actionsOf(session),
  };
}

/** What can be done with a session. */
export function actionsOf(session: SessionChoice): PickerDialog {
  const { id, current, name } = session;
  const what = titleOf(session);
  const rename = createPrompt(
    "rename the session",
    "name",
    { kind: "rename_session", id },
    { intro: [what], text: name ?? "" },
  );
  const remove = createConfirm({
    title: "delete the session",
    lines: [what, "Its record and all its files are deleted. This cannot be undone."],
    yes: "delete",
    no: "keep it",
    acts: [{ kind: "delete_session", id }],
  });
  const items = [
    ...(current ? [] : [choice("resume", "go on with it", open(id, "resume"))]),
    choice("fork", "go on in a copy", open(id, "fork")),
    choice("rename", "give it another name", to(rename)),
    ...(current ? [] : [choice("delete", "for good; asks first", to(remove))]),
  ];
  return createPicker("session", items, { intro: [what] });
}

function titleOf({ name, first_prompt }: SessionChoice): string {
  return oneLine(name ?? first_prompt ?? "nothing asked yet", nameChars);
}

function firstWords({ name, first_prompt }: SessionChoice): string[] {
  return name === null || first_prompt === null ? [] : [first_prompt];
}

function stateWords(state: string): string {
  return state.replaceAll("_", " ");
}

function open(id: string, how: "resume" | "fork"): Handled {
  return { dialog: null, acts: [{ kind: "open_session", id, how }] };
}

function to(dialog: Dialog): Handled {
  return { dialog, acts: [] };
}

function choice(label: string, detail: string, pick: Handled): Item {
  return { group: "", label, detail, pick };
}
