// Shortening of texts: ends of a long text, first lines, one line. Never half a surrogate pair.

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** The first `length` characters at most. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length);
  return text.slice(0, end > 0 && isLowSurrogate(text.charCodeAt(end)) ? end - 1 : end);
}

/** The last `length` characters at most. */
export function tailOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const from = text.length - Math.max(0, length);
  return text.slice(from < text.length && isLowSurrogate(text.charCodeAt(from)) ? from + 1 : from);
}

/** Both ends of a text, with a mark between them; at most `length` characters. */
export function ends(text: string, length: number): string {
  if (text.length <= length) return text;
  const mark = " … ";
  const half = Math.floor((length - mark.length) / 2);
  return half < 1 ? headOf(text, length) : `${headOf(text, half)}${mark}${tailOf(text, half)}`;
}

/** The text up to the last whole line that fits, with a mark at the cut; at most `length` characters. */
export function linesWithin(text: string, length: number): string {
  if (text.length <= length) return text;
  const mark = "\n[…]";
  if (length <= mark.length) return headOf(text, length);
  const head = headOf(text, length - mark.length);
  const lastBreak = head.lastIndexOf("\n");
  // A text of few, long lines is rather cut within a line than thrown away.
  return `${lastBreak > head.length / 2 ? head.slice(0, lastBreak) : head}${mark}`;
}

/** One line of at most `length` characters, without control or direction characters. */
export function oneLine(text: string, length: number): string {
  const flat = headOf(text, length * 8)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .trim();
  return flat.length <= length ? flat : `${headOf(flat, length - 1)}…`;
}

/** The first line that says something, as one line. */
export function firstLine(text: string, length: number): string {
  const start = text.search(/\S/);
  if (start < 0) return "";
  const end = text.indexOf("\n", start);
  return oneLine(text.slice(start, end < 0 ? undefined : end), length);
}

/** The first sentence, as one line. */
export function firstSentence(text: string, length: number): string {
  const flat = oneLine(text, length * 4);
  const end = flat.search(/[.!?](?=\s)/);
  return oneLine(end < 0 ? flat : flat.slice(0, end + 1), length);
}
