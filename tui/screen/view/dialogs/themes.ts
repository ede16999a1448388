// The themes to choose from. Whoever paints shows the chosen one at once, so that moving through the list is looking.
import { createPicker } from "./picker.ts";
import type { Item, PickerDialog } from "./types.ts";

const what: Readonly<Record<string, string>> = {
  auto: "as the terminal's background is",
  dark: "for a dark background",
  light: "for a light background",
  contrast: "the terminal's own 16 colours, bold and inverse",
};

/** Opens the list. `present`: the theme in use, by its name or path. */
export function openThemes(names: readonly string[], present: string): PickerDialog {
  const all = names.includes(present) ? names : [...names, present];
  const items = all.map((theme): Item => {
    const said = [...(theme === present ? ["now"] : []), what[theme] ?? "a file of yours"].join(" · ");
    return { group: "", label: theme, detail: said, pick: { dialog: null, acts: [{ kind: "use_theme", theme }] } };
  });
  return createPicker("theme", items, {
    at: Math.max(0, all.indexOf(present)),
    intro: ["What is chosen is shown at once, and kept until you leave."],
  });
}
