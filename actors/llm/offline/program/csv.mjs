// Reading a table from a text file: encoding, delimiter, quoted fields (RFC 4180) and whether there is a header.
import { readFileSync, statSync } from "node:fs";

/** Files above this are refused: they would not fit into memory as text cells. */
const MAX_BYTES = 200_000_000;
const DELIMITERS = [",", ";", "\t", "|"];
const QUOTE = 34;
const LF = 10;
const CR = 13;

/** Why a file cannot be used. The code is for programs, the message for people. */
export class TableError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Splits text into records of fields. Quoted fields may hold delimiters, doubled quotes and line breaks; blank lines
 * are skipped. Returns null when a quote is never closed.
 */
export function parseRecords(text, delimiter, { limit = Number.POSITIVE_INFINITY, quotes = true } = {}) {
  const separator = delimiter.charCodeAt(0);
  const records = [];
  let at = 0;
  while (at < text.length && records.length < limit) {
    const fields = [];
    for (;;) {
      let quoted = "";
      if (quotes && text.charCodeAt(at) === QUOTE) {
        at++;
        for (;;) {
          const close = text.indexOf('"', at);
          if (close < 0) return null;
          const doubled = text.charCodeAt(close + 1) === QUOTE;
          quoted += text.slice(at, doubled ? close + 1 : close);
          at = close + (doubled ? 2 : 1);
          if (!doubled) break;
        }
      }
      let stop = at;
      let code = text.charCodeAt(stop);
      while (stop < text.length && code !== separator && code !== LF && code !== CR) code = text.charCodeAt(++stop);
      fields.push(quoted + text.slice(at, stop));
      at = stop + 1;
      if (stop < text.length && code === separator) continue;
      if (code === CR && text.charCodeAt(at) === LF) at++;
      break;
    }
    if (fields.length > 1 || fields[0].trim() !== "") records.push(fields);
  }
  return records;
}

/** The width that most records have, and the share of records that have it. */
function usualWidth(records) {
  const counts = new Map();
  for (const record of records) counts.set(record.length, (counts.get(record.length) ?? 0) + 1);
  let width = 0;
  for (const [candidate, count] of counts) if (width === 0 || count > counts.get(width)) width = candidate;
  return { width, share: records.length === 0 ? 0 : counts.get(width) / records.length };
}

/** Finds the delimiter that cuts the first records most evenly into more than one field; null when none does. */
export function sniffDelimiter(text) {
  let best = null;
  for (const delimiter of DELIMITERS) {
    const records =
      parseRecords(text, delimiter, { limit: 200 }) ?? parseRecords(text, delimiter, { limit: 200, quotes: false });
    const { width, share } = usualWidth(records);
    if (width < 2 || share < 0.8) continue;
    if (best === null || share > best.share || (share === best.share && width > best.width))
      best = { delimiter, width, share };
  }
  return best?.delimiter ?? null;
}

const isNumber = (text) => /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?\s*%?$/i.test(text.trim());

/** Whether the first record names the columns: filled, different from each other, no numbers, not seen again below. */
export function hasHeader(records) {
  const names = records[0].map((name) => name.trim());
  if (names.some((name) => name === "" || isNumber(name)) || new Set(names).size < names.length) {
    // An unnamed first column (row names) and repeated names are still a header when all below is numeric.
    const body = records.slice(1, 50);
    const numeric = names.map((_, column) => body.length > 0 && body.every((row) => isNumber(row[column] ?? "")));
    return !names.some(isNumber) && names.some((name, column) => name !== "" && numeric[column]);
  }
  return !names.some((name, column) => records.slice(1, 1000).some((row) => (row[column] ?? "").trim() === name));
}

const MAGIC = [
  ["PK\u0003\u0004", "a ZIP archive or a spreadsheet (.xlsx)"],
  ["PAR1", "a Parquet file"],
  ["\u001f\u008b", "a gzip archive"],
  ["%PDF", "a PDF document"],
  ["SQLite format 3", "an SQLite database"],
  ["\u0089PNG", "a PNG image"],
  ["\u00ff\u00d8\u00ff", "a JPEG image"],
  ["ARROW1", "an Arrow file"],
  ["\u0093NUMPY", "a NumPy array"],
];

/** Decodes UTF-8, UTF-16 with a byte order mark, or else Latin-1; refuses what is not text. */
function decode(bytes) {
  const start = bytes.subarray(0, 16).toString("latin1");
  for (const [magic, name] of MAGIC) {
    if (start.startsWith(magic)) throw new TableError("binary", `it is ${name}, not a text table`);
  }
  if (start.startsWith("\u00ff\u00fe")) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes.subarray(0, 65536).includes(0)) throw new TableError("binary", "it is a binary file, not a text table");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

function refuseOtherText(text) {
  const start = text.trimStart();
  if (start === "") throw new TableError("empty", "the file is empty");
  if (start.startsWith("<")) throw new TableError("markup", "it is HTML or XML, not a table with delimiters");
  if (start.startsWith("{") || start.startsWith("[")) {
    for (const piece of [start, start.split("\n", 1)[0]]) {
      try {
        JSON.parse(piece);
      } catch {
        continue;
      }
      throw new TableError("json", "it is JSON, not a table with delimiters");
    }
  }
}

/** Names for columns: trimmed, filled where empty, made unique. */
function uniqueNames(names) {
  const seen = new Set();
  return names.map((raw, index) => {
    const base = raw.trim().replace(/\s+/g, " ") || `column_${index + 1}`;
    let name = base;
    for (let copy = 2; seen.has(name); copy++) name = `${base}_${copy}`;
    seen.add(name);
    return name;
  });
}

/**
 * Turns text into a table: `{ names, rows, delimiter, header, ragged }`, every row as wide as the names, cells trimmed.
 * Throws a TableError that says what was found instead.
 */
export function parseTable(text) {
  refuseOtherText(text);
  const delimiter = sniffDelimiter(text);
  if (delimiter === null) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const single = lines.every((line) => line.trim().split(/\s+/).length === 1);
    if (single)
      throw new TableError("one_column", `it has one column only (${lines.length} lines without a delimiter)`);
    throw new TableError(
      "prose",
      "its lines do not split into the same number of fields at comma, semicolon, tab or |",
    );
  }
  const records = parseRecords(text, delimiter) ?? parseRecords(text, delimiter, { quotes: false });
  const header = hasHeader(records);
  const { width, share } = usualWidth(records);
  if (share < 0.8) throw new TableError("prose", `only ${Math.round(share * 100)} % of its lines have ${width} fields`);
  const names = uniqueNames(header ? records[0] : records[0].map(() => ""));
  const body = header ? records.slice(1) : records;
  if (body.length === 0) throw new TableError("header_only", `it has a header (${names.join(", ")}) and no rows`);
  let ragged = 0;
  const rows = body.map((record) => {
    if (record.length !== names.length) ragged++;
    return names.map((_, column) => (record[column] ?? "").trim());
  });
  return { names, rows, delimiter, header, ragged };
}

/** Reads and parses a table file. */
export function readTable(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new TableError("missing", "there is no such file");
  if (stat.isDirectory()) throw new TableError("directory", "it is a folder");
  if (stat.size > MAX_BYTES) throw new TableError("too_large", `it has ${stat.size} bytes; the limit is ${MAX_BYTES}`);
  return parseTable(decode(readFileSync(path)));
}
