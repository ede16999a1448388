// What the text in the input is made of: graphemes, and pasted text that counts as one.
import { neutralise } from "../../text/neutralise.ts";
import { graphemes } from "./graphemes.ts";

/** A pasted text that stands in the input as one short label, and is deleted, moved and put back as one. */
export interface Paste {
  /** From 1; counts the pastes of a conversation. */
  readonly id: number;
  readonly text: string;
  /** Lines of the text. */
  readonly lines: number;
}

/** One step of the caret: a grapheme, or a paste. */
export type Atom = string | Paste;

/** A line of the input, without its line feed. Never changed: an edit makes another. */
export type Line = readonly Atom[];

/** A piece of text: at least one line. */
export type Fragment = readonly Line[];

export const emptyFragment: Fragment = [[]];

/** What a paste is shown as. The line feed at its end begins no line that anybody would count. */
export function labelOf({ id, lines: borders, text }: Paste): string {
  const lines = text.endsWith("\n") ? borders - 1 : borders;
  return lines > 1 ? `[paste #${id}: ${lines} lines]` : `[paste #${id}: ${text.length} characters]`;
}

// Tabs and line feeds are text; what else is in these ranges steers terminals. Half a surrogate pair is no text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text as it may stand in the input: line feeds alone end lines, nothing steers a terminal. */
export function cleaned(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(steering, "")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

/** A text as a fragment. */
export function fragmentOf(text: string): Fragment {
  return cleaned(text).split("\n").map(graphemes);
}

/** The text that a fragment stands for: what is sent. Pastes are what was pasted. */
export function textOf(fragment: Fragment): string {
  return joined(fragment, (paste) => paste.text);
}

/** The text of a fragment as it is shown, pastes as their labels. */
export function labelled(fragment: Fragment): string {
  return joined(fragment, labelOf);
}

function joined(fragment: Fragment, shown: (paste: Paste) => string): string {
  return fragment
    .map((line) => line.map((atom) => (typeof atom === "string" ? atom : shown(atom))).join(""))
    .join("\n");
}

/** Whether nothing at all stands in a fragment. */
export function isEmpty(fragment: Fragment): boolean {
  return fragment.length === 1 && fragment[0]?.length === 0;
}

/** An atom in characters that do nothing but show: what is invisible and could deceive is written out. */
export function visibleAtom(atom: Atom): string {
  if (typeof atom !== "string") return labelOf(atom);
  return atom.length === 1 && atom >= " " && atom <= "~" ? atom : neutralise(atom);
}

/**
 * Puts two lines together. Where the last grapheme of the first and the first of the second make one, it is one.
 * `seam` is the first border at or behind the end of the first line.
 */
export function joinLines(first: Line, second: Line): { line: Line; seam: number } {
  const last = first.at(-1);
  if (typeof last !== "string" || typeof second[0] !== "string" || (isPlain(last) && isPlain(second[0]))) {
    return { line: concat(first, second), seam: first.length };
  }
  const kept = first.slice(0, -1);
  for (let taken = 1; ; taken *= 2) {
    const run = leadingText(second, taken);
    const cut = graphemes(last + run.join(""));
    const ends = bordersOf(cut);
    const whole = run.length < taken || run.length === second.length;
    // The graphemes fall in step again where one of the old ones begins; from there on they are as they were.
    let border = last.length;
    let inStep = 0;
    while (inStep < run.length && !ends.has(border)) border += run[inStep++]?.length ?? 0;
    if (inStep === run.length && !whole) continue;
    const fused = cut.slice(0, ends.get(border));
    return {
      line: concat(concat(kept, fused), second.slice(inStep)),
      seam: kept.length + covering(fused, last.length),
    };
  }
}

/** The first atoms of a line, so many at most, up to a paste. */
function leadingText(line: Line, most: number): string[] {
  const run: string[] = [];
  for (const atom of line) {
    if (typeof atom !== "string" || run.length >= most) break;
    run.push(atom);
  }
  return run;
}

/** `Array#concat` of two, which is quicker than spreading when one of them is long. */
function concat(first: Line, second: Line): Line {
  return second.length === 0 ? first : first.length === 0 ? second : first.concat(second);
}

function isPlain(atom: string): boolean {
  return atom.length === 1 && atom >= " " && atom <= "~";
}

/** For each offset where a grapheme ends, how many end up to there. */
function bordersOf(cut: readonly string[]): Map<number, number> {
  const ends = new Map<number, number>();
  let end = 0;
  for (const [index, grapheme] of cut.entries()) {
    end += grapheme.length;
    ends.set(end, index + 1);
  }
  return ends;
}

/** How many graphemes it takes to cover so many code units. */
function covering(cut: readonly string[], units: number): number {
  let covered = 0;
  let count = 0;
  for (const grapheme of cut) {
    if (covered >= units) break;
    covered += grapheme.length;
    count += 1;
  }
  return count;
}
