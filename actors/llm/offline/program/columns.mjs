// What each column of a table is: numbers, dates or categories, and which columns cannot help to predict anything.

const MISSING = new Set([
  "",
  "na",
  "n/a",
  "#n/a",
  "nan",
  "null",
  "none",
  "nil",
  "?",
  "-",
  "--",
  ".",
  "missing",
  "unknown",
]);
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;
const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/;
const DAY_MS = 86_400_000;
/** A column counts as numbers when at least this share of its filled cells are. */
const NUMERIC_SHARE = 0.95;
const ID_NAME = /(^|[_\s-])(id|ids|uuid|guid|index|idx|row|rownum|row_number|key)$|^(unnamed.*|column_1)$/i;

/** Whether a cell holds no value. */
export function isMissing(cell) {
  return MISSING.has(cell.toLowerCase());
}

/** The number in a cell (currency and percent signs, thousands and decimal commas allowed), or NaN. */
export function toNumber(cell, delimiter = ",") {
  const text = cell.replace(/^[$€£]\s*/, "").replace(/\s*%$/, "");
  if (PLAIN.test(text)) return Number(text);
  if (delimiter !== "," && DECIMAL_COMMA.test(text)) return Number(text.replace(",", "."));
  if (THOUSANDS.test(text)) return Number(text.replaceAll(",", ""));
  return Number.NaN;
}

/** Days since 1970 (UTC) of an ISO date, or NaN. */
function toDays(cell) {
  if (!DATE.test(cell)) return Number.NaN;
  const iso = cell.replace(" ", "T");
  return Date.parse(iso.length > 10 && !iso.endsWith("Z") ? `${iso}Z` : iso) / DAY_MS;
}

function asNumbers(name, type, cells, convert, missing) {
  const numbers = Float64Array.from(cells, (cell) => (isMissing(cell) ? Number.NaN : convert(cell)));
  const filled = numbers.filter((value) => !Number.isNaN(value));
  return {
    name,
    type,
    numbers,
    missing: cells.length - filled.length,
    odd: cells.length - filled.length - missing,
    unique: new Set(filled).size,
  };
}

/**
 * Describes one column. Numbers and dates come as `numbers` (NaN: missing), categories as `codes` into `levels`
 * (-1: missing), levels ordered from the most frequent.
 */
export function describeColumn(name, cells, delimiter) {
  const filled = cells.filter((cell) => !isMissing(cell));
  const missing = cells.length - filled.length;
  const share = (convert) => filled.filter((cell) => !Number.isNaN(convert(cell))).length / filled.length;
  const number = (cell) => toNumber(cell, delimiter);
  if (filled.length > 0 && share(number) >= NUMERIC_SHARE) return asNumbers(name, "number", cells, number, missing);
  if (filled.length > 0 && share(toDays) === 1) return asNumbers(name, "date", cells, toDays, missing);
  const counts = new Map();
  for (const cell of filled) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const levels = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const codes = Int32Array.from(cells, (cell) => codeOf.get(cell) ?? -1);
  return { name, type: "category", codes, levels, missing, odd: 0, unique: levels.length };
}

/** Describes every column of a table. */
export function describeColumns(table) {
  return table.names.map((name, index) =>
    describeColumn(
      name,
      table.rows.map((row) => row[index]),
      table.delimiter,
    ),
  );
}

function isCounter(numbers) {
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
  return sorted.every((value, index) => index === 0 || value - sorted[index - 1] === 1);
}

/** Why a column cannot serve as a feature, or null when it can. `rows` is the number of rows of the table. */
export function uselessBecause(column, rows) {
  const filled = rows - column.missing;
  if (filled === 0) return "empty";
  if (column.unique < 2) return "constant";
  if (rows < 20) return null;
  const allDifferent = column.unique === filled;
  if (column.type === "number" && allDifferent) {
    const whole = column.numbers.every((value) => Number.isNaN(value) || Number.isInteger(value));
    if (whole && (ID_NAME.test(column.name) || isCounter(column.numbers))) return "an identifier";
  }
  if (column.type === "category") {
    if (allDifferent) return "different in every row: an identifier or free text";
    if (column.unique > 0.5 * filled) return "free text or nearly unique values";
  }
  return null;
}

/** Whether two columns say the same in every row. */
export function sameContent(a, b) {
  if (a.type !== b.type) return false;
  if (a.numbers) return a.numbers.every((value, row) => Object.is(value, b.numbers[row]));
  return a.codes.every((code, row) => a.levels[code] === b.levels[b.codes[row]]);
}
