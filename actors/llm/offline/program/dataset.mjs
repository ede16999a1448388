// From a table to a prediction task: which column is the target, which kind of task it is, which columns are features.

import { describeColumns, sameContent, uselessBecause } from "./columns.mjs";
import { TableError } from "./csv.mjs";
import { randomFrom, shuffled } from "./random.mjs";

const MAX_ROWS = 100_000;
const MAX_FEATURES = 300;
const MAX_CLASSES = 50;
/** A class needs a row each for training, validation and test. */
const MIN_CLASS_ROWS = 3;
const MIN_ROWS = 8;
const USUAL_TARGETS = ["target", "label", "class", "y", "outcome", "response", "species", "diagnosis"];

const normal = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/**
 * The column that a wish names: the whole text, else its longest run of leading words that is a name ("the petal width
 * from it" finds `petal_width`); "last column" and "first column" count. Returns -1 when there is none.
 */
export function findColumn(names, wish) {
  const exact = names.indexOf(wish);
  if (exact >= 0) return exact;
  const known = names.map(normal);
  const words = normal(wish)
    .split(" ")
    .filter((word, index) => index > 0 || !["the", "a", "an"].includes(word));
  for (const start of ["column", "variable"].includes(words[0]) ? [0, 1] : [0]) {
    for (let end = words.length; end > start; end--) {
      const found = known.indexOf(words.slice(start, end).join(" "));
      if (found >= 0) return found;
    }
  }
  if (words[0] === "last" && words[1] === "column") return names.length - 1;
  if (words[0] === "first" && words[1] === "column") return 0;
  return -1;
}

/** Whether numbers are labels: whole, and few different ones for the number of rows. */
function looksLikeLabels(column, rows) {
  const whole = column.numbers.every((value) => Number.isNaN(value) || Number.isInteger(value));
  return whole && column.unique <= Math.max(2, Math.min(20, Math.floor(rows / 10)));
}

function kindOf(column, rows) {
  if (column.type === "category") return column.unique <= MAX_CLASSES ? "classification" : null;
  return column.type === "number" && looksLikeLabels(column, rows) ? "classification" : "regression";
}

function chooseTarget(columns, rows, wish, must, notices) {
  if (wish) {
    const found = findColumn(
      columns.map((column) => column.name),
      wish,
    );
    if (found >= 0) return found;
    if (must) {
      throw new TableError(
        "no_target",
        `it has no column "${wish}"; the columns are: ${columns
          .map((column) => column.name)
          .slice(0, 60)
          .join(", ")}`,
      );
    }
  }
  const none = wish ? `"${wish}" names no column` : "No target was named";
  const usable = (index) => uselessBecause(columns[index], rows) === null && kindOf(columns[index], rows) !== null;
  for (const name of USUAL_TARGETS) {
    const found = columns.findIndex((column) => normal(column.name) === name);
    if (found >= 0 && usable(found)) {
      notices.push(`${none}; "${columns[found].name}" is taken for its name.`);
      return found;
    }
  }
  for (let index = columns.length - 1; index >= 0; index--) {
    if (!usable(index)) continue;
    const last = index === columns.length - 1 ? "the last column" : "the last column that can be predicted";
    notices.push(`${none}; "${columns[index].name}" is taken because it is ${last}.`);
    return index;
  }
  throw new TableError(
    "no_target",
    "no column can serve as a target: all are constant, empty, identifiers or free text",
  );
}

