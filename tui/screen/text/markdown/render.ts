// Markdown that is there as a whole.
import type { Token } from "marked";
import { neutralise } from "../../../text/neutralise.ts";
import { emptyRow } from "../../cells/layout.ts";
import type { Row } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import type { Look } from "../look.ts";
import { blockRows } from "./blocks.ts";
import { lexer } from "./lexer.ts";
import { cut, endCutting, type Piece, startCutting } from "./pieces.ts";

/**
 * Markdown as rows of at most `width` cells. The text may hold anything: controls in it are made visible, nothing is
 * fetched. Takes time in proportion to the text: blocks beyond {@link maxPiece} characters are cut into several.
 */
export function markdownRows(text: string, width: number, look: Look): Row[] {
  const source = neutralise(text);
  const cutting = startCutting();
  cut(cutting, source);
  endCutting(cutting);
  if (!cutting.forced) return sourceRows(source, width, look);
  const rows: Row[] = [];
  for (const piece of cutting.done) addPiece(rows, piece, width, look);
  return rows;
}

/** Adds a piece and the blank row before it. */
export function addPiece(rows: Row[], piece: Piece, width: number, look: Look): void {
  const block = sourceRows(piece.lines.join("\n"), width, look, { number: piece.number });
  if (block.length === 0) return;
  if (piece.gap && rows.length > 0) rows.push(emptyRow());
  for (const row of block) rows.push(row);
}

/** Source that has been made safe, as rows. */
export function sourceRows(
  source: string,
  width: number,
  look: Look,
  place: Parameters<typeof blockRows>[3] = {},
): Row[] {
  const columns = Math.max(1, Math.floor(width));
  const tokens = tokensOf(source);
  if (tokens === null) return wrap([{ text: source, style: look.theme.text }], columns);
  return blockRows(tokens, columns, look, place);
}

/** Null for what nests so deep that it cannot be read. */
function tokensOf(source: string): Token[] | null {
  try {
    return lexer(source);
  } catch {
    return null;
  }
}
