// Where the newest part of a session begins, found from the end of its journal: a long one costs no more than a short.
import { newestFirst } from "./newest.ts";

/** How much of a session is wanted: whole turns, and no more records than this. */
export interface Recent {
  turns: number;
  records: number;
}

/**
 * The seq of the record from which on the newest turns stand in a journal; 1 when that is all of it. A turn that is
 * longer than the limit of records is cut.
 */
export function recentFrom(sessionDir: string, { turns, records }: Recent): number {
  let begun = 0;
  let read = 0;
  let turnAt: number | null = null;
  for (const { seq, type } of newestFirst(sessionDir)) {
    read += 1;
    if (type === "processing") {
      begun += 1;
      turnAt = seq;
    }
    if (begun === turns || read === records) return turnAt ?? seq;
  }
  return 1;
}
