// Text from elsewhere as plain lines: nothing in it can move a cursor, or hide from people what a model reads.
import { oneLine } from "../cap.ts";
import { cleanTerminal } from "../terminal.ts";
import { bareText } from "./bare.ts";

/**
 * Signs that show nothing and carry text or its direction all the same: embeddings and overrides of direction, and the
 * block of tags that spells words invisibly (Unicode TR 9 and TR 36).
 */
const hidden = /[\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** The text without escape sequences, control characters and hidden signs; every line break is `\n`. */
export function cleanText(text: string): string {
  return cleanTerminal(text.replace(/\r\n?/g, "\n")).replace(hidden, "");
}

/** One line of plain text, `length` characters at most, out of a piece of HTML or text. */
export function lineOf(text: string, length: number): string {
  return oneLine(cleanText(bareText(text)), length);
}
