// What a line of Markdown may begin, seen by itself.

/** A fence that opens a block of code. */
export interface Fence {
  /** Cells before it. */
  indent: number;
  /** The character of its mark, and how many there are. */
  character: string;
  length: number;
  /** What stands behind the mark. */
  info: string;
}

/** The start of an item of a list. */
export interface ItemStart {
  indent: number;
  /** Where the item's content begins. */
  content: number;
  /** `-`, `*`, `+`, `.` or `)`: items of one list have the same. */
  bullet: string;
  /** The number of an ordered item. */
  number: number | null;
  /** What stands behind the mark. */
  text: string;
}

/** Cells before the first character that is no blank; a tab leads to the next multiple of four. */
export function indentOf(line: string): number {
  let cells = 0;
  for (const character of line) {
    if (character === " ") cells += 1;
    else if (character === "\t") cells += 4 - (cells % 4);
    else break;
  }
  return cells;
}

/** The fence that a line opens, or null. */
export function fenceOf(line: string): Fence | null {
  const match = /^[ \t]*(`{3,}|~{3,})(.*)$/s.exec(line);
  if (match === null) return null;
  const [, mark = "", info = ""] = match;
  const character = mark.charAt(0);
  if (character === "`" && info.includes("`")) return null;
  return { indent: indentOf(line), character, length: mark.length, info: info.trim() };
}

/** Whether a line closes a fence. */
export function closes(line: string, { character, length }: Fence): boolean {
  const text = line.trim();
  return text.length >= length && text === character.repeat(text.length);
}

/** The item that a line starts, or null. */
export function itemOf(line: string): ItemStart | null {
  const match = /^[ \t]*([-*+]|(\d{1,9})([.)]))(?:([ \t]+)(.*))?$/s.exec(line);
  if (match === null || isRule(line)) return null;
  const [, mark = "", digits, delimiter, gap = " ", text = ""] = match;
  const indent = indentOf(line);
  // Code that begins an item is set apart by five blanks and more.
  const space = text === "" || gap.length > 4 ? 1 : gap.length;
  return {
    indent,
    content: indent + mark.length + space,
    bullet: delimiter ?? mark,
    number: digits === undefined ? null : Number(digits),
    text,
  };
}

/** A thematic break. */
export function isRule(line: string): boolean {
  return /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(line);
}

/** A heading that begins with its marks. */
export function isHeading(line: string): boolean {
  return /^ {0,3}#{1,6}(?:[ \t]|$)/.test(line);
}

/** The line under a heading, or under the headings of a table's columns. */
export function isUnderline(line: string): boolean {
  return /^ {0,3}(?:-+|=+)[ \t]*$/.test(line);
}

/** The line between the headings of a table and its rows. */
export function isTableRule(line: string): boolean {
  const text = line.trimEnd();
  return /^ {0,3}\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*(?:[ \t]*\|)?$/.test(text) && /[|:]/.test(text);
}

/** Whether a line ends a paragraph by beginning another block. */
export function interrupts(line: string): boolean {
  if (indentOf(line) >= 4) return false;
  if (isHeading(line) || isRule(line) || fenceOf(line) !== null || /^ {0,3}>/.test(line)) return true;
  const item = itemOf(line);
  return item !== null && item.text.trim() !== "" && (item.number === null || item.number === 1);
}
