// The search in the transcript: the words are here, the matches are found by whoever shows the transcript.
import { commandIn, createField, textIn, typedIn } from "./field.ts";
import type { DialogKey, Handled, SearchDialog } from "./types.ts";

/** Opens the search line, with what was searched for last. */
export function openSearch(query = ""): SearchDialog {
  return { kind: "search", field: createField(query), found: null };
}

/** The search line with what was found; null: nobody has searched yet. */
export function withFound(dialog: SearchDialog, found: SearchDialog["found"]): SearchDialog {
  return { ...dialog, found };
}

/** Takes a key. Every change of the words is searched for at once. */
export function handleSearch(dialog: SearchDialog, key: DialogKey): Handled {
  if (key.kind === "text" || key.kind === "paste") return changed(dialog, typedIn(dialog.field, key.text));
  if (key.kind !== "command") return { dialog, acts: [] };
  switch (key.id) {
    case "find.close":
      return { dialog: null, acts: [{ kind: "find_end" }] };
    case "find.next":
      return { dialog, acts: [{ kind: "find", query: textIn(dialog.field), by: 1 }] };
    case "find.previous":
      return { dialog, acts: [{ kind: "find", query: textIn(dialog.field), by: -1 }] };
  }
  const field = commandIn(dialog.field, key.id);
  if (field !== null) return changed(dialog, field);
  return { dialog, acts: key.id.startsWith("input.") ? [] : [{ kind: "pass", command: key.id }] };
}

function changed(dialog: SearchDialog, field: SearchDialog["field"]): Handled {
  const query = textIn(field);
  if (query === textIn(dialog.field)) return { dialog: { ...dialog, field }, acts: [] };
  return { dialog: { ...dialog, field, found: null }, acts: [{ kind: "find", query, by: 0 }] };
}
