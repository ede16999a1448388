// Lists to choose from: narrowed by typing, best first.
import { fuzzyRank } from "../../editor/fuzzy.ts";
import { commandIn, createField, textIn, typedIn } from "./field.ts";
import { chosenBy } from "./scroll.ts";
import type { Dialog, DialogKey, Handled, Item, PickerDialog, Room } from "./types.ts";

/** Choices that are shown of those that fit. */
const mostShown = 200;

/** A list, with nothing typed yet. */
export function createPicker(title: string, items: readonly Item[], rest: Partial<PickerDialog> = {}): PickerDialog {
  return {
    kind: "picker",
    title,
    items,
    intro: [],
    field: createField(),
    at: 0,
    free: null,
    none: "nothing fits",
    close: "close",
    back: null,
    ...rest,
  };
}

// A list may be as long as a workspace has files, and is asked for several times at each key.
const known = new WeakMap<readonly Item[], { query: string; found: readonly Item[] }>();

/** What fits what was typed: first those whose names fit, best first, then those of which more words do. */
export function fitting({ items, field, free }: PickerDialog): readonly Item[] {
  const query = textIn(field).trim();
  const cached = known.get(items);
  const found = cached?.query === query ? cached.found : search(items, query);
  known.set(items, { query, found });
  if (free === null || query === "" || items.some(({ label }) => label === query)) return found;
  return [...found, typedModel(query)];
}

function search(items: readonly Item[], query: string): readonly Item[] {
  if (query === "") return items.slice(0, mostShown);
  const named = fuzzyRank(query, items, ({ label }) => label, mostShown).map(({ item }) => item);
  const seen = new Set(named);
  const words = query.toLowerCase().split(/\s+/);
  const found = [...named];
  for (const item of items) {
    if (found.length >= mostShown) break;
    if (!seen.has(item) && hasWords(item, words)) found.push(item);
  }
  return found;
}

/** The chosen one; undefined when nothing fits. */
export function chosenItem(dialog: PickerDialog): Item | undefined {
  return fitting(dialog)[dialog.at];
}

/** Takes a key. */
export function handlePicker(dialog: PickerDialog, key: DialogKey, room: Room): Handled {
  if (key.kind === "text" || key.kind === "paste") {
    return stay({ ...dialog, field: typedIn(dialog.field, key.text), at: 0 });
  }
  const { length } = fitting(dialog);
  if (key.kind === "click") return stay(key.row !== null && key.row < length ? { ...dialog, at: key.row } : dialog);
  if (key.kind === "wheel") {
    const by = Math.sign(key.by);
    return stay({ ...dialog, at: Math.max(0, Math.min(length - 1, dialog.at + by)) });
  }
  if (key.kind !== "command") return stay(dialog);
  switch (key.id) {
    case "dialog.close":
      return { dialog: dialog.back, acts: [] };
    case "dialog.accept": {
      const item = chosenItem(dialog);
      return item === undefined ? stay(dialog) : { ...item.pick, dialog: behind(item.pick.dialog, dialog) };
    }
    case "pane.next":
      return stay(behind(chosenItem(dialog)?.more ?? null, dialog) ?? dialog);
  }
  const at = chosenBy(dialog.at, key.id, length, room);
  if (at !== null) return stay({ ...dialog, at });
  const field = commandIn(dialog.field, key.id);
  if (field !== null)
    return stay(field.editor.lines === dialog.field.editor.lines ? { ...dialog, field } : { ...dialog, field, at: 0 });
  return { dialog, acts: key.id.startsWith("input.") ? [] : [{ kind: "pass", command: key.id }] };
}

/** A dialog that was opened from another goes back to it. */
function behind(next: Dialog | null, from: PickerDialog): Dialog | null {
  if (next === null || !("back" in next) || next.back !== null) return next;
  return { ...next, back: from };
}

function hasWords({ label, words = "" }: Item, wanted: readonly string[]): boolean {
  const text = `${label} ${words}`.toLowerCase();
  return wanted.every((word) => text.includes(word));
}

function typedModel(model: string): Item {
  const pick: Handled = { dialog: null, acts: [{ kind: "run", command: "model", rest: model }] };
  return { group: "model", label: model, detail: "as typed", pick };
}

function stay(dialog: Dialog): Handled {
  return { dialog, acts: [] };
}
