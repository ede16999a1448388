// The first run: what is missing, what is there, and the ways on from here.
import { count } from "../../text/words.ts";
import { createPicker } from "./picker.ts";
import { openKey } from "./prompt.ts";
import type { FirstRunFacts, Item, PickerDialog } from "./types.ts";

/** Models of one local server that are listed. */
const listed = 5;

/** Opens the ways to begin. `note`: what came of the last one, such as why a key was not taken. */
export function openFirstRun({ keys, servers, demo }: FirstRunFacts, note: string | null = null): PickerDialog {
  const answering = servers.filter(({ models }) => models !== null && models.length > 0);
  const has = keys.filter(({ there }) => there).map(({ name }) => name);
  const lacks = keys.filter(({ there }) => !there).map(({ name }) => name);
  const intro = [
    ...(note === null ? [] : [note, ""]),
    "A model is needed to begin: a key for one, a server on this machine, or the offline demo.",
    ...(has.length === 0 ? [] : [`found: ${has.join(", ")}`]),
    ...(lacks.length === 0 ? [] : [`not set: ${lacks.join(", ")}`]),
    answering.length === 0
      ? `local servers: none answers${servers.length === 0 ? "" : ` (${servers.map(({ prefix }) => prefix).join(", ")})`}`
      : `local servers: ${answering.map(({ prefix, models }) => `${prefix} with ${count(models?.length ?? 0)} ${models?.length === 1 ? "model" : "models"}`).join(", ")}`,
  ];
  const items: Item[] = [
    ...keys
      .filter(({ there }) => !there)
      .map(({ name, what }) => ({
        group: "key",
        label: `paste ${name}`,
        detail: what,
        pick: { dialog: openKey(name, what), acts: [] },
      })),
    ...answering.flatMap(({ models }) =>
      (models ?? []).slice(0, listed).map((model) => modelItem("local", model, "on this machine")),
    ),
    modelItem("demo", demo, "no key, no network: a rule-driven stand-in"),
  ];
  return createPicker("welcome", items, { intro });
}

function modelItem(group: string, model: string, detail: string): Item {
  return { group, label: `use ${model}`, detail, pick: { dialog: null, acts: [{ kind: "use_model", model }] } };
}
