// A theme whose every style is told apart by its id, and what rows say.
import { createStyles } from "../../../tui/screen/cells/style.ts";
import type { Row, Theme } from "../../../tui/screen/cells/types.ts";
import type { Look } from "../../../tui/screen/text/look.ts";
import { loadMarkdown, type RowList } from "../../../tui/screen/text/markdown.ts";

await loadMarkdown();

const names = [
  "text",
  "dim",
  "strong",
  "emphasis",
  "strike",
  "heading",
  "link",
  "code",
  "user",
  "accent",
  "ok",
  "warn",
  "error",
  "border",
  "borderFocused",
  "status",
  "selection",
  "added",
  "addedWord",
  "removed",
  "removedWord",
  "keyword",
  "string",
  "number",
  "comment",
  "functionName",
] as const;

/** A fresh look; `nameOf` says which of the theme's styles a cell has. */
export function setting(ascii = false): { look: Look; theme: Theme; nameOf: (style: number | undefined) => string } {
  const styles = createStyles();
  const ids = names.map((_, index) => styles.id({ fg: `#0000${(index + 16).toString(16)}` }));
  const theme = Object.fromEntries([
    ...names.map((name, index) => [name, ids[index]]),
    ["series", [styles.id({ fg: 1 }), styles.id({ fg: 2 })]],
  ]) as unknown as Theme;
  return { look: { theme, styles, ascii }, theme, nameOf: (style) => names[ids.indexOf(style ?? -1)] ?? `${style}` };
}

/** Rows as lines of text, without blanks at their ends. */
export function linesOf(rows: readonly Row[]): string[] {
  return rows.map(({ glyphs }) => glyphs.join("").trimEnd());
}

/** All rows of a list. */
export function rowsOf(list: RowList): Row[] {
  return Array.from({ length: list.length }, (_, index) => list.at(index) ?? { glyphs: ["missing"], styles: [0] });
}

/** The text of the runs of cells in one style, with the style's name. */
export function runsOf(row: Row | undefined, nameOf: (style: number | undefined) => string): string[] {
  const runs: { name: string; text: string }[] = [];
  for (const [at, glyph] of (row?.glyphs ?? []).entries()) {
    const name = nameOf(row?.styles[at]);
    const last = runs.at(-1);
    if (last?.name === name) last.text += glyph;
    else runs.push({ name, text: glyph });
  }
  return runs.map(({ name, text }) => `${name}:${text}`);
}
