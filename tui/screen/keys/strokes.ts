// Keys as people write them in a table or a config file, read and judged.
import { chordLabel, parseChord } from "../term/keys.ts";
import type { Context, KeyCommand } from "./table.ts";

/** One press, or two with a space between them, in their one spelling. */
export type Strokes = string;

/** Contexts in which characters are text. An empty input has none yet, so a sign may be a key there. */
const typedIn: readonly Context[] = [
  "input",
  "input-filled",
  "completion",
  "search",
  "find",
  "dialog",
  "idle",
  "global",
];

/** With Alt, a terminal sends Escape and the character: these begin what it says of itself. */
const reserved: readonly string[] = ["alt+[", "alt+]", "alt+_", "alt+^", "alt+shift+o", "alt+shift+p", "alt+shift+x"];

/** What most terminals cannot tell from another key. */
const same: Readonly<Record<string, string>> = {
  "ctrl+i": "tab",
  "ctrl+m": "enter",
  "ctrl+[": "escape",
  "ctrl+enter": "enter",
  "ctrl+tab": "tab",
  "ctrl+shift+tab": "shift+tab",
};

/** The strokes that are written; null: they are none. */
export function parseStrokes(written: string): Strokes | null {
  if (written === " ") return "space";
  const chords = written.trim().split(/\s+/u).map(parseChord);
  if (chords.length > 2 || chords.some((chord) => chord === null)) return null;
  return chords.join(" ");
}

/** Strokes as people read them. */
export function shownStrokes(strokes: Strokes): string {
  return strokes.split(" ").map(chordLabel).join(" ");
}

/** Why strokes cannot be a command's; null: they can. */
export function objectionTo(strokes: Strokes, command: KeyCommand): string | null {
  const chords = strokes.split(" ");
  const prefix = chords.find((chord) => reserved.includes(chord));
  if (prefix !== undefined) return `${chordLabel(prefix)} begins what terminals say of themselves`;
  const typed = chords.find(isTyped);
  if (typed === undefined || !command.contexts.some((context) => typedIn.includes(context))) return null;
  return `${chordLabel(typed)} could not be typed any more`;
}

/** What is to be said of strokes that may be used; null: nothing. */
export function doubtAbout(strokes: Strokes): string | null {
  for (const chord of strokes.split(" ")) {
    const other = same[chord];
    if (other !== undefined) return `most terminals cannot tell ${chordLabel(chord)} from ${chordLabel(other)}`;
  }
  return null;
}

/** Whether a chord is a character that a person may want to type. */
function isTyped(chord: string): boolean {
  return chord === "space" || /^(?:shift\+)?.$/su.test(chord);
}
