// The transcript as a list of rows that is never made as a whole: only blocks that are looked at are laid out.
import type { Block, BlockId } from "../../model/blocks.ts";
import { isBlankText } from "../../model/growth.ts";
import { indexOfBlock } from "../../model/select.ts";
import type { Model } from "../../model/state.ts";
import { textCells } from "../frame.ts";
import type { Scroll, Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { type Laid, settingOf } from "./laid.ts";

/** Cells of a row of text at most: longer ones are hard to read. */
const mostTextCells = 110;
/** Cells before the text, for the sign of the chosen block. */
export const gutter = 1;

/** The blocks, and their rows when they are asked for. */
export interface List {
  readonly blocks: readonly Block[];
  /** Cells of a row. */
  readonly width: number;
  rowsOf(index: number): Laid;
}

/** A row of the list: `row` counts those of the block; where it is as long as the block, it is the gap after it. */
export interface Place {
  readonly index: number;
  readonly row: number;
}

/** The list for a pane of a width. */
export function listOf(model: Model, ui: Ui, view: Rendering, paneWidth: number): List {
  const width = Math.min(mostTextCells, textCells(paneWidth));
  const { blocks, screen } = model;
  return {
    blocks,
    width,
    rowsOf(index) {
      const block = blocks[index];
      if (block === undefined || isSilent(block)) return nothing;
      const setting = settingOf(width, isOpen(block, ui), view.look, view.palette);
      return view.cache.rowsOf(block, setting, screen.now);
    },
  };
}

const nothing: Laid = { rows: { length: 0, at: () => undefined }, moving: null };

/** Whether a block is shown with all that it has. */
export function isOpen(block: Block, { folds, callsOpen, thinkingOpen }: Ui): boolean {
  const kind = block.kind === "call" ? callsOpen : block.kind === "thinking" ? thinkingOpen : false;
  return folds.get(block.id) ?? kind;
}

/** Whether a block can be folded. */
export function canFold(block: Block): boolean {
  return block.kind === "call" || block.kind === "thinking" || block.kind === "compaction";
}

/** Whether a block has nothing to show, and so no gap either. */
export function isSilent(block: Block): boolean {
  if (block.kind === "assistant") return isBlankText(block) && block.state !== "cut";
  if (block.kind === "end")
    return (
      block.failure === null &&
      block.reason === "done" &&
      block.durationMs === null &&
      block.iterations === null &&
      block.denied === 0
    );
  if (block.kind === "approval") return block.calls.every(({ answer }) => answer === null);
  return block.kind === "thinking" && block.text.trim() === "" && !block.live;
}

/** Rows of a block and of the gap after it. */
export function heightAt(list: List, index: number): number {
  const { length } = list.rowsOf(index).rows;
  return length === 0 ? 0 : length + gapAfter(list, index);
}

/** Calls stand close together, and so do notes; everything else is set apart by an empty row. The last block has no gap. */
function gapAfter({ blocks }: List, index: number): 0 | 1 {
  let next = index + 1;
  for (let block = blocks[next]; block !== undefined && isSilent(block); block = blocks[next]) next += 1;
  const [block, after] = [blocks[index], blocks[next]];
  if (block === undefined || after === undefined) return 0;
  const together = (isWork(block) && isWork(after)) || (block.kind === "note" && after.kind === "note");
  return together ? 0 : 1;
}

function isWork({ kind }: Block): boolean {
  return kind === "call" || kind === "approval";
}

/** The place `by` rows further down, or up when it is negative; no further than the first and the last row. */
export function move(list: List, from: Place, by: number): Place {
  let { index, row } = from;
  row += by;
  while (row < 0 && index > 0) row += heightAt(list, --index);
  if (row < 0) return first;
  while (index < list.blocks.length) {
    const height = heightAt(list, index);
    if (row < height) return { index, row };
    row -= height;
    index += 1;
  }
  return last(list);
}

const first: Place = { index: 0, row: 0 };

function last(list: List): Place {
  for (let index = list.blocks.length - 1; index >= 0; index--) {
    const height = heightAt(list, index);
    if (height > 0) return { index, row: height - 1 };
  }
  return first;
}

/** The uppermost place when the end is at the bottom of so many rows. */
function topAtEnd(list: List, height: number): Place {
  let left = height;
  for (let index = list.blocks.length - 1; index >= 0; index--) {
    const tall = heightAt(list, index);
    if (tall >= left) return { index, row: tall - left };
    left -= tall;
  }
  return first;
}

/** How many rows there are from a place on, counted up to `most`. */
export function rowsFrom(list: List, { index, row }: Place, most: number): number {
  let count = -row;
  for (let at = index; at < list.blocks.length && count < most; at++) count += heightAt(list, at);
  return Math.min(count, most);
}

/** The uppermost place in sight. An anchor holds, but for the end, which is never above the bottom. */
export function topOf(list: List, scroll: Scroll, height: number): Place {
  const place = scroll.kind === "follow" ? null : placeOf(list, scroll);
  return place === null || rowsFrom(list, place, height) < height ? topAtEnd(list, height) : place;
}

/** Where an anchor is now; null when there is nothing left to hold on to. */
function placeOf(list: List, anchor: Extract<Scroll, { kind: "at" }>): Place | null {
  const exact = indexOfBlock(list, anchor.block);
  // What is gone gives way to what came after it.
  const index = exact >= 0 ? exact : list.blocks.findIndex(({ id }) => id > anchor.block);
  if (index < 0) return null;
  if (exact < 0) return { index, row: 0 };
  const { length } = list.rowsOf(index).rows;
  const moved = anchor.width === list.width ? anchor.row : Math.floor((anchor.row * length) / Math.max(1, anchor.rows));
  return { index, row: Math.max(0, Math.min(moved, heightAt(list, index) - 1)) };
}

/** Blocks of which the reader has seen nothing yet: 0 while the end is followed. */
export function newBelow({ blocks }: Pick<Model, "blocks">, scroll: Scroll): number {
  if (scroll.kind === "follow") return 0;
  return countAfter(blocks, scroll.seen);
}

function countAfter(blocks: readonly Block[], seen: BlockId): number {
  let count = 0;
  for (let index = blocks.length - 1; index >= 0; index--) {
    const block = blocks[index];
    if (block === undefined || block.id <= seen) break;
    if (!isSilent(block)) count += 1;
  }
  return count;
}
