// Two frames told apart, in the bytes that turn a terminal from the one to the other.

import { changesOf } from "./changes.ts";
import type { ColourDepth } from "./colour.ts";
import type { Grid } from "./grid.ts";
import { checkedLink } from "./link.ts";
import { sgr } from "./sgr.ts";
import type { Styles } from "./style.ts";
import type { StyleId } from "./types.ts";
import { measure } from "./width.ts";

/** What a terminal shows: its cells, and its caret, or null for none. */
export interface Frame {
  grid: Grid;
  caret: { x: number; y: number } | null;
  /** The grid is a copy of the one that the terminal shows: but for the rows that were touched, both are the same. */
  continues?: boolean;
}

/** What the terminal can do. */
export interface EncoderOptions {
  styles: Styles;
  depth: ColourDepth;
  /** Addresses may be opened from the screen. */
  links?: boolean;
}

/**
 * Tells frames apart. `previous` is what the terminal shows, or null when that is not known (the start, another size,
 * after another program had the terminal): then all is painted anew. Answers with one piece of text to be written at
 * once, "" when the frames are the same. Nothing from outside gets into it but what may be printed.
 */
export type Encoder = (previous: Frame | null, next: Frame) => string;

const begin = "\u001b[?2026h";
const end = "\u001b[?2026l";
const hideCaret = "\u001b[?25l";
const showCaret = "\u001b[?25h";
// Without wrapping at the right edge, what a terminal takes for wider than it is cannot spill into the next line.
const noWrap = "\u001b[?7l";
const wrapAgain = "\u001b[?7h";
const reset = "\u001b[0m";
const closeLink = "\u001b]8;;\u001b\\";

/** An encoder for one terminal; it remembers the sequences of styles. */
export function createEncoder({ styles, depth, links = true }: EncoderOptions): Encoder {
  const sequences = new Map<StyleId, string>();
  const addresses = new Map<StyleId, string>();

  const sequenceOf = (id: StyleId) => remember(sequences, id, () => sgr(styles.style(id), depth));
  const linkOf = (id: StyleId) =>
    remember(addresses, id, () => {
      const { link } = styles.style(id);
      const address = links && link !== undefined ? checkedLink(link) : null;
      // Rows of one link carry one id, so that the terminal lights them up together.
      return address === null ? "" : `\u001b]8;id=${id};${address}\u001b\\`;
    });

  return (previous, next) => {
    const known = sameSize(previous, next) ? previous : null;
    const touched = next.continues === true && known !== null ? next.grid.touched : null;
    const painted = paint(known?.grid ?? null, next.grid, touched, sequenceOf, linkOf);
    const moved = known === null || !sameCaret(known.caret, next.caret);
    if (painted === "" && !moved) return "";
    const fresh = known === null ? `${reset}\u001b[2J` : "";
    const cells = painted === "" && fresh === "" ? "" : `${hideCaret}${noWrap}${fresh}${painted}${wrapAgain}`;
    const caret = next.caret === null ? hideCaret : `${address(next.caret.x, next.caret.y)}${showCaret}`;
    return `${begin}${cells}${caret}${end}`;
  };
}

function paint(
  old: Grid | null,
  grid: Grid,
  touched: Uint8Array | null,
  sequenceOf: (id: StyleId) => string,
  linkOf: (id: StyleId) => string,
) {
  const out: string[] = [];
  let style: StyleId | null = null;
  let link = "";
  for (let y = 0; y < grid.height; y++) {
    const changes = touched?.[y] === 0 ? null : changesOf(old, grid, y);
    if (changes === null) continue;
    // Where the terminal's caret is for sure; -1 for nowhere.
    let caret = -1;
    for (let x = 0; x < grid.width; x++) {
      const at = y * grid.width + x;
      const glyph = grid.glyphs[at] ?? " ";
      if (changes[x] !== 1 || glyph === "") continue;
      const cells = x + 1 < grid.width && grid.glyphs[at + 1] === "" ? 2 : 1;
      if (caret !== x) out.push(address(x, y));
      const wanted = grid.styles[at] ?? 0;
      if (wanted !== style) {
        const address = linkOf(wanted);
        if (address !== link) out.push(address === "" ? closeLink : address);
        link = address;
        out.push(sequenceOf(wanted));
        style = wanted;
      }
      const { certain, printable } = measure(glyph);
      // A terminal that gives it fewer cells would leave old ones standing.
      if (!certain) out.push(" ".repeat(cells), address(x, y));
      out.push(printable ? glyph : "\ufffd".padEnd(cells));
      caret = certain && cells === 1 ? x + 1 : -1;
    }
  }
  if (out.length === 0) return "";
  out.push(link === "" ? "" : closeLink, reset);
  return out.join("");
}

/** Moves the caret; columns and rows count from 0. */
function address(x: number, y: number): string {
  return `\u001b[${y + 1};${x + 1}H`;
}

function remember(cache: Map<StyleId, string>, id: StyleId, make: () => string): string {
  const known = cache.get(id);
  if (known !== undefined) return known;
  const made = make();
  cache.set(id, made);
  return made;
}

function sameSize(previous: Frame | null, next: Frame): previous is Frame {
  return previous !== null && previous.grid.width === next.grid.width && previous.grid.height === next.grid.height;
}

function sameCaret(a: Frame["caret"], b: Frame["caret"]): boolean {
  return a === b || (a !== null && b !== null && a.x === b.x && a.y === b.y);
}
