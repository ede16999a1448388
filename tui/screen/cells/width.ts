// How many cells a grapheme takes, and how sure that is: terminals agree on letters and ideographs, but not on emoji
// and on what is put together from several code points.
import { eastAsianWidth } from "get-east-asian-width";
import { graphemes } from "./graphemes.ts";

/** What is known of a grapheme. */
export interface Measure {
  /** Cells it is given: 0 for what has no cell of its own, 2 for wide ones. Ambiguous ones get 1. */
  width: 0 | 1 | 2;
  /** All terminals are taken to agree on the width. */
  certain: boolean;
  /** The most cells that any terminal moves on by when it prints it. */
  reach: number;
  /** It holds nothing that steers a terminal or reorders a line, so it may be printed. */
  printable: boolean;
}

const remembered = 20_000;
const cache = new Map<string, Measure>();
const single: Measure = { width: 1, certain: true, reach: 1, printable: true };
const control: Measure = { width: 0, certain: true, reach: 0, printable: false };

// The compiler's target has no `v` literals yet; the runtime has them. Reading the table of all emoji takes the engine
// longer than painting a frame: it is not done before one may be there.
const emojiProperty = "\\p{RGI_Emoji}";
let emoji: RegExp | null = null;
/** Makes a digit, # or * a key: the only emoji without a pictograph in it. */
const keycap = "\u20e3";
const pictograph = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const zero = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Zl}\p{Zp}]$/u;
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Measures one grapheme; remembers what is not plain ASCII. */
export function measure(grapheme: string): Measure {
  if (grapheme.length === 1) {
    const code = grapheme.charCodeAt(0);
    if (code >= 0x20 && code < 0x7f) return single;
    if (code < 0x20 || code === 0x7f) return control;
    if (isDrawing(code)) return single;
  }
  const known = cache.get(grapheme);
  if (known !== undefined) return known;
  const found = examine(grapheme);
  if (cache.size >= remembered) cache.clear();
  cache.set(grapheme, found);
  return found;
}

function isInTable(grapheme: string): boolean {
  emoji ??= new RegExp(`^${emojiProperty}$`, "v");
  return emoji.test(grapheme);
}

/** Lines, blocks and braille dots: what borders and curves are made of. No emoji is among them. */
function isDrawing(code: number): boolean {
  return (code >= 0x2500 && code < 0x25a0) || (code >= 0x2800 && code < 0x2900);
}

function examine(grapheme: string): Measure {
  let sum = 0;
  let codePoints = 0;
  for (const character of grapheme) {
    codePoints++;
    if (!zero.test(character)) sum += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  const first = String.fromCodePoint(grapheme.codePointAt(0) ?? 0);
  // What begins with a mark joins the cell before it, so it can have none of its own.
  if (sum === 0 || zero.test(first)) {
    return { width: 0, certain: true, reach: 0, printable: false };
  }
  const hasPictograph = pictograph.test(grapheme);
  const isEmoji = (hasPictograph || grapheme.includes(keycap)) && isInTable(grapheme);
  const width = isEmoji || sum > 1 ? 2 : 1;
  const certain = codePoints === 1 && !hasPictograph;
  return {
    width,
    certain,
    reach: certain ? width : codePoints * 2,
    printable: !forbidden.test(grapheme),
  };
}

/** The cells of one grapheme: 0, 1 or 2. */
export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  return measure(grapheme).width;
}

/** Cells of a text on one line; line feeds, tabs and controls count nothing. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}
