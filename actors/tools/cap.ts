// Cuts a text to what a model should read at once: its head and its tail, with a note in between.

/** How far a cut may move to fall on the end of a line, in characters. */
const slackToLine = 200;

/** A number with thousands set apart, as people read it. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** A number of bytes as people read it. */
export function shownBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** The first `length` characters at most; never half a surrogate pair. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, isLowSurrogate(text.charCodeAt(length)) ? length - 1 : length);
}

/** The last `length` characters at most; never half a surrogate pair. */
export function tailOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const from = text.length - length;
  return text.slice(isLowSurrogate(text.charCodeAt(from)) ? from + 1 : from);
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** The two ends of a text that is over its limit, and how much lies between them. */
export interface Cut {
  head: string;
  tail: string;
  omittedChars: number;
  omittedLines: number;
}

/** Cuts a text of more than `limit` characters in the middle, at line ends where they are near; null when it fits. */
export function cutMiddle(text: string, limit: number): Cut | null {
  if (text.length <= limit) return null;
  const half = Math.floor(limit / 2);
  let head = headOf(text, half);
  const lastBreak = head.lastIndexOf("\n");
  if (lastBreak >= 0 && head.length - lastBreak <= slackToLine) head = head.slice(0, lastBreak + 1);
  let tail = tailOf(text, half);
  const firstBreak = tail.indexOf("\n");
  if (firstBreak >= 0 && firstBreak < slackToLine && firstBreak < tail.length - 1) tail = tail.slice(firstBreak + 1);
  const middle = text.slice(head.length, text.length - tail.length);
  return { head, tail, omittedChars: middle.length, omittedLines: countLines(middle) };
}

/** The cut text as the model reads it. `file` holds the whole, or is null when it could not be kept. */
export function joinCut(cut: Cut, file: string | null): string {
  const where = file === null ? "the whole text could not be saved" : `the whole text is in ${file}: read it in parts`;
  const size = `${grouped(cut.omittedChars)} characters, ${grouped(cut.omittedLines)} lines`;
  const head = cut.head.endsWith("\n") ? cut.head : `${cut.head}\n`;
  return `${head}[… ${size} left out here; ${where} …]\n${cut.tail}`;
}

/** One line for people: no line breaks, no control or direction characters, cut to `length` characters. */
export function oneLine(text: string, length: number): string {
  const flat = text
    .slice(0, length * 8)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[\p{Cf}\u2028\u2029]/gu, "")
    .trim();
  return flat.length <= length ? flat : `${headOf(flat, length - 1)}…`;
}
