// The user's keys for models: which there are, giving one, and giving one up.
import type { KeyState } from "../../../chat/types.ts";
import { createConfirm } from "./confirm.ts";
import { createPicker } from "./picker.ts";
import { createPrompt } from "./prompt.ts";
import type { Dialog, Item, PickerDialog, PromptDialog } from "./types.ts";

/** Opens the list of keys. */
export function openKeys(keys: readonly KeyState[]): PickerDialog {
  const items = keys.map((key) => ({ ...keyItem(key, key.name), more: openDrop(key) }));
  return createPicker("keys", items, { intro: ["Choose the one to give or to replace."] });
}

/** A key as a choice: choosing it asks for its value. */
export function keyItem(key: KeyState, label: string): Item {
  const { from, what } = key;
  return {
    group: "key",
    label,
    detail: from === null ? what : `from ${from}`,
    words: `key ${what}`,
    pick: { dialog: openKey(key), acts: [] },
  };
}

/** Asks for a key, which nobody sees. */
export function openKey({ name, what, page }: Pick<KeyState, "name" | "what" | "page">): PromptDialog {
  const intro = [what, `Made at ${page}`, "Paste it here. It is checked, and kept where only you can read it."];
  return createPrompt(name, "key", { kind: "save_key", name }, { intro });
}

/** Asks before a key is given up. */
export function openDrop({ name, from }: KeyState): Dialog {
  const gone = name === "HF_TOKEN" ? "The Hub's own tools are logged out too: the token is theirs as well." : "";
  return createConfirm({
    title: `give up ${name}?`,
    lines: [from === null ? "It is not set." : `It comes from ${from}.`, ...(gone === "" ? [] : [gone])],
    yes: "give it up",
    no: "keep it",
    acts: [{ kind: "run", command: "logout", rest: name }],
  });
}
