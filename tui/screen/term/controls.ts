// Keys that are single bytes, and characters that are typed with alt held.
import type { InputEvent } from "./events.ts";
import { chord, isPrintable, withAlt } from "./keys.ts";
import { decode } from "./utf8.ts";

/** The chord of a control character. Ctrl-H is not Backspace here: which of them a terminal sends 8 for, it does not say. */
export function controlChord(code: number): string {
  if (code === 0x0d) return "enter";
  if (code === 0x09) return "tab";
  if (code === 0x7f) return "backspace";
  if (code === 0x00) return "ctrl+space";
  return chord(String.fromCharCode(code + 0x40).toLowerCase(), { ctrl: true });
}

/** The key behind ESC and these bytes, which are one character; null when they are none. */
export function altKey(bytes: string): InputEvent | null {
  const code = bytes.charCodeAt(0);
  if (code < 0x20 || code === 0x7f) return { type: "key", chord: withAlt(controlChord(code)) };
  const character = decode(bytes);
  if (!isPrintable(character) || character.includes("\ufffd")) return null;
  return { type: "key", chord: chord(character, { alt: true }) };
}
