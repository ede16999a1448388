// The input as a plain string and a place in it: slow, simple, and what the real one is compared with. A long paste is
// one control character, which joins with nothing.
import { type Fragment, textOf } from "../../../tui/screen/editor/atoms.ts";
import type { Position } from "../../../tui/screen/editor/buffer.ts";
import type { Motion } from "../../../tui/screen/editor/motion.ts";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The character that stands for a paste. */
export function standIn(id: number): string {
  return String.fromCharCode(0x80 + (id % 32));
}

/** Lines with pastes as their characters. */
export function flat(lines: Fragment): string {
  return textOf(lines.map((line) => line.map((atom) => (typeof atom === "string" ? atom : standIn(atom.id)))));
}

/** The place in that string. */
export function offsetIn(lines: Fragment, { line, column }: Position): number {
  const before = [...lines.slice(0, line), (lines[line] ?? []).slice(0, column)];
  return flat(before).length;
}

/** All places between graphemes. */
export function bordersOf(text: string): number[] {
  return [...[...segmenter.segment(text)].map(({ index }) => index), text.length];
}

/** The graphemes of a text, as the platform has them. */
export function platformGraphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

export interface Oracle {
  text: string;
  caret: number;
  anchor: number | null;
  kills: string[];
  killing: boolean;
}

export function createOracle(): Oracle {
  return { text: "", caret: 0, anchor: null, kills: [], killing: false };
}

function selection({ anchor, caret }: Oracle): [number, number] | null {
  return anchor === null || anchor === caret ? null : [Math.min(anchor, caret), Math.max(anchor, caret)];
}

function put(oracle: Oracle, [from, to]: [number, number], text: string): void {
  oracle.text = oracle.text.slice(0, from) + text + oracle.text.slice(to);
  const end = from + text.length;
  oracle.caret = bordersOf(oracle.text).find((border) => border >= end) ?? end;
  oracle.anchor = null;
}

export function insert(oracle: Oracle, text: string): void {
  put(oracle, selection(oracle) ?? [oracle.caret, oracle.caret], text);
  oracle.killing = false;
}

export function remove(oracle: Oracle, motion: Motion): void {
  const target = goal(oracle, motion);
  put(oracle, selection(oracle) ?? [Math.min(target, oracle.caret), Math.max(target, oracle.caret)], "");
  oracle.killing = false;
}

export function kill(oracle: Oracle, motion: Motion): void {
  const { caret } = oracle;
  let target = goal(oracle, motion);
  if (target === caret && motion === "line_end") target = Math.min(caret + 1, oracle.text.length);
  if (target === caret && motion === "line_start") target = Math.max(0, caret - 1);
  const range = selection(oracle) ?? ([Math.min(target, caret), Math.max(target, caret)] as [number, number]);
  const cut = oracle.text.slice(...range);
  if (cut === "") return;
  const last = oracle.kills[0];
  if (oracle.killing && last !== undefined) oracle.kills[0] = range[1] === caret ? cut + last : last + cut;
  else oracle.kills.unshift(cut);
  put(oracle, range, "");
  oracle.killing = true;
}

export function yank(oracle: Oracle): void {
  const newest = oracle.kills[0];
  if (newest === undefined) return;
  insert(oracle, newest);
}

export function go(oracle: Oracle, motion: Motion, select: boolean): void {
  const range = selection(oracle);
  const edge = select || range === null ? null : motion === "left" ? range[0] : motion === "right" ? range[1] : null;
  const target = edge ?? goal(oracle, motion);
  oracle.anchor = select ? (oracle.anchor ?? oracle.caret) : null;
  oracle.caret = target;
  oracle.killing = false;
}

/** Where a motion ends: the same rules, told of a string. */
function goal({ text, caret }: Oracle, motion: Motion): number {
  const borders = bordersOf(text);
  const at = borders.indexOf(caret);
  const left = borders[at - 1] ?? 0;
  const right = borders[at + 1] ?? text.length;
  switch (motion) {
    case "left":
      return left;
    case "right":
      return right;
    case "line_start":
      return text.lastIndexOf("\n", caret - 1) + 1 > caret
        ? 0
        : caret === 0
          ? 0
          : text.lastIndexOf("\n", caret - 1) + 1;
    case "line_end":
      return text.indexOf("\n", caret) < 0 ? text.length : text.indexOf("\n", caret);
    case "start":
      return 0;
    case "end":
      return text.length;
    case "word_left":
      return skipped(borders, at, text, -1, /^[\p{L}\p{N}\p{M}_]/u);
    case "word_right":
      return skipped(borders, at, text, 1, /^[\p{L}\p{N}\p{M}_]/u);
    case "blank_left":
      return skipped(borders, at, text, -1, /^\S/u);
  }
}

function skipped(borders: number[], from: number, text: string, by: 1 | -1, part: RegExp): number {
  let at = from;
  const next = () => {
    const low = by === 1 ? at : at - 1;
    return low < 0 || low >= borders.length - 1 ? null : text.slice(borders[low], borders[low + 1]);
  };
  const isPaste = (piece: string) => /^[\u0080-\u009f]$/.test(piece);
  for (let piece = next(); piece !== null && !isPaste(piece) && !part.test(piece); piece = next()) at += by;
  const first = next();
  if (first !== null && isPaste(first)) return borders[at + by] ?? 0;
  for (let piece = next(); piece !== null && !isPaste(piece) && part.test(piece); piece = next()) at += by;
  return borders[at] ?? 0;
}
