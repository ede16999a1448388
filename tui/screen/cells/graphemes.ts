// Text cut into what people take for one character. The platform's segmenter takes time that grows with the square of
// the text, so it only ever sees short runs, and none where a look at the characters tells enough.
import { segmentsOf } from "./segmenter.ts";

const ascii = /^[\x20-\x7e\n\t]*$/;
// Nothing in these blocks joins with anything else in them, plain ASCII included. What joins is left out: marks, jamo, selectors, the parts
// of flags, skin tones.
const standalone =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2190-\u2bff\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60\u{1f300}-\u{1f3fa}\u{1f400}-\u{1f6ff}\u{1f900}-\u{1faff}]+$/u;
/** Whether each character of a text is a grapheme for certain: what most people write is told without the segmenter. */
export function standAlone(text: string): boolean {
  return standalone.test(text);
}

/** UTF-16 units that the segmenter gets at once. */
const stretch = 128;
/** UTF-16 units of a grapheme: the longest emoji have 15; letters under a heap of marks lose those beyond. */
const longest = 32;

/**
 * The graphemes of a text, in order. Line feeds, tabs and controls come as graphemes of their own; a grapheme of more
 * than 32 UTF-16 units loses what is beyond.
 */
export function graphemes(text: string): string[] {
  if (ascii.test(text)) return text.split("");
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = runEnd(text, at);
    if (end === at) found.push(text.charAt(at++));
    else {
      addRun(found, text.slice(at, end));
      at = end;
    }
  }
  return found;
}

/** Cuts a grapheme to what a cell may hold. */
export function capGrapheme(grapheme: string): string {
  if (grapheme.length <= longest) return grapheme;
  return grapheme.slice(0, wholeEnd(grapheme, longest));
}

/** `end`, or one before it where it would part the two halves of a character. */
function wholeEnd(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return end < text.length && code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}

const isAscii = (text: string, at: number) => text.charCodeAt(at) < 0x80;

/** The end of the run at `from` that has to be segmented: `from` itself where one ASCII character stands alone. */
function runEnd(text: string, from: number): number {
  let end = from + 1;
  // An ASCII character may carry marks; it never joins what stands before it.
  if (isAscii(text, from) && (end >= text.length || isAscii(text, end))) return from;
  while (end < text.length && !isAscii(text, end)) end++;
  return end;
}

function addRun(found: string[], run: string): void {
  if (standalone.test(run)) {
    for (const character of run) found.push(character);
    return;
  }
  let at = 0;
  while (at < run.length) {
    const piece = run.slice(at, wholeEnd(run, at + stretch));
    const last = at + piece.length >= run.length;
    let taken = 0;
    for (const { segment, index } of segmentsOf(piece)) {
      // The last one of a piece may go on in the next: it is left for that, unless it fills the piece by itself.
      if (!last && index > 0 && index + segment.length === piece.length) break;
      found.push(capGrapheme(segment));
      taken = index + segment.length;
    }
    at += taken;
  }
}
