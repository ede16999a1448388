// Text of models, tools and files is data: on a terminal it may look like anything, but it may not do anything.

// Escape sequences start in C0 or C1; bidirectional and zero-width characters make a line read as what it is not. The
// joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them, and they reorder nothing.
const active =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/**
 * Makes every character that could steer a terminal or reorder a line visible instead. Newlines and tabs stay; a
 * carriage return before a newline goes.
 */
export function neutralise(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(active, visible);
}

/** The same for one line: line breaks become spaces and the rest beyond `width` characters is cut. */
export function oneLine(text: string, width = 160): string {
  const flat = neutralise(text.slice(0, width * 4).trim()).replace(/\s+/g, " ");
  const characters = [...flat];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : flat;
}

const beyondAscii = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** JSON on one line that is safe on a terminal too: the same value, with the characters above written as escapes. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    beyondAscii,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
