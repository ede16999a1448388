// A table in a text file: how it is written, how many rows it has, what they are like. Reads the whole file once to
// count, and parses parts from all over it; memory does not grow with the file.
import { type ShownRow, shownRow } from "../../../data/cells.ts";
import { createProfile, type Profile } from "../../../data/profile.ts";
import type { Warning } from "../../../data/warnings.ts";
import { grouped, shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import { csvDialect, decode, type Encoding, encodingOf } from "./dialect.ts";
import { evenly } from "./evenly.ts";
import type { Format } from "./formats.ts";
import { wholeObject } from "./json-object.ts";
import { csvReader, jsonArrayReader, jsonLinesReader, type Reader } from "./readers.ts";
import { type Grammar, type Mark, type Scan, scanRecords } from "./records.ts";
import { type Source, slice } from "./source.ts";
import type { TableLook, TableQuery } from "./table.ts";

/** Bytes between two marks that are still parsed; rows in longer ones are counted and not looked at. */
const mostBlockBytes = 16 << 20;

/** Looks at a table of text. Throws `BINARY`, `BAD_ARGUMENTS`. */
export function lookAtText(
  source: Source,
  format: Exclude<Format, "parquet">,
  path: string,
  query: TableQuery,
): TableLook {
  const encoding = encodingOf(source);
  const until = Date.now() + query.limitMs;
  if (format === "csv") {
    const dialect = csvDialect(source, encoding, path);
    const newline = dialect.newline.charCodeAt(0);
    const { width, low } = encoding;
    const grammar: Grammar = { kind: "csv", newline, delimiter: dialect.delimiter.charCodeAt(0), width, low };
    return look(
      source,
      { format, encoding, grammar, start: encoding.bomBytes, reader: csvReader(dialect) },
      query,
      until,
    );
  }
  const lines: Grammar = { kind: "lines", newline: 10, width: encoding.width, low: encoding.low };
  const shape = format === "jsonl" ? "lines" : jsonShape(source, encoding);
  if (shape === "lines") {
    return look(
      source,
      { format: "jsonl", encoding, grammar: lines, start: encoding.bomBytes, reader: jsonLinesReader() },
      query,
      until,
    );
  }
  if (shape === "object") return wholeObject(source, encoding, query);
  if (encoding.width === 2) {
    throw new ToolError("BAD_ARGUMENTS", `It is JSON in ${encoding.name}.`, "Convert it to UTF-8 with iconv first.");
  }
  return look(
    source,
    { format, encoding, grammar: { kind: "array" }, start: shape, reader: jsonArrayReader() },
    query,
    until,
  );
}

/** What a JSON file holds: lines of JSON, one object, or an array whose elements begin at this offset. */
function jsonShape(source: Source, encoding: Encoding): "lines" | "object" | number {
  const head = decode(slice(source, encoding.bomBytes, 64 * 1024), encoding);
  const at = head.search(/\S/);
  if (at === -1) throw new ToolError("BAD_ARGUMENTS", "The file is empty.");
  if (head[at] === "[") return encoding.bomBytes + Buffer.byteLength(head.slice(0, at)) + 1;
  if (head[at] !== "{") throw new ToolError("BAD_ARGUMENTS", "It is no JSON: it begins with neither [ nor {.");
  const [first = "", second = ""] = head.slice(at).split("\n", 2);
  const isLine = first.trimEnd().endsWith("}") && second.trimStart().startsWith("{");
  return isLine ? "lines" : "object";
}

interface Plan {
  format: Format;
  encoding: Encoding;
  grammar: Grammar;
  start: number;
  reader: Reader;
}

/** A part of the file from a mark to the next. */
interface Block {
  from: number;
  to: number;
  record: number;
}

/** Whether a part is too long to be parsed: a row in it is. */
const isHuge = ({ from, to }: Block): boolean => to - from > mostBlockBytes;

function blocksOf({ marks, end }: Scan): Block[] {
  return marks.map((mark: Mark, index) => ({
    from: mark.offset,
    to: marks[index + 1]?.offset ?? end,
    record: mark.record,
  }));
}

function look(source: Source, plan: Plan, query: TableQuery, until: number): TableLook {
  const { reader, encoding } = plan;
  const scan = scanRecords(source, plan.grammar, plan.start, until);
  const blocks = blocksOf(scan);
  const total = blocks.reduce((sum, { from, to }) => sum + to - from, 0);
  const picked = total <= query.sampleBytes ? blocks : spread(blocks, query.sampleBytes);
  const huge = blocks.filter(isHuge).length;
  const profile = createProfile(reader.columns);
  const done = readBlocks(source, picked, plan, profile, Date.now() + query.limitMs);
  const headerRows = reader.hasHeader ? 1 : 0;
  const counted = Math.max(0, scan.records - headerRows);
  const isExact = scan.complete && !source.isPart;
  const seen = Math.max(1, scan.end - plan.start);
  const rows = isExact ? counted : source.isPart ? null : Math.round((counted * (source.size - plan.start)) / seen);
  const isWhole = isExact && picked.length === blocks.length && huge === 0 && done === picked.length;
  const notes = [...reader.notes, ...encodingNotes(encoding)];
  if (!scan.complete)
    notes.push(`counted the first ${shownBytes(scan.end)} in the time allowed; the rest is estimated`);
  if (source.isPart) notes.push(`only the first ${shownBytes(source.size)} were read; the number of rows is not known`);
  const result = profile.result();
  if (!isWhole && isExact) {
    notes.push(`statistics from ${grouped(result.rows)} rows out of ${done} places all over the file`);
  }
  return {
    format: plan.format,
    notes,
    rows,
    isExact,
    isWhole,
    profile: result,
    shown: rowsAt(source, blocks, plan, query.offset + headerRows, query.length),
    problems: [...reader.problems(), ...scanProblems(scan, huge)],
  };
}

/** So many blocks from all over the file as have `bytes` bytes together; the first is always among them. */
function spread(blocks: readonly Block[], bytes: number): Block[] {
  const usable = blocks.filter((block) => !isHuge(block));
  const total = usable.reduce((sum, { from, to }) => sum + to - from, 0);
  const count = Math.max(1, Math.floor((usable.length * bytes) / Math.max(total, 1)));
  return evenly(usable, count);
}

function readBlocks(source: Source, blocks: readonly Block[], plan: Plan, profile: Profile, until: number) {
  let done = 0;
  for (const block of blocks) {
    if (Date.now() > until) break;
    done += 1;
    if (!isHuge(block)) plan.reader.read(textOf(source, block, plan), block.record, profile);
  }
  return done;
}

function textOf(source: Source, { from, to }: Block, { encoding }: Plan): string {
  return decode(slice(source, from, to - from), encoding);
}

/** The rows from a record on, as they are shown. */
function rowsAt(source: Source, blocks: readonly Block[], plan: Plan, record: number, length: number): ShownRow[] {
  const first = blocks.findLastIndex((block) => block.record <= record);
  const shown: ShownRow[] = [];
  for (let index = Math.max(first, 0); index < blocks.length && shown.length < length; index += 1) {
    const block = blocks[index];
    if (block === undefined || isHuge(block)) break;
    const rows = plan.reader.rows(textOf(source, block, plan), block.record);
    const skip = Math.max(0, record - block.record - (block.record === 0 && plan.reader.hasHeader ? 1 : 0));
    shown.push(
      ...rows
        .slice(index === Math.max(first, 0) ? skip : 0)
        .slice(0, length - shown.length)
        .map(shownRow),
    );
  }
  return shown;
}

function encodingNotes({ name, bomBytes }: Encoding): string[] {
  if (name === "utf-8") return bomBytes > 0 ? ["UTF-8 with a byte order mark"] : [];
  if (name === "windows-1252") return ['not UTF-8: read as Windows-1252 (load it with encoding="cp1252")'];
  return [`${name.toUpperCase()} (load it with encoding="utf-16")`];
}

function scanProblems({ openQuotes }: Scan, skipped: number): Warning[] {
  const problems: Warning[] = [];
  if (openQuotes.length > 0) {
    const where = openQuotes.map((record) => grouped(record + 1)).join(", ");
    const text = `A quote is opened and never closed in record ${where}: readers that trust quotes swallow the rows behind it.`;
    problems.push({ code: "open_quote", weight: 3, text });
  }
  if (skipped > 0) {
    const text = `${grouped(skipped)} places with rows of more than ${shownBytes(mostBlockBytes)} were counted and not looked into.`;
    problems.push({ code: "huge_rows", weight: 3, text });
  }
  return problems;
}
