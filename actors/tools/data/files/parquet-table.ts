// A table in a Parquet file: what its footer says, and rows from the beginnings of some of its row groups.
import { type AsyncBuffer, type FileMetaData, parquetSchema, type RowGroup } from "hyparquet";
import { type ShownRow, shownRow } from "../../../data/cells.ts";
import type { Column } from "../../../data/columns.ts";
import { jsonText } from "../../../data/json-text.ts";
import { createProfile } from "../../../data/profile.ts";
import type { Warning } from "../../../data/warnings.ts";
import { grouped } from "../../cap.ts";
import { evenly } from "./evenly.ts";
import { type ParquetLimits, readColumnRows, readFooter } from "./parquet-read.ts";
import { columnsIn } from "./parquet-types.ts";
import type { TableLook, TableQuery } from "./table.ts";

/** What is read of a file at once: a local one. */
const localLimits: ParquetLimits = { footer: 64 << 20, column: 4 << 20, page: 32 << 20 };
/** Row groups that are looked into, rows of each, and columns. */
const mostGroups = 8;
const mostRows = 4_000;
const mostColumns = 300;

/** How much of a file to look at, beside what is asked. */
export interface ParquetEffort {
  limits: ParquetLimits;
  groups: number;
  rows: number;
}

const usualEffort: ParquetEffort = { limits: localLimits, groups: mostGroups, rows: mostRows };

/** Looks at a Parquet file. Throws `BAD_ARGUMENTS`, `TOO_LARGE`, `FORBIDDEN`. */
export async function lookAtParquet(file: AsyncBuffer, query: TableQuery, effort = usualEffort): Promise<TableLook> {
  const metadata = await readFooter(file, effort.limits);
  const columns = columnsIn(metadata, parquetSchema(metadata)).slice(0, mostColumns);
  const rows = Number(metadata.num_rows);
  const groups = metadata.row_groups.filter((group) => group.num_rows > 0n);
  const picked = evenly(groups, effort.groups);
  const profile = createProfile(columns);
  const failures = new Map<string, string>();
  const until = Date.now() + query.limitMs;
  let isWhole = picked.length === groups.length;
  for (const group of picked) {
    if (Date.now() > until) {
      isWhole = false;
      break;
    }
    const read = await readRows(file, metadata, group, columns, effort.rows, effort.limits);
    for (const [name, why] of read.failures) failures.set(name, why);
    for (const row of read.rows)
      profile.addValues(
        columns.map(({ name }) => row[name]),
        textOf(row),
      );
    if (read.rows.length < Number(group.num_rows)) isWhole = false;
  }
  const result = profile.result();
  const codecs = new Set(groups.flatMap((group) => group.columns.map((chunk) => chunk.meta_data?.codec ?? "")));
  const notes = [
    `${grouped(groups.length)} row groups`,
    `packed with ${[...codecs].join(", ").toLowerCase() || "nothing"}`,
  ];
  if (!isWhole)
    notes.push(`statistics from ${grouped(result.rows)} rows at the beginnings of ${picked.length} row groups`);
  return {
    format: "parquet",
    notes,
    rows,
    isExact: true,
    isWhole,
    profile: result,
    shown: await shownRows(file, metadata, groups, columns, query, effort.limits),
    problems: [...failures].map(
      ([name, why]): Warning => ({
        code: "unreadable",
        weight: 3,
        text: `\`${name}\` could not be looked into: ${why}.`,
      }),
    ),
  };
}

async function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  columns: readonly Column[],
  count: number,
  limits: ParquetLimits,
) {
  const failures = new Map<string, string>();
  const read: { name: string; values: unknown[] }[] = [];
  // One column after the other: each may take the limit's memory.
  for (const { name } of columns) {
    const { values, failure } = await readColumnRows(file, metadata, group, name, count, limits);
    if (failure !== null) failures.set(name, failure);
    else read.push({ name, values });
  }
  const length = read.length === 0 ? 0 : Math.min(...read.map(({ values }) => values.length));
  const rows = Array.from({ length }, (_, index) =>
    Object.fromEntries(read.map(({ name, values }) => [name, plain(values[index])])),
  );
  return { rows, failures };
}

/** Whole numbers come as bigint; those that a number holds are numbers. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

/** What tells a row from others. Of bytes, their number and their beginning. */
function textOf(row: Record<string, unknown>): string {
  return jsonText(Object.entries(row), (_, value) => {
    if (typeof value === "bigint") return String(value);
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return `${bytes.length}:${bytes.subarray(0, 256).toString("base64")}:${bytes.subarray(-64).toString("base64")}`;
  });
}

/** The rows that were asked for. Rows far within a row group cannot be reached without reading all before them. */
async function shownRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  groups: readonly RowGroup[],
  columns: readonly Column[],
  { offset, length }: TableQuery,
  limits: ParquetLimits,
): Promise<ShownRow[]> {
  const shown: ShownRow[] = [];
  let before = 0;
  for (const group of groups) {
    const count = Number(group.num_rows);
    const from = Math.max(0, offset - before);
    before += count;
    if (from >= count) continue;
    const { rows } = await readRows(file, metadata, group, columns, from + length - shown.length, limits);
    shown.push(...rows.slice(from, from + length - shown.length).map(shownRow));
    if (shown.length >= length || rows.length < count) break;
  }
  return shown;
}
