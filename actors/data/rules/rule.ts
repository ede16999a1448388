// What a rule is: it looks at the columns and judges.
import type { Column } from "../columns.ts";

/** What a rule says of columns; see `Fit`. */
export interface Judgement {
  state: "yes" | "after" | "no";
  uses: readonly Column[];
  why: string;
  missing?: string[];
  fix?: string | null;
}

/** Judges columns for one method. */
export type Rule = (columns: readonly Column[]) => Judgement;

/** The columns are there as the trainer wants them. */
export function fits(uses: readonly Column[], why: string): Judgement {
  return { state: "yes", uses, why };
}

/** The columns are there after `fix`, which brings `missing`. */
export function fitsAfter(uses: readonly Column[], why: string, missing: string[], fix: string): Judgement {
  return { state: "after", uses, why, missing, fix };
}

/** The columns are not there. */
export function misfits(why: string, missing: string[]): Judgement {
  return { state: "no", uses: [], why, missing };
}
