// Private keys in their text form: from the BEGIN line to the END line, or as far as the key goes when its end was cut off.
import type { Found } from "./assigned.ts";

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** What lies between the lines of a key, in a file, in a string of JSON, or in strings of some language. */
const gap = /(?:\s|\\{1,4}[nrt]|["'|>,+]){0,80}/.source;
const header = new RegExp(`${gap}(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): ?[^\\n\\\\]{0,120}`, "y");
const line = new RegExp(`${gap}[A-Za-z0-9+/]{40,4096}={0,2}`, "y");
const lastLine = new RegExp(`${gap}=?[A-Za-z0-9+/]{1,76}={0,2}(?=${gap}(?:=[A-Za-z0-9+/]{4}${gap})?-----END)`, "y");
const end = new RegExp(`${gap}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`, "y");

/** The private keys in a text, in order. */
export function keyBlocks(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(begin)) {
    if (match.index < (found.at(-1)?.to ?? 0)) continue;
    const body = after(header, text, match.index + match[0].length);
    const lines = after(line, text, body);
    // A key has at least one whole line; less is the mere mention of one.
    if (lines === body) continue;
    const to = after(end, text, after(lastLine, text, lines));
    found.push({ from: match.index, to, label: "private key" });
  }
  return found;
}

/** Where a pattern, repeated as often as it fits, ends. */
function after(pattern: RegExp, text: string, from: number): number {
  let at = from;
  for (;;) {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return at;
    at = pattern.lastIndex;
  }
}
