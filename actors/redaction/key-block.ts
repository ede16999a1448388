// Private keys in their text form: from the BEGIN line to the END line, or as far as the key goes when its end was cut off.
import type { Found } from "./assigned.ts";

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const gap = /(?:\s|\\{1,4}[nrt]|["'|>,+])/.source;
const header = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): ?[^\n\\]{0,120}/.source;
const body = new RegExp(
  `(?:${gap}{0,80}${header}){0,6}(?:${gap}{0,80}[A-Za-z0-9+/]{40,4096}={0,2}){1,2000}` +
    `(?:${gap}{0,80}=?[A-Za-z0-9+/]{1,76}={0,2}(?=${gap}{0,80}(?:=[A-Za-z0-9+/]{4}${gap}{0,80})?-----END)){0,2}` +
    `(?:${gap}{0,80}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?`,
  "y",
);

/** The private keys in a text, in order. */
export function keyBlocks(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(begin)) {
    const end = found.at(-1)?.to ?? 0;
    if (match.index < end) continue;
    body.lastIndex = match.index + match[0].length;
    if (body.test(text)) found.push({ from: match.index, to: body.lastIndex, label: "private key" });
  }
  return found;
}
