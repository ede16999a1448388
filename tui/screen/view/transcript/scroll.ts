// Moving through the transcript. Each move makes another place to read at; the rows between are laid out, no others.
import type { BlockId } from "../../model/blocks.ts";
import { indexOfBlock } from "../../model/select.ts";
import type { Scroll, Ui } from "../ui.ts";
import { isSilent, type List, move, type Place, rowsFrom, topOf } from "./list.ts";

const follow: Scroll = { kind: "follow" };

/** Moves by rows: down when `by` is positive. Reaching the end follows it. `height`: rows in sight. */
export function scrollBy(list: List, scroll: Scroll, by: number, height: number): Scroll {
  const top = topOf(list, scroll, height);
  const place = move(list, top, by);
  if (by >= 0) return rowsFrom(list, place, height + 1) <= height ? follow : anchorAt(list, place, scroll);
  // Where everything is in sight there is nothing to leave.
  return place.index === top.index && place.row === top.row && scroll.kind === "follow"
    ? scroll
    : anchorAt(list, place, scroll);
}

/** Moves by pages; two rows of the last one stay in sight. */
export function scrollPages(list: List, scroll: Scroll, pages: number, height: number): Scroll {
  return scrollBy(list, scroll, pages * Math.max(1, height - 2), height);
}

/** Goes to the first row. */
export function scrollToTop(list: List, scroll: Scroll, height: number): Scroll {
  const top: Place = { index: 0, row: 0 };
  return rowsFrom(list, top, height + 1) <= height ? follow : anchorAt(list, top, scroll);
}

/** Goes to the end and stays there. */
export function scrollToEnd(): Scroll {
  return follow;
}

/** Brings a row of a block into sight, a third down the pane; nothing moves when it is in sight already. */
export function reveal(list: List, scroll: Scroll, target: Place, height: number): Scroll {
  const top = topOf(list, scroll, height);
  const bottom = move(list, top, height - 1);
  if (!isBefore(target, top) && !isBefore(bottom, target)) return scroll;
  const place = move(list, target, -Math.floor(height / 3));
  return rowsFrom(list, place, height + 1) <= height ? follow : anchorAt(list, place, scroll);
}

/** Chooses the block after the chosen one, or before it; without one, the last in sight. Brings it into sight. */
export function choose(list: List, ui: Ui, by: 1 | -1, height: number): Pick<Ui, "selected" | "scroll"> {
  const { blocks } = list;
  const at = ui.selected === null ? -1 : indexOfBlock(list, ui.selected);
  let index = at < 0 ? lastInSight(list, ui.scroll, height) : at + by;
  const step = at < 0 ? -1 : by;
  let block = blocks[index];
  while (block !== undefined && isSilent(block)) {
    index += step;
    block = blocks[index];
  }
  if (block === undefined) return { selected: at < 0 ? null : ui.selected, scroll: ui.scroll };
  return { selected: block.id, scroll: reveal(list, ui.scroll, { index, row: 0 }, height) };
}

/** Folds a block that is open, or opens it. */
export function toggleFold(folds: ReadonlyMap<BlockId, boolean>, block: BlockId, open: boolean): Map<BlockId, boolean> {
  const next = new Map(folds);
  next.set(block, !open);
  return next;
}

function lastInSight(list: List, scroll: Scroll, height: number): number {
  return move(list, topOf(list, scroll, height), Math.max(0, height - 1)).index;
}

function isBefore(a: Place, b: Place): boolean {
  return a.index < b.index || (a.index === b.index && a.row < b.row);
}

function anchorAt(list: List, { index, row }: Place, before: Scroll): Scroll {
  const block = list.blocks[index];
  if (block === undefined) return follow;
  const seen = before.kind === "at" ? before.seen : newestId(list);
  return { kind: "at", block: block.id, row, rows: list.rowsOf(index).rows.length, width: list.width, seen };
}

function newestId({ blocks }: List): BlockId {
  return blocks.reduce((newest, { id }) => Math.max(newest, id), 0);
}
