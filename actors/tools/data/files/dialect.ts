// How a text file writes its table: encoding, delimiter, quotes, header. Found from its beginning.
import { isUtf8 } from "node:buffer";
import { parse } from "csv-parse/sync";
import { isNothing, valueOfCell } from "../../../data/infer.ts";
import { ToolError } from "../../errors.ts";
import { kindOfBytes, sampleBytes, type TextEncoding } from "../../files/kind.ts";
import { type Source, slice } from "./source.ts";

/** Bytes of the beginning that are looked at. */
const headBytes = 256 * 1024;

/** What the text of a table is written in. */
export interface Encoding {
  name: TextEncoding | "windows-1252";
  /** Bytes of the byte order mark. */
  bomBytes: number;
  /** Bytes of a character of ASCII, and which of them says which. */
  width: 1 | 2;
  low: 0 | 1;
}

/** How a CSV file is written. */
export interface CsvDialect {
  delimiter: string;
  /** Ends a line: `\n` (also with `\r` before it), or `\r` alone. */
  newline: "\n" | "\r";
  hasHeader: boolean;
  names: string[];
}

/** The encoding of a text. Throws `BINARY` for what is none, whatever the file is called. */
export function encodingOf(source: Source): Encoding {
  const head = slice(source, 0, headBytes);
  const kind = kindOfBytes(head.subarray(0, sampleBytes));
  if (kind.kind === "text" && kind.encoding !== "utf-8") {
    return { name: kind.encoding, bomBytes: kind.bomBytes, width: 2, low: kind.encoding === "utf-16le" ? 0 : 1 };
  }
  if (kind.kind !== "text" && !isNearlyText(head, kind)) {
    const what = kind.kind === "image" ? kind.mediaType : kind.type;
    throw new ToolError("BINARY", `It is no text: ${what}.`, "Unpack or convert it first, with bash.");
  }
  const bomBytes = kind.kind === "text" ? kind.bomBytes : 0;
  // The end of the part may cut a character in two.
  const whole = source.size > head.length ? head.subarray(0, Math.max(0, head.lastIndexOf(10))) : head;
  return { name: isUtf8(whole) ? "utf-8" : "windows-1252", bomBytes, width: 1, low: 0 };
}

/** Whether bytes are text but for some stray zeros. */
function isNearlyText(head: Buffer, kind: ReturnType<typeof kindOfBytes>): boolean {
  if (kind.kind !== "binary" || kind.type !== "unknown binary data") return false;
  let strange = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32)) strange += 1;
  return strange / head.length < 0.02;
}

/** The text of bytes. What is not valid UTF-8 is read as Windows-1252. */
export function decode(bytes: Buffer, { name }: Encoding): string {
  if (name === "utf-8") return isUtf8(bytes) ? bytes.toString("utf8") : new TextDecoder("windows-1252").decode(bytes);
  return new TextDecoder(name === "latin1" ? "windows-1252" : name).decode(bytes);
}

const delimiters = [",", "\t", ";", "|"];

/** How a CSV file is written, by its beginning. Throws `BAD_ARGUMENTS` when it is empty. */
export function csvDialect(source: Source, encoding: Encoding, path: string): CsvDialect {
  const bytes = slice(source, encoding.bomBytes, headBytes);
  const text = decode(bytes.subarray(0, bytes.length - (bytes.length % encoding.width)), encoding);
  if (text.trim() === "") throw new ToolError("BAD_ARGUMENTS", "The file is empty.");
  const newline = !text.includes("\n") && text.includes("\r") ? "\r" : "\n";
  const isWhole = source.size - encoding.bomBytes <= bytes.length;
  const preferred = /\.(tsv|tab)(\.gz)?$/i.test(path) ? "\t" : ",";
  const tried = delimiters.map((delimiter) => {
    const rows = someRows(text, delimiter, isWhole);
    return { delimiter, rows, score: scoreOf(rows) + (delimiter === preferred ? 0.05 : 0) };
  });
  const best = tried.reduce((a, b) => (b.score > a.score ? b : a));
  const { score, rows } = best;
  const delimiter = score < 1 ? preferred : best.delimiter;
  const [first = [], ...rest] = rows;
  const hasHeader = isHeader(first, rest);
  const names = hasHeader ? unique(first) : first.map((_, index) => `column_${index + 1}`);
  return { delimiter, newline, hasHeader, names };
}

/** Rows of the beginning; without the last one, which may be cut. */
function someRows(text: string, delimiter: string, isWhole: boolean): string[][] {
  const rows = parseRows(text.slice(0, 64 * 1024), delimiter, { to: 200 });
  return isWhole && text.length <= 64 * 1024 ? rows : rows.length > 1 ? rows.slice(0, -1) : rows;
}

/**
 * How well a delimiter explains rows: the share of rows with as many cells as most have, if these are more than one.
 * That the first row has as many counts most, for a delimiter within texts seldom stands in a header as well.
 */
function scoreOf(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [cells = 0, count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const agrees = rows[0]?.length === cells ? 1 : 0;
  return cells < 2 ? 0 : count / rows.length + agrees + Math.min(cells, 10) / 100;
}

/** Whether the first row names columns: no values in it, none empty but perhaps the first, none twice. */
function isHeader(first: readonly string[], rest: readonly string[][]): boolean {
  const named = first.filter((cell) => typeof valueOfCell(cell.trim()) === "string");
  const isPlain =
    named.length >= first.length - 1 && named.length > 0 && first.slice(1).every((cell) => !isNothing(cell));
  if (!isPlain || first.some((cell) => cell.length > 200)) return false;
  // Texts under texts: a header does not come again, and is no sentence.
  const repeats = rest.some((row) => row.length === first.length && row.every((cell, index) => cell === first[index]));
  return rest.length === 0 || !repeats;
}

function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}.${before}`;
  });
}

/** Parses CSV. Quotes that are never closed are read as plain characters. */
export function parseRows(text: string, delimiter: string, more: { to?: number } = {}): string[][] {
  const options = { delimiter, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, ...more };
  try {
    return parse(text, options) as unknown as string[][];
  } catch {
    return parse(text, { ...options, quote: null }) as unknown as string[][];
  }
}
