// What is asked of a table in a file, and what is found.
import type { ShownRow } from "../../../data/cells.ts";
import type { TableProfile } from "../../../data/profile.ts";
import type { Warning } from "../../../data/warnings.ts";
import type { Format } from "./formats.ts";

/** What to look at of a file. */
export interface TableQuery {
  /** The first row to show, counted from 0, and how many. */
  offset: number;
  length: number;
  /** Milliseconds for counting, and for parsing; what is not done then is estimated, and said to be. */
  limitMs: number;
  /** Bytes that are parsed at most for statistics. */
  sampleBytes: number;
}

/** What is known of a table in a file. */
export interface TableLook {
  format: Format;
  /** How it is written, and how much of it was looked at, in a few words each. */
  notes: string[];
  /** Rows in all; null: nobody knows. */
  rows: number | null;
  /** Whether `rows` was counted, not estimated. */
  isExact: boolean;
  /** Whether the statistics are of every row. */
  isWhole: boolean;
  profile: TableProfile;
  shown: ShownRow[];
  problems: Warning[];
}
