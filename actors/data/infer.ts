// The types of values that come without a schema.
import { type ColumnType, mergeTypes } from "./columns.ts";

/** Elements of a list that are looked at for its type. */
const mostElements = 50;
const mostDepth = 12;

/** A moment as files write it: a date, or a date with a time. */
const moment = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Whether a text is a date, or a date with a time. */
export function isMoment(text: string): boolean {
  return text.length >= 10 && text.length <= 35 && moment.test(text);
}

/** The type of a JSON value, or of what Parquet yields. */
export function typeOfValue(value: unknown, depth = 0): ColumnType {
  if (value === null || value === undefined) return { kind: "null" };
  if (typeof value === "string") return { kind: "text" };
  if (typeof value === "boolean") return { kind: "bool" };
  if (typeof value === "bigint") return { kind: "integer" };
  if (typeof value === "number") return { kind: Number.isInteger(value) ? "integer" : "float" };
  if (value instanceof Date) return { kind: "datetime" };
  if (ArrayBuffer.isView(value)) return { kind: "binary" };
  if (depth > mostDepth) return { kind: "unknown" };
  if (Array.isArray(value)) {
    const types = value.slice(0, mostElements).map((element) => typeOfValue(element, depth + 1));
    return { kind: "list", of: types.reduce(mergeTypes, { kind: "null" }) };
  }
  const fields = Object.entries(value as object).slice(0, 200);
  return { kind: "object", fields: fields.map(([name, of]) => ({ name, type: typeOfValue(of, depth + 1) })) };
}

/** Texts that stand for "no value" in tables, in lower case; pandas reads them so as well. */
const nothing = new Set(["", "na", "n/a", "nan", "null", "none", "<na>", "#n/a"]);

/** Whether the text of a cell stands for "no value". */
export function isNothing(text: string): boolean {
  return text.length <= 4 && nothing.has(text.trim().toLowerCase());
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** A number with zeros before it is a code (postal, account), not a quantity. */
const code = /^[+-]?0\d/;

/** What the text of a cell stands for: a number, a truth value, null, or the text itself. */
export function valueOfCell(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0);
  const isLong = text.length > 32;
  // Most cells of texts are told apart by their length or their first character.
  if (isLong) return text;
  if (isNothing(text)) return null;
  const mayBeNumber = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46 || first === 32;
  if (mayBeNumber) {
    const trimmed = text.trim();
    if (decimal.test(trimmed) && !code.test(trimmed)) return Number(trimmed);
    return text;
  }
  if (text === "true" || text === "True" || text === "TRUE") return true;
  if (text === "false" || text === "False" || text === "FALSE") return false;
  return text;
}
