// Searching the transcript. What is folded is searched too, and opened where something is found in it.
import type { Row, StyleId } from "../../cells/types.ts";
import type { Block, BlockId } from "../../model/blocks.ts";
import { indexOfBlock } from "../../model/select.ts";
import type { Model } from "../../model/state.ts";
import type { Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { searchText } from "./copy.ts";
import type { Laid } from "./laid.ts";
import { canFold, isOpen, isSilent, listOf } from "./list.ts";
import { reveal } from "./scroll.ts";

/** Ids of the blocks that hold a text, oldest first. Capitals count only when the query has some. */
export function matches({ blocks }: Pick<Model, "blocks">, query: string): BlockId[] {
  if (query === "") return [];
  const same = comparison(query);
  return blocks.filter((block) => !isSilent(block) && holds(block, query, same)).map(({ id }) => id);
}

/**
 * Goes to the next row with a match after the one that was found, or before it; around the ends. From nowhere, to the
 * newest block.
 *
 * @param size Cells of the transcript's pane.
 */
export function findNext<D>(
  model: Model,
  ui: Ui<D>,
  view: Rendering,
  by: 1 | -1,
  size: { width: number; height: number },
): Ui<D> {
  const { find } = ui;
  if (find === null) return ui;
  const found = matches(model, find.query);
  const at = find.block === null ? -1 : found.indexOf(find.block);
  if (at >= 0) {
    const index = indexOfBlock(model, find.block ?? 0);
    const row = matchingRow(listOf(model, ui, view, size.width).rowsOf(index).rows, find.query, find.row + by, by);
    if (row !== null) return shown(model, ui, view, size, { ...find, row }, index);
  }
  const next = at < 0 ? found.at(-1) : found.at((at + by + found.length) % found.length);
  if (next === undefined) return { ...ui, find: { ...find, block: null } };
  const index = indexOfBlock(model, next);
  const block = model.blocks[index];
  const isFolded = block !== undefined && canFold(block) && !isOpen(block, ui);
  const opened: Ui<D> = isFolded ? { ...ui, folds: new Map(ui.folds).set(next, true) } : ui;
  const { rows } = listOf(model, opened, view, size.width).rowsOf(index);
  const row = matchingRow(rows, find.query, by === 1 || at < 0 ? 0 : rows.length - 1, by === 1 || at < 0 ? 1 : -1);
  return shown(model, opened, view, size, { ...find, block: next, row: row ?? 0 }, index);
}

/** The first row from one on, in a direction, that shows the query; null: there is none. */
function matchingRow(rows: Laid["rows"], query: string, from: number, by: 1 | -1): number | null {
  for (let row = from; row >= 0 && row < rows.length; row += by) {
    if (rangesIn(rows.at(row) ?? { glyphs: [], styles: [] }, query).length > 0) return row;
  }
  return null;
}

/** The screen with a match in sight. */
function shown<D>(
  model: Model,
  ui: Ui<D>,
  view: Rendering,
  size: { width: number; height: number },
  find: NonNullable<Ui["find"]>,
  index: number,
): Ui<D> {
  const list = listOf(model, ui, view, size.width);
  const scroll = reveal(list, ui.scroll, { index, row: find.row }, size.height);
  return { ...ui, find, selected: find.block, scroll };
}

/** Where a row shows the query: cells from and up to. */
export function rangesIn({ glyphs }: Row, query: string): { from: number; to: number }[] {
  if (query === "") return [];
  const same = comparison(query);
  // Which cell each UTF-16 unit of the row's text stands in: cases change no lengths here.
  const cellOf: number[] = [];
  let text = "";
  for (const [cell, glyph] of glyphs.entries()) {
    const shown = same(glyph).length === glyph.length ? same(glyph) : glyph;
    for (let unit = 0; unit < shown.length; unit++) cellOf.push(cell);
    text += shown;
  }
  const wanted = same(query);
  const ranges: { from: number; to: number }[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const lastCell = cellOf[at + wanted.length - 1] ?? 0;
    ranges.push({ from: cellOf[at] ?? 0, to: glyphs[lastCell + 1] === "" ? lastCell + 2 : lastCell + 1 });
  }
  return ranges;
}

/** A row with what was found in it marked; the row itself when nothing was. */
export function withMatches(row: Row, query: string, style: StyleId): Row {
  const ranges = rangesIn(row, query);
  if (ranges.length === 0) return row;
  const styles = [...row.styles];
  for (const { from, to } of ranges) styles.fill(style, from, to);
  return { glyphs: row.glyphs, styles };
}

function comparison(query: string): (text: string) => string {
  const exact = query !== query.toLowerCase();
  return exact ? (text) => text : (text) => text.toLowerCase();
}

/** What was found in a block last. Blocks never change, so while a reply grows only that one is looked through again. */
const looked = new WeakMap<Block, { query: string; found: boolean }>();

function holds(block: Block, query: string, same: (text: string) => string): boolean {
  const before = looked.get(block);
  if (before?.query === query) return before.found;
  const found = same(searchText(block)).includes(same(query));
  looked.set(block, { query, found });
  return found;
}