/** The labels of a column as text, in a stable order: numeric where they are numbers. */
function labelsOf(column) {
  if (column.type === "category") return { levels: column.levels, of: (row) => column.codes[row] };
  const values = [...new Set(column.numbers.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
  const codes = new Map(values.map((value, code) => [value, code]));
  return { levels: values.map(String), of: (row) => codes.get(column.numbers[row]) ?? -1 };
}

function classTarget(column, rows, notices) {
  const { levels, of } = labelsOf(column);
  if (levels.length > MAX_CLASSES) {
    throw new TableError(
      "no_target",
      `"${column.name}" has ${levels.length} different values; at most ${MAX_CLASSES} classes are possible`,
    );
  }
  const counts = new Array(levels.length).fill(0);
  for (const row of rows) if (of(row) >= 0) counts[of(row)]++;
  const kept = levels.map((_, code) => code).filter((code) => counts[code] >= MIN_CLASS_ROWS);
  const rare = levels.filter((_, code) => counts[code] < MIN_CLASS_ROWS && counts[code] > 0);
  if (rare.length > 0)
    notices.push(`Classes with fewer than ${MIN_CLASS_ROWS} rows are left out: ${rare.slice(0, 10).join(", ")}.`);
  if (kept.length < 2)
    throw new TableError("no_target", `"${column.name}" has fewer than two classes with ${MIN_CLASS_ROWS} rows each`);
  kept.sort((a, b) => (column.type === "number" ? a - b : levels[a] < levels[b] ? -1 : 1));
  const newCode = new Map(kept.map((code, index) => [code, index]));
  const usable = rows.filter((row) => newCode.has(of(row)));
  const y = new Int32Array(column.type === "number" ? column.numbers.length : column.codes.length);
  for (const row of usable) y[row] = newCode.get(of(row));
  return {
    kind: "classification",
    classes: kept.map((code) => levels[code]),
    counts: kept.map((code) => counts[code]),
    y,
    rows: usable,
  };
}

function numberTarget(column, rows) {
  if (column.type === "category")
    throw new TableError("no_target", `"${column.name}" is no number: it cannot be a regression target`);
  return {
    kind: "regression",
    classes: [],
    counts: [],
    y: column.numbers,
    rows: rows.filter((row) => !Number.isNaN(column.numbers[row])),
  };
}

function chooseFeatures(columns, target, rows, notices) {
  const features = [];
  const dropped = [];
  columns.forEach((column, index) => {
    if (index === target) return;
    const reason =
      uselessBecause(column, rows) ?? (sameContent(column, columns[target]) ? "a copy of the target" : null);
    if (reason !== null) dropped.push({ name: column.name, reason });
    else if (features.length >= MAX_FEATURES)
      dropped.push({ name: column.name, reason: `beyond the first ${MAX_FEATURES} features` });
    else features.push(column);
    if (reason === null && column.odd > 0)
      notices.push(`"${column.name}": ${column.odd} cells are no numbers and count as missing.`);
  });
  if (features.length === 0) throw new TableError("no_features", "no column is left to predict from");
  return { features, dropped };
}

/**
 * Makes the task of a table. `target` is a wish in words; with `must` it has to be found. `kind` forces
 * classification or regression. Answers `{ target, kind, classes, counts, y, rows, features, dropped, notices }`, where
 * `rows` are the indices of usable rows.
 */
export function makeDataset(table, { target = "", must = false, kind = null } = {}) {
  if (table.names.length < 2) throw new TableError("one_column", "it has one column only");
  const notices = [];
  if (table.ragged > 0)
    notices.push(`${table.ragged} rows had too few or too many fields; missing ones count as missing values.`);
  const columns = describeColumns(table);
  const count = table.rows.length;
  const index = chooseTarget(columns, count, target, must, notices);
  const column = columns[index];
  let rows = Array.from({ length: count }, (_, row) => row);
  if (count > MAX_ROWS) {
    rows = shuffled(rows, randomFrom("rows"))
      .slice(0, MAX_ROWS)
      .sort((a, b) => a - b);
    notices.push(`Of ${count} rows a random ${MAX_ROWS} are used.`);
  }
  const wanted = kind ?? kindOf(column, count) ?? "classification";
  const task = wanted === "classification" ? classTarget(column, rows, notices) : numberTarget(column, rows);
  if (column.missing > 0) notices.push(`${column.missing} rows have no target value and are left out.`);
  if (task.rows.length < MIN_ROWS)
    throw new TableError("too_few_rows", `it has ${task.rows.length} usable rows; at least ${MIN_ROWS} are needed`);
  if (task.kind === "regression" && new Set(task.rows.map((row) => task.y[row])).size < 2)
    throw new TableError("no_target", `"${column.name}" is constant`);
  return { target: column.name, ...task, ...chooseFeatures(columns, index, count, notices), notices };
}
