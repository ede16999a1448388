// A short description of a table and of the task it poses, as plain data.
import { round } from "./metrics.mjs";

/** Columns that are described one by one; of wider tables the first ones. */
const SHOWN = 30;

function summary(column) {
  if (!column.numbers)
    return {
      name: column.name,
      type: column.type,
      missing: column.missing,
      unique: column.unique,
      top: column.levels.slice(0, 3),
    };
  const filled = column.numbers.filter((value) => !Number.isNaN(value));
  const mean = filled.reduce((sum, value) => sum + value / filled.length, 0);
  const min = filled.reduce((low, value) => Math.min(low, value));
  const max = filled.reduce((high, value) => Math.max(high, value));
  return {
    name: column.name,
    type: column.type,
    missing: column.missing,
    unique: column.unique,
    min: round(min),
    mean: round(mean),
    max: round(max),
  };
}

/** Describes the table and its task: sizes, target, features, what is left out and why. */
export function profile(table, dataset) {
  return {
    rows: table.rows.length,
    columns: table.names.length,
    usable: dataset.rows.length,
    delimiter: table.delimiter,
    header: table.header,
    target: dataset.target,
    kind: dataset.kind,
    classes: dataset.classes.map((name, code) => ({ name: name.slice(0, 60), rows: dataset.counts[code] })),
    features: dataset.features.length,
    shown: dataset.features.slice(0, SHOWN).map(summary),
    dropped: dataset.dropped.slice(0, SHOWN),
    notices: dataset.notices,
  };
}
