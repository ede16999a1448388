// What is wrong with texts that were decoded, scraped or cut badly.

/** What can be wrong with a text. */
export type TextFault = "mojibake" | "replacement" | "html" | "control" | "json";

/**
 * UTF-8 that was read as Windows-1252 or Latin-1: the first byte of a sequence, and a byte that can only follow one
 * (RFC 3629), as the characters that those encodings make of them.
 */
const mojibake =
  /[\u00c2\u00c3][\u0080-\u00bf]|\u00e2(?:\u20ac[\u0080-\u00bf\u2013-\u2122\u0152\u0153]|\u0080[\u0080-\u00bf])|\u00f0\u0178|\u00ef\u00bb\u00bf|\u00c3[\u0192\u201a\u2026\u2020\u00c2]/;
const html =
  /<\/?(?:p|div|span|br|a|table|tr|td|li|ul|ol|h[1-6]|img|script|style|strong|em|b|i|font|body|html|head|meta|iframe)(?:\s[^<>]*=[^<>]*)?\s?\/?>|&(?:amp|nbsp|lt|gt|quot|#39|#x27|apos);/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;
/** JSON, or the way in which Python prints lists and dicts. */
const json = /^\s*(?:\[\s*[[{"'\]]|\{\s*["'])[\s\S]*[\]}]\s*$/;
/** Characters of a text that are looked at. */
const looked = 4_000;

/** The faults of a text, by its beginning. */
export function faultsOf(text: string): TextFault[] {
  const part = text.length > looked ? text.slice(0, looked) : text;
  const faults: TextFault[] = [];
  if (mojibake.test(part)) faults.push("mojibake");
  if (part.includes("\ufffd")) faults.push("replacement");
  if (html.test(part)) faults.push("html");
  if (control.test(part)) faults.push("control");
  if (/^\s*[[{]/.test(part) && json.test(text.length > looked ? `${part}${text.slice(-8)}` : text)) faults.push("json");
  return faults;
}

/** Whether a text is data of a file in base64, not something to read. */
export function isBase64(text: string): boolean {
  if (text.length < 200) return false;
  if (/^data:[\w/+.-]+;base64,/.test(text)) return true;
  return /^[A-Za-z0-9+/_-]{200,}={0,2}$/.test(text.slice(0, 1_000)) && /[A-Z]/.test(text) && /[0-9]/.test(text);
}

/** About how many tokens a text of so many characters has: four characters for each, as English is cut. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / 4);
}
