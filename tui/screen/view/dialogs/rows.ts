// Rows that several dialogs are made of.

import { neutralise } from "../../../text/neutralise.ts";
import { cutRow, linesOf, rowOf, spansWidth } from "../../cells/layout.ts";
import type { Row, Span, StyleId } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import { keyOf } from "../../keys/help.ts";
import { buildKeymap, type Keymap } from "../../keys/keymap.ts";
import type { Look } from "../../text/look.ts";

/** How dialogs are to look. */
export interface DialogLook extends Look {
  /** The keys as they are, for hints; absent: as shipped. */
  readonly keymap?: Keymap;
  /** The time by the clock that keys are timed with, milliseconds; absent: long after everything. */
  readonly now?: number;
}

/** What a command of the key table does here. */
export interface Hint {
  readonly command: string;
  readonly long: string;
  readonly short: string;
}

let shipped: Keymap | null = null;

/** The first key of a command; empty when it has none. */
export function keyFor(command: string, { keymap }: DialogLook): string {
  if (keymap === undefined) shipped ??= buildKeymap().keymap;
  return keyOf(keymap ?? shipped ?? buildKeymap().keymap, command) ?? "";
}

/** One hint as spans. `brackets` stand around the key. */
function hintSpans({ command }: Hint, words: string, look: DialogLook, live: boolean): Span[] {
  const key = keyFor(command, look);
  const { theme } = look;
  const shown = live ? `[${key}]` : `(${key})`;
  return [
    { text: shown, style: live ? theme.strong : theme.dim },
    { text: ` ${words}`, style: live ? theme.text : theme.dim },
  ];
}

/**
 * Hints on as few rows as hold them: in full words when those fit on one. `live`: the keys do something now, which the
 * brackets around them say too.
 */
export function hintRows(hints: readonly Hint[], width: number, look: DialogLook, live = true): Row[] {
  const usable = hints.filter(({ command }) => keyFor(command, look) !== "");
  const long = usable.map((hint) => hintSpans(hint, hint.long, look, live));
  if (spansWidth(joined(long, look)) <= width) return [rowOf(joined(long, look))];
  const lines: Span[][][] = [[]];
  for (const hint of usable) {
    const spans = hintSpans(hint, hint.short, look, live);
    const line = lines.at(-1) ?? [];
    if (line.length > 0 && spansWidth(joined([...line, spans], look)) > width) lines.push([spans]);
    else line.push(spans);
  }
  return lines.map((line) => cutRow(joined(line, look), width));
}

/** Hints on one row: in their short words, or where there is no room for those just the keys. */
export function hintLine(hints: readonly Hint[], width: number, look: DialogLook, live = true): Span[] {
  const usable = hints.filter(({ command }) => keyFor(command, look) !== "");
  const words = joined(
    usable.map((hint) => hintSpans(hint, hint.short, look, live)),
    look,
  );
  return spansWidth(words) <= width ? words : hintKeys(usable, look, live);
}

/** The keys alone: `y/n/v?`. */
export function hintKeys(hints: readonly Hint[], look: DialogLook, live = true): Span[] {
  const keys = hints
    .map(({ command }) => keyFor(command, look))
    .filter((key) => key !== "")
    .join("/");
  return [{ text: live ? `${keys}?` : `(${keys})`, style: live ? look.theme.strong : look.theme.dim }];
}

function joined(parts: readonly Span[][], { theme }: DialogLook): Span[] {
  return parts.flatMap((spans, index) => (index === 0 ? spans : [{ text: "  ", style: theme.text }, ...spans]));
}

/** Lines of text of whoever it may be, wrapped between words. */
export function textRows(lines: readonly string[], width: number, style: StyleId): Row[] {
  return lines.flatMap((line) => wrap([{ text: neutralise(line), style }], width));
}

/** Lines of a table in text, such as keys and what they do: what is wrapped hangs under what it belongs to. */
export function tableRows(lines: readonly string[], width: number, style: StyleId): Row[] {
  return lines.flatMap((line) => {
    const [head = ""] = /^\s*\S.*?\s{2,}(?=\S)/.exec(line) ?? [];
    const indent = head === "" ? (/^\s*/.exec(line)?.[0].length ?? 0) : head.length;
    const rest = [{ text: " ".repeat(indent > width / 2 ? 4 : indent), style }];
    return wrap([{ text: neutralise(line), style }], width, { first: [], rest });
  });
}

/** A fact with its name before it; what it says hangs beside the name, so that it cannot pass for another fact. */
export function factRows(
  name: string,
  text: string,
  width: number,
  styles: { readonly name: StyleId; readonly text: StyleId },
  most = 4,
): Row[] {
  const first = [{ text: `${name.padEnd(5)} `, style: styles.name }];
  const rows = wrap([{ text, style: styles.text }], width, { first });
  const last = rows[most - 1];
  if (rows.length <= most || last === undefined) return rows;
  // A row beyond what is shown: the last one says that there is more.
  const cut = { glyphs: [...last.glyphs, " ", "…"], styles: [...last.styles, styles.text, styles.text] };
  return [...rows.slice(0, most - 1), width > last.glyphs.length + 1 ? cut : ended(last, styles.text)];
}

function ended(row: Row, style: StyleId): Row {
  const kept = row.glyphs.at(-1) === "" ? -2 : -1;
  return { glyphs: [...row.glyphs.slice(0, kept), "…"], styles: [...row.styles.slice(0, kept), style] };
}

/** Rows with a mark at the left edge of each, which says that they are somebody else's text. */
export function quoted(rows: readonly Row[], { theme, ascii }: DialogLook): Row[] {
  const [mark = { glyphs: [], styles: [] }] = linesOf([{ text: ascii ? "| " : "▏ ", style: theme.accent }]);
  return rows.map(({ glyphs, styles }) => ({
    glyphs: [...mark.glyphs, ...glyphs],
    styles: [...mark.styles, ...styles],
  }));
}
