// What an inspection of a data set finds, as plain data: for screens, for scripts, and for the text that models read.
import type { ShownRow } from "../../data/cells.ts";
import type { Fit } from "../../data/methods.ts";
import type { ColumnStats } from "../../data/stats.ts";
import type { Warning } from "../../data/warnings.ts";

/** Columns that a report goes into; of a table of more, a model is told their number. */
export const mostReported = 200;

/** A split, or a file that is one. */
export interface SplitFacts {
  config: string | null;
  split: string;
  rows: number | null;
  /** Whether `rows` was counted, not estimated. */
  isExact: boolean;
  bytes: number | null;
}

/** A part of the inspection that failed, while others did not. */
export interface SectionFailure {
  section: string;
  text: string;
}

/** The report on one split of a data set. */
export interface DatasetReport {
  /** The id on the Hub, or the path as people read it. */
  name: string;
  from: "hub" | "files";
  /** What it is, in short lines: license, size, format, how much was looked at. */
  facts: string[];
  config: string | null;
  split: string | null;
  rows: number | null;
  isExact: boolean;
  splits: SplitFacts[];
  /** The first `mostReported` at most; `fits` and `warnings` are of all that were looked at. */
  columns: ColumnStats[];
  /** Of what the statistics are, for example "all rows". */
  basis: string;
  fits: Fit[];
  warnings: Warning[];
  failures: SectionFailure[];
  offset: number;
  sample: ShownRow[];
  /** How to go on, in short sentences. */
  next: string[];
}
