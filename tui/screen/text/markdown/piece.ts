// Pieces of Markdown: blocks, or items of a list, as source that can be laid out by itself.
import type { Fence } from "./lines.ts";

/** Characters of a piece, code in a fence aside: what one frame has to lay out at most. */
export const maxPiece = 8_000;

/** Source that stands by itself. */
export interface Piece {
  lines: string[];
  kind: "paragraph" | "list" | "quote" | "table" | "html" | "indented" | "fence";
  /** Characters so far. */
  size: number;
  /** A blank row stands before it. */
  gap: boolean;
  /** The number of its first item, for an ordered list that goes on from the piece before. */
  number: number | null;
  /** The fence around it, of a fence; the one that is open in it, of a list. */
  fence: Fence | null;
  /** Of a list: its bullet, where its items begin and where their content does. */
  bullet: string;
  indent: number;
  content: number;
  /** Of a table: its headings are those of the piece before it. */
  carried: boolean;
  /** Its last line was blank. */
  blank: boolean;
}

/** The state of the cutting. */
export interface Cutting {
  /** Pieces that are done. */
  done: Piece[];
  /** The one that is growing. */
  open: Piece | null;
  /** A line that has not ended. */
  partial: string;
  /** What comes next belongs to the piece before it, which had become too long. */
  joint: boolean;
  /** A piece has become too long. */
  forced: boolean;
}

/** Nothing cut yet. */
export function startCutting(): Cutting {
  return { done: [], open: null, partial: "", joint: false, forced: false };
}

/** A piece that begins with a line. */
export function newPiece(cutting: Cutting, line: string, kind: Piece["kind"]): Piece {
  const gap = !cutting.joint;
  cutting.joint = false;
  const size = line.length + 1;
  const list = { bullet: "", indent: 0, content: 0, number: null, blank: false, carried: false };
  return { lines: [line], kind, size, gap, fence: null, ...list };
}

/** Adds a line to a piece. */
export function add(piece: Piece, line: string): void {
  piece.lines.push(line);
  piece.size += line.length + 1;
}

/** Ends the piece that is growing, if one is. */
export function close(cutting: Cutting): void {
  if (cutting.open !== null) cutting.done.push(cutting.open);
  cutting.open = null;
}
