// The keys in words, made from the table: for the help, for hints, for documents.
import type { BoundCommand, Keymap } from "./keymap.ts";
import { shownStrokes } from "./strokes.ts";
import { type Context, contextNames, contexts } from "./table.ts";

/** A command in the help. */
export interface HelpRow {
  readonly command: string;
  /** `Ctrl+J, Alt+Enter`; empty when it has no key. */
  readonly keys: string;
  readonly help: string;
}

/** The commands of one place. */
export interface HelpSection {
  readonly title: string;
  readonly rows: readonly HelpRow[];
}

/** The help, a section for each place; given contexts, only for those. Commands without a key are left out. */
export function helpOf({ commands }: Keymap, only: readonly Context[] = contexts): HelpSection[] {
  const sections = new Map<string, HelpRow[]>();
  for (const command of commands) {
    const context = command.contexts.find((each) => only.includes(each));
    if (context === undefined || command.strokes.length === 0) continue;
    const title = contextNames[context];
    sections.set(title, [...(sections.get(title) ?? []), rowOf(command)]);
  }
  return [...sections].map(([title, rows]) => ({ title, rows }));
}

/** The help as lines of text, keys in a column of their own. */
export function helpText(keymap: Keymap): string {
  const sections = helpOf(keymap);
  const width = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(({ keys }) => keys.length)));
  const lines = sections.flatMap(({ title, rows }) => [
    title,
    ...rows.map(({ keys, help }) => `  ${keys.padEnd(width)}  ${help}`),
    "",
  ]);
  return lines.slice(0, -1).join("\n");
}

/** The first key of a command, for a hint; null: it has none. */
export function keyOf({ commands }: Keymap, id: string): string | null {
  const strokes = commands.find((command) => command.id === id)?.strokes[0];
  return strokes === undefined ? null : shownStrokes(strokes);
}

function rowOf({ id, strokes, help }: BoundCommand): HelpRow {
  return { command: id, keys: strokes.map(shownStrokes).join(", "), help };
}
