// Lines broken into rows of a given width: between words where it can be, hanging under a prefix.
import { emptyRow, linesOf, rowOf, sliceRow, tabWidth } from "./layout.ts";
import type { Row, Span } from "./types.ts";

/** How lines are broken. */
export interface WrapOptions {
  /** Stands before the first row, such as the mark of a list item. */
  first?: readonly Span[];
  /** Stands before every other row, so that text hangs under itself. Absent: blanks as wide as `first`. */
  rest?: readonly Span[];
  /** `word`: between words, and ideographs. `cell`: wherever the row is full, which keeps every blank (code, logs). */
  at?: "word" | "cell";
  /** Cells from one tab stop to the next. */
  tab?: number;
}

/**
 * Spans as rows of at most `width` cells. A word longer than a row is broken where the row is full; blanks at a break
 * between words are dropped. A prefix that leaves no room for text is left out.
 *
 * @param width Cells, at least 1.
 */
export function wrap(spans: readonly Span[], width: number, options: WrapOptions = {}): Row[] {
  const columns = Math.max(1, Math.floor(width));
  const tab = options.tab ?? tabWidth;
  const first = rowOf(options.first ?? [], tab);
  const rest = options.rest === undefined ? blanksLike(first) : rowOf(options.rest, tab);
  const breakRow = options.at === "cell" ? breakAtCell : breakAtWord;
  const rows: Row[] = [];
  for (const line of linesOf(spans, tab)) {
    let from = 0;
    do {
      const wanted = rows.length === 0 ? first : rest;
      const prefix = wanted.glyphs.length < columns ? wanted : emptyRow();
      const room = columns - prefix.glyphs.length;
      const { end, next } = breakRow(line, from, room, Math.max(1, columns - rest.glyphs.length));
      rows.push(joined(prefix, sliceRow(line, from, end)));
      from = next;
    } while (from < line.glyphs.length);
  }
  return rows;
}

/** Where a row ends and where the one after it begins. */
interface Break {
  end: number;
  next: number;
}

function breakAtCell(line: Row, from: number, room: number): Break {
  const length = line.glyphs.length;
  if (length - from <= room) return { end: length, next: length };
  const end = line.glyphs[from + room] === "" ? from + room - 1 : from + room;
  // No room for a wide grapheme at all: it is shown as a blank.
  return end > from ? { end, next: end } : { end: from + 1, next: from + 2 };
}

function breakAtWord(line: Row, from: number, room: number, nextRoom: number): Break {
  const full = breakAtCell(line, from, room);
  if (full.next >= line.glyphs.length) return full;
  if (line.glyphs[full.end] === " ") return trimmed(line, from, full.end);
  for (let at = full.end; at > from; at--) {
    if (!mayBreak(line, at)) continue;
    const { end } = trimmed(line, from, at);
    // Nothing but an indent would stay on this row, or the word does not fit the next one either.
    if (end === from || wordEnd(line, at, at + nextRoom + 1) - at > nextRoom) return full;
    return { end, next: at };
  }
  return full;
}

/** A break at a blank: the blanks around it belong to neither row. */
function trimmed(line: Row, from: number, at: number): Break {
  let end = at;
  let next = at;
  while (end > from && line.glyphs[end - 1] === " ") end--;
  while (line.glyphs[next] === " ") next++;
  return { end, next };
}

// What does not begin a row in the scripts that set no blanks between words.
const closing = /^[、。，．！？：；）」』】〉》〕’”…,.!?:;)\]}]/u;

function mayBreak(line: Row, at: number): boolean {
  const before = line.glyphs[at - 1];
  const after = line.glyphs[at];
  if (before === " ") return after !== " ";
  if (after === undefined || after === " ") return true;
  const besideWide = before === "" || line.glyphs[at + 1] === "";
  return after !== "" && besideWide && !closing.test(after);
}

function wordEnd(line: Row, from: number, most: number): number {
  let at = from + 1;
  while (at < most && at < line.glyphs.length && !mayBreak(line, at)) at++;
  return at;
}

function blanksLike(row: Row): Row {
  return { glyphs: row.glyphs.map(() => " "), styles: [...row.styles] };
}

function joined(prefix: Row, text: Row): Row {
  if (prefix.glyphs.length === 0) return text;
  return { glyphs: [...prefix.glyphs, ...text.glyphs], styles: [...prefix.styles, ...text.styles] };
}
