// The first run: what is missing, what is there, and the ways on from here.
import type { KeyState } from "../../../chat/types.ts";
import type { LocalServerState } from "../../../cli/local-servers.ts";
import { count } from "../../text/words.ts";
import { textIn } from "./field.ts";
import { keyItem } from "./keys.ts";
import { chosenItem, createPicker, fitting } from "./picker.ts";
import type { Dialog, Handled, Item, PickerDialog } from "./types.ts";

/** Models of one local server that are listed. */
const listed = 5;

/** What a first run finds. */
export interface FirstRunFacts {
  readonly keys: readonly KeyState[];
  /** The servers on this machine; null: they have not answered yet. */
  readonly servers: readonly LocalServerState[] | null;
  /** The model that needs neither key nor network. */
  readonly demo: string;
  /** What is missing, or what came of the last way; null: nothing more than that a model is. */
  readonly note: string | null;
}

/** Opens the ways to begin. */
export function openFirstRun({ keys, servers, demo, note }: FirstRunFacts): PickerDialog {
  const answering = (servers ?? []).filter(({ models }) => models !== null && models.length > 0);
  const has = keys.flatMap(({ name, from }) => (from === null ? [] : [`${name} (${from})`]));
  const lacks = keys.filter(({ from }) => from === null).map(({ name }) => name);
  const intro = [
    ...(note === null ? [] : [note, ""]),
    "A model is needed to begin: a key for one, a server on this machine, or the offline demo.",
    ...(has.length === 0 ? [] : [`found: ${has.join(", ")}`]),
    ...(lacks.length === 0 ? [] : [`not set: ${lacks.join(", ")}`]),
    `local servers: ${serverWords(servers, answering)}`,
  ];
  const items: Item[] = [
    ...keys.filter(({ from }) => from === null).map((key) => keyItem(key, `paste ${key.name}`)),
    ...answering.flatMap(({ models }) =>
      (models ?? []).slice(0, listed).map((model) => modelItem("local", model, "on this machine")),
    ),
    modelItem("demo", demo, "no key, no network: a rule-driven stand-in"),
    ...keys.filter(({ from }) => from !== null).map((key) => keyItem(key, `replace ${key.name}`)),
  ];
  return createPicker("welcome", items, { intro, close: "leave" });
}

/** An open first run with more that is known by now; what was typed and chosen stays. */
export function withFacts(dialog: Dialog | null, facts: FirstRunFacts): Dialog | null {
  if (dialog?.kind === "prompt") return { ...dialog, back: withFacts(dialog.back, facts) };
  if (dialog?.kind !== "picker") return dialog;
  const fresh = { ...openFirstRun(facts), field: dialog.field };
  // Who has not moved yet is at the first way, whatever that is by now.
  const chosen = dialog.at === 0 && textIn(dialog.field) === "" ? null : chosenItem(dialog)?.label;
  const at = fitting(fresh).findIndex(({ label }) => label === chosen);
  return { ...fresh, at: Math.max(0, at) };
}

function serverWords(all: readonly LocalServerState[] | null, answering: readonly LocalServerState[]): string {
  if (all === null) return "looking for them …";
  if (answering.length === 0) return `none answers (${all.map(({ prefix }) => prefix).join(", ")})`;
  return answering
    .map(({ prefix, models }) => {
      const many = models?.length ?? 0;
      return `${prefix} with ${count(many)} ${many === 1 ? "model" : "models"}`;
    })
    .join(", ");
}

function modelItem(group: string, model: string, detail: string): Item {
  const pick: Handled = { dialog: null, acts: [{ kind: "use_model", model }] };
  return { group, label: `use ${model}`, detail, words: `${group} ${detail}`, pick };
}
