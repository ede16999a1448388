// Applies an edit to a text and leaves every byte outside it as it was.
import { type Found, findText, type MatchKind, type Span } from "./match.ts";

/** What an edit asks for. */
export interface Change {
  old_str: string;
  new_str: string;
  replace_all: boolean;
  mode: "replace" | "append_after" | "prepend_before";
}

/** The text after the edit, or why there is none. */
export type Changed =
  | { ok: true; text: string; count: number; kind: MatchKind }
  | { ok: false; found: Exclude<Found, { spans: Span[] }> | { kind: "unfit" } };

function isLineStart(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === "\n";
}

function isLineEnd(text: string, at: number): boolean {
  return at === text.length || text[at] === "\n" || text[at - 1] === "\n";
}

/** The start of the line, when only blanks stand between it and `at`; else null. */
function blankLineStart(text: string, at: number): number | null {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return at === 0 || /^[ \t]*$/.test(text.slice(start, at)) ? (at === 0 ? 0 : start) : null;
}

/** One piece of the text to exchange. */
interface Piece {
  start: number;
  end: number;
  text: string;
}

/** Text put after or before whole lines comes on lines of its own; inside a line it comes right there. */
function insertion(text: string, span: Span, mode: "append_after" | "prepend_before", newText: string): Piece | null {
  const fitted = span.fit(newText);
  if (fitted === null) return null;
  const lineStart = blankLineStart(text, span.start);
  const whole = lineStart !== null && isLineEnd(text, span.end);
  if (mode === "prepend_before") {
    const at = whole ? lineStart : span.start;
    return { start: at, end: at, text: whole && !fitted.endsWith("\n") ? `${fitted}\n` : fitted };
  }
  const at = span.end;
  if (!whole) return { start: at, end: at, text: fitted };
  if (isLineStart(text, at) && at > 0)
    return { start: at, end: at, text: fitted.endsWith("\n") ? fitted : `${fitted}\n` };
  const body = fitted.endsWith("\n") ? fitted.slice(0, -1) : fitted;
  return { start: at, end: at, text: body.startsWith("\n") ? body : `\n${body}` };
}

function pieceFor(text: string, span: Span, change: Change): Piece | null {
  if (change.mode !== "replace") return insertion(text, span, change.mode, change.new_str);
  const fitted = span.fit(change.new_str);
  return fitted === null ? null : { start: span.start, end: span.end, text: fitted };
}

/** The line ends of a text: where each LF of the plain text stands in the original, and whether a CR goes before it. */
function crBefore(original: string): Uint32Array {
  const positions: number[] = [];
  for (let at = original.indexOf("\r\n"); at !== -1; at = original.indexOf("\r\n", at + 2)) {
    positions.push(at - positions.length);
  }
  return Uint32Array.from(positions);
}

/** How many of the sorted positions are below `offset`. */
function countBelow(positions: Uint32Array, offset: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the line end that stands nearest to a region of the plain text is CRLF. */
function usesCr(plainText: string, positions: Uint32Array, start: number): boolean {
  if (positions.length === 0) return false;
  const after = plainText.indexOf("\n", start);
  const nearest = after !== -1 ? after : plainText.lastIndexOf("\n", start);
  const index = countBelow(positions, nearest);
  return positions[index] === nearest;
}

/**
 * Carries out an edit on the text of a file. Line ends outside the touched regions stay; inside, new lines end as
 * those around them do. Pure.
 */
export function applyChange(original: string, change: Change): Changed {
  const plainText = original.replaceAll("\r\n", "\n");
  const wanted = change.old_str.replaceAll("\r\n", "\n");
  const wish = { ...change, new_str: change.new_str.replaceAll("\r\n", "\n") };
  const found = findText(plainText, wanted, change.replace_all);
  if (!("spans" in found)) return { ok: false, found };
  const pieces = found.spans.map((span) => pieceFor(plainText, span, wish));
  const positions = crBefore(original);
  let text = "";
  let from = 0;
  for (const piece of pieces) {
    if (piece === null) return { ok: false, found: { kind: "unfit" } };
    const start = piece.start + countBelow(positions, piece.start);
    const end = piece.end + countBelow(positions, piece.end);
    const cr = usesCr(plainText, positions, piece.start);
    text += original.slice(from, start) + (cr ? piece.text.replaceAll("\n", "\r\n") : piece.text);
    from = end;
  }
  return { ok: true, text: text + original.slice(from), count: found.spans.length, kind: found.kind };
}
