// Turn the text of some whole records into rows: for CSV, JSON Lines and JSON arrays.
import { shownRow } from "../../../data/cells.ts";
import type { ColumnType } from "../../../data/columns.ts";
import { valueOfCell } from "../../../data/infer.ts";
import { createProfile, type Profile } from "../../../data/profile.ts";
import type { Warning } from "../../../data/warnings.ts";
import { asObject, asObjects } from "../../../shape.ts";
import { grouped, oneLine, shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import { type CsvDialect, decode, type Encoding, parseRows } from "./dialect.ts";
import { type Source, slice } from "./source.ts";
import type { TableLook, TableQuery } from "./table.ts";

type Row = Record<string, unknown>;

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

/** The value of a line, or why it is none. */
function parseLine(line: string): { value: unknown } | string {
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

/** Bytes of a JSON object that is read as a whole. */
const mostObjectBytes = 8 << 20;

/** One JSON object: the list of objects in it is the table (`load_dataset("json", field=…)`), or lists of one length are its columns. */
export function wholeObject(source: Source, encoding: Encoding, query: TableQuery): TableLook {
  if (source.size > mostObjectBytes || source.isPart) {
    const message = `It is one JSON object of ${shownBytes(source.size)}, not an array or lines of rows.`;
    throw new ToolError("TOO_LARGE", message, "Turn it into JSON Lines with bash (jq -c '.data[]') and inspect that.");
  }
  const text = decode(slice(source, encoding.bomBytes, source.size), encoding);
  const parsed = parseLine(text);
  const object = typeof parsed === "string" ? null : asObject(parsed.value);
  if (object === null) {
    const why = typeof parsed === "string" ? parsed : "no object";
    throw new ToolError("BAD_ARGUMENTS", `It is not valid JSON: ${why}.`);
  }
  const { rows, note } = tableIn(object);
  const profile = createProfile();
  for (const row of rows) profile.addRow(row);
  return {
    format: "json",
    notes: [note],
    rows: rows.length,
    isExact: true,
    isWhole: true,
    profile: profile.result(),
    shown: rows.slice(query.offset, query.offset + query.length).map(shownRow),
    problems: [],
  };
}

function tableIn(object: Row): { rows: Row[]; note: string } {
  for (const [name, value] of Object.entries(object)) {
    const rows = asObjects(value);
    if (rows.length > 0)
      return { rows, note: `the rows are in the field ${JSON.stringify(name)} (load it with field=)` };
  }
  const lists = Object.entries(object).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const length = lists[0]?.[1].length ?? 0;
  if (lists.length > 1 && length > 0 && lists.every(([, list]) => list.length === length)) {
    const rows = Array.from({ length }, (_, index) =>
      Object.fromEntries(lists.map(([name, list]) => [name, list[index]])),
    );
    return { rows, note: "an object of columns" };
  }
  return { rows: [object], note: "one object: a single row" };
}
