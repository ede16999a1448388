// A paragraph that is still being written: its finished lines are laid out once, as long as no sign in them may belong
// together with one that is still to come.
import type { Row } from "../../cells/types.ts";
import type { Look } from "../look.ts";
import type { Piece } from "./piece.ts";
import { sourceRows } from "./render.ts";

/** What has been laid out of a paragraph. */
export interface Growing {
  readonly piece: Piece;
  readonly rows: Row[];
  /** Lines that `rows` stand for. */
  lines: number;
}

/** The rows of a paragraph and of the line behind it, in two parts. `before`: what was answered for it last. */
export function growingRows(
  piece: Piece,
  partial: string,
  before: Growing | null,
  width: number,
  look: Look,
): { growing: Growing; rest: Row[] } {
  const growing = before?.piece === piece ? before : { piece, rows: [], lines: 0 };
  const rowsOf = (lines: readonly string[]) => sourceRows(lines.join("\n"), width, look, { open: true });
  for (let end = growing.lines + 1; end < piece.lines.length; end++) {
    const lines = piece.lines.slice(growing.lines, end);
    if (!isPlain(piece.lines[end] ?? "") || !lines.every(isClosed)) continue;
    for (const row of rowsOf(lines)) growing.rows.push(row);
    growing.lines = end;
  }
  return { growing, rest: rowsOf([...piece.lines.slice(growing.lines), partial]) };
}

/** Whether a line begins as a paragraph does also where it stands by itself. */
function isPlain(line: string): boolean {
  return /^ {0,3}[\p{L}("'“‘]/u.test(line);
}

/** Whether each sign of a line that may stand in pairs has its other half in it, or is none. */
function isClosed(line: string): boolean {
  const text = line.replace(/`[^`]+`/g, "").replace(/\*\*[^\s*][^*]*\*\*|\*[^\s*][^*]*\*/g, "");
  return !/[`*_~[\]<>\\&|]| {2}$/.test(text);
}
