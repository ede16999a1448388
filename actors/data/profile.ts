// Watches rows go by: what each column holds, how many rows repeat others or are empty, in bounded memory.
import { type ColumnProfile, createColumnProfile } from "./column-profile.ts";
import type { Column, ColumnType } from "./columns.ts";
import { addHash, createHashSample, type HashSample, hashOf } from "./hash.ts";
import { jsonText } from "./json-text.ts";
import type { ColumnStats } from "./stats.ts";

/** Columns that are watched; a table of more is a matrix, or its keys are data. */
const mostColumns = 500;

/** What is known of a table after its rows went by. */
export interface TableProfile {
  /** Rows that were looked at, and of these without any value. */
  rows: number;
  emptyRows: number;
  columns: ColumnStats[];
  /** Columns beyond those that were watched. */
  moreColumns: number;
  hashes: HashSample;
}

/** The watcher of a table. */
export interface Profile {
  /** A row of values by name. */
  addRow(row: Readonly<Record<string, unknown>>): void;
  /** A row of values in the order of the stated columns, and the text that tells it from others. */
  addValues(values: readonly unknown[], text: string): void;
  result(): TableProfile;
}

/** Makes the watcher. `stated`: the columns as far as they are known; a type of null is inferred. */
export function createProfile(stated: readonly { name: string; type: ColumnType | null }[] = []): Profile {
  const names: string[] = [];
  const profiles: ColumnProfile[] = [];
  const byName = new Map<string, ColumnProfile>();
  const others = new Set<string>();
  const hashes = createHashSample();
  let rows = 0;
  let emptyRows = 0;

  function watch(name: string, type: ColumnType | null): ColumnProfile | null {
    if (profiles.length >= mostColumns) {
      if (others.size < 10_000) others.add(name);
      return null;
    }
    const profile = createColumnProfile(type);
    names.push(name);
    profiles.push(profile);
    byName.set(name, profile);
    return profile;
  }
  for (const { name, type } of stated) watch(name, type);

  function ended(hasValue: boolean, text: string): void {
    rows += 1;
    if (!hasValue) emptyRows += 1;
    else addHash(hashes, hashOf(text));
  }

  return {
    addRow(row) {
      let hasValue = false;
      for (const name of Object.keys(row)) {
        const value = row[name];
        const profile = byName.get(name) ?? (others.has(name) ? null : watch(name, null));
        if (value !== null && value !== undefined && value !== "") hasValue = true;
        profile?.add(value);
      }
      ended(hasValue, hasValue ? rowText(row) : "");
    },
    addValues(values, text) {
      let hasValue = false;
      for (let index = 0; index < values.length; index += 1) {
        const value = values[index];
        if (value !== null && value !== undefined && value !== "") hasValue = true;
        profiles[index]?.add(value);
      }
      ended(hasValue, text);
    },
    result: () => ({
      rows,
      emptyRows,
      columns: profiles.map((profile, index) => profile.result(names[index] ?? "", rows)),
      moreColumns: others.size,
      hashes,
    }),
  };
}

/** Characters of a row that tell it from others. */
const mostRowText = 100_000;

/** A row as a text that is the same for the same values in any order of columns. */
function rowText(row: Readonly<Record<string, unknown>>): string {
  const ordered = Object.entries(row)
    .filter(([, value]) => value !== undefined && value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return jsonText(ordered, plainValue).slice(0, mostRowText);
}

function plainValue(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  return value;
}

/** The columns of a profile, as the rules on training methods want them. */
export function columnsOf({ columns }: Pick<TableProfile, "columns">): Column[] {
  return columns.map(({ name, type, distinct }) => ({ name, type, distinct }));
}
