// What is known of the values of a column, whoever counted them.
import type { ChatFault } from "./chat.ts";
import type { Column } from "./columns.ts";
import type { TextFault } from "./text-faults.ts";

/** The spread of numbers. */
export interface Spread {
  min: number;
  max: number;
  mean: number;
  median: number | null;
  std: number | null;
}

/** The spread of lengths: characters of texts, elements of lists. */
export interface Lengths {
  unit: "characters" | "elements";
  min: number;
  max: number;
  mean: number;
  median: number | null;
  /** The length that so many of a hundred do not exceed; null where it is not known. */
  p90: number | null;
  p99: number | null;
}

/** What was seen of conversations. */
export interface ChatStats {
  checked: number;
  /** Turns by role. */
  roles: Record<string, number>;
  meanTurns: number;
  faults: Partial<Record<ChatFault, number>>;
}

/** A column and what its values are like. */
export interface ColumnStats extends Column {
  /** Rows that were looked at, and of these: without a value, and with a text of blanks only. */
  rows: number;
  nulls: number;
  blank: number;
  /** How many different values; null: more than were counted, or not counted. */
  distinct: number | null;
  /** Every value that was looked at differs from the others. */
  unique: boolean;
  /** The most frequent values, most frequent first; null where there are too many or none. */
  top: [value: string, count: number][] | null;
  numbers: Spread | null;
  lengths: Lengths | null;
  /** Kinds of values, where there is more than one. */
  mixed: [kind: string, count: number][];
  /** Texts that were searched for faults, and how many of them have each. */
  checked: number;
  faults: Partial<Record<TextFault, number>>;
  chat: ChatStats | null;
}
