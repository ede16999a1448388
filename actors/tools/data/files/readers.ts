// Turn the text of some whole records into rows: for CSV, JSON Lines and JSON arrays.
import type { ColumnType } from "../../../data/columns.ts";
import { valueOfCell } from "../../../data/infer.ts";
import type { Profile } from "../../../data/profile.ts";
import type { Warning } from "../../../data/warnings.ts";
import { asObject } from "../../../shape.ts";
import { grouped, oneLine } from "../../cap.ts";
import { type CsvDialect, parseRows } from "./dialect.ts";

/** A row by the names of its columns. */
export type Row = Record<string, unknown>;

/** Reads rows of one kind of text. It counts what is wrong with them as it goes. */
export interface Reader {
  columns: { name: string; type: ColumnType | null }[];
  /** Whether the first record names the columns. */
  hasHeader: boolean;
  /** How the text is written. */
  notes: string[];
  /** Shows the rows of a text that begins with this record to a profile. */
  read(text: string, record: number, profile: Profile): void;
  /** The rows of a text, for people. */
  rows(text: string, record: number): Row[];
  problems(): Warning[];
}

const delimiterNames: Record<string, string> = { ",": "comma", "\t": "tab", ";": "semicolon", "|": "bar" };

/** Reads CSV. */
export function csvReader({ delimiter, names, hasHeader }: CsvDialect): Reader {
  let rows = 0;
  let ragged = 0;
  let firstRagged = "";
  const cellsOf = (text: string, record: number) => parseRows(text, delimiter).slice(record === 0 && hasHeader ? 1 : 0);
  return {
    columns: names.map((name) => ({ name, type: null })),
    hasHeader,
    notes: [
      `${delimiterNames[delimiter]} separated`,
      ...(delimiter === "," ? [] : [`load it with sep=${JSON.stringify(delimiter)}`]),
      ...(hasHeader ? [] : ["no header: the columns are numbered here"]),
    ],
    read(text, record, profile) {
      for (const [index, cells] of cellsOf(text, record).entries()) {
        rows += 1;
        if (cells.length !== names.length) {
          ragged += 1;
          if (firstRagged === "") {
            firstRagged = `row ${grouped(record + index + (record === 0 || !hasHeader ? 1 : 0))} has ${cells.length} cells instead of ${names.length}`;
          }
        }
        profile.addValues(cells.slice(0, names.length).map(valueOfCell), cells.join("\u001f"));
      }
    },
    rows: (text, record) =>
      cellsOf(text, record).map((cells) =>
        Object.fromEntries(cells.map((cell, index) => [names[index] ?? `(cell ${index + 1})`, cell])),
      ),
    problems() {
      if (ragged === 0) return [];
      const text = `${grouped(ragged)} of ${grouped(rows)} rows have another number of cells than the header (${firstRagged}).`;
      return [{ code: "ragged", weight: 3, text }];
    },
  };
}

/** Reads one JSON value on each line. */
export function jsonLinesReader(): Reader {
  let lines = 0;
  let broken = 0;
  let strange = 0;
  let firstBroken = "";
  return {
    columns: [],
    hasHeader: false,
    notes: [],
    read(text, record, profile) {
      let number = record;
      for (const line of text.split("\n")) {
        if (line.trim() === "") continue;
        number += 1;
        lines += 1;
        const parsed = parseLine(line);
        if (typeof parsed === "string") {
          broken += 1;
          if (firstBroken === "") firstBroken = `row ${grouped(number)}: ${parsed}`;
          continue;
        }
        const row = asObject(parsed.value);
        if (row === null) strange += 1;
        else profile.addRow(row);
      }
    },
    rows: (text) =>
      text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => {
          const parsed = parseLine(line);
          return typeof parsed === "string"
            ? { "not JSON": line }
            : (asObject(parsed.value) ?? { value: parsed.value });
        }),
    problems() {
      const problems: Warning[] = [];
      if (broken > 0) {
        const text = `${grouped(broken)} of ${grouped(lines)} lines are not valid JSON (${firstBroken}).`;
        problems.push({ code: "bad_json", weight: 3, text });
      }
      if (strange > 0) {
        const text = `${grouped(strange)} of ${grouped(lines)} lines are no JSON objects, so no rows.`;
        problems.push({ code: "no_objects", weight: 3, text });
      }
      return problems;
    },
  };
}

/** The value of a JSON text, or why it is none. */
export function parseLine(line: string): { value: unknown } | string {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    return oneLine(error instanceof Error ? error.message : String(error), 120);
  }
}

/** Reads the elements of a JSON array; a text is some of them with commas between. */
export function jsonArrayReader(): Reader {
  let broken = 0;
  let strange = 0;
  const elements = (text: string): unknown[] | null => {
    try {
      return JSON.parse(`[${text.trim().replace(/,$/, "")}]`) as unknown[];
    } catch {
      return null;
    }
  };
  return {
    columns: [],
    hasHeader: false,
    notes: ["one JSON array"],
    read(text, _, profile) {
      const found = elements(text);
      if (found === null) broken += 1;
      for (const element of found ?? []) {
        const row = asObject(element);
        if (row === null) strange += 1;
        else profile.addRow(row);
      }
    },
    rows: (text) => (elements(text) ?? []).map((element) => asObject(element) ?? { value: element }),
    problems() {
      const problems: Warning[] = [];
      if (broken > 0) problems.push({ code: "bad_json", weight: 3, text: "Parts of the array are not valid JSON." });
      if (strange > 0) {
        problems.push({
          code: "no_objects",
          weight: 3,
          text: `${grouped(strange)} elements are no objects, so no rows.`,
        });
      }
      return problems;
    },
  };
}
