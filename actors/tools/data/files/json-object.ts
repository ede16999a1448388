// A JSON file that is one object, small enough to be read as a whole: somewhere in it is the table.
import { shownRow } from "../../../data/cells.ts";
import { createProfile } from "../../../data/profile.ts";
import { asObject, asObjects } from "../../../shape.ts";
import { shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import { decode, type Encoding } from "./dialect.ts";
import { parseLine, type Row } from "./readers.ts";
import { type Source, slice } from "./source.ts";
import type { TableLook, TableQuery } from "./table.ts";

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
