import type { Position } from "./records.ts";

/** Bytes between two marks. */
const spacing = 64 * 1024;

/** A sparse index of a journal, so that reading from a seq on does not begin at the beginning. */
export interface Marks {
  /** Offers a position; positions come in order, and one in about 64 KiB is kept. */
  add(position: Position): void;
  /** The last kept position at or before a seq. */
  before(seq: number): Position;
}

/** Makes an index that knows only the beginning. */
export function createMarks(): Marks {
  const kept: Position[] = [];
  const first: Position = { offset: 0, seq: 1 };
  let last = first;
  return {
    add({ offset, seq }) {
      if (offset - last.offset < spacing) return;
      last = { offset, seq };
      kept.push(last);
    },
    before(seq) {
      let low = 0;
      let high = kept.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((kept[middle]?.seq ?? 0) <= seq) low = middle + 1;
        else high = middle;
      }
      return kept[low - 1] ?? first;
    },
  };
}
