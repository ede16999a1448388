// Text of servers, made harmless: it is shown on terminals and put into prompts.

// Escape sequences begin in C0 or C1; bidirectional, tag and zero-width characters hide what a text says.
const active =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A text without characters that do or hide something, cut to `length` characters. */
export function plainText(text: string, length: number): string {
  const plain = text
    .slice(0, length * 4)
    .replace(active, "")
    .trim();
  const characters = [...plain.slice(0, length * 2)];
  return characters.length > length ? `${characters.slice(0, length - 1).join("")}…` : plain;
}

/** The same on one line. */
export function plainLine(text: string, length: number): string {
  return plainText(text.slice(0, length * 4).replace(/\s+/g, " "), length);
}
