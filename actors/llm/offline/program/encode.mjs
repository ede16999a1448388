// From columns to a matrix. Everything that is learnt from data (medians, means, levels) is learnt from the rows given
// to `fitEncoder`, which must be training rows only.

/** Levels of a category that get a column of their own; the others share none (all zeros). */
const MAX_LEVELS = 20;

function median(values) {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function numberParts(column, rows) {
  const filled = [];
  for (const row of rows) if (!Number.isNaN(column.numbers[row])) filled.push(column.numbers[row]);
  const middle = median(filled);
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    const value = Number.isNaN(column.numbers[row]) ? middle : column.numbers[row];
    sum += value;
  }
  const mean = sum / rows.length;
  for (const row of rows) {
    const value = Number.isNaN(column.numbers[row]) ? middle : column.numbers[row];
    squares += (value - mean) ** 2;
  }
  const scale = Math.sqrt(squares / rows.length) || 1;
  const value = (row) => ((Number.isNaN(column.numbers[row]) ? middle : column.numbers[row]) - mean) / scale;
  const parts = [{ name: column.name, value }];
  if (filled.length < rows.length) {
    parts.push({ name: `${column.name} is missing`, value: (row) => (Number.isNaN(column.numbers[row]) ? 1 : 0) });
  }
  return parts;
}

function categoryParts(column, rows) {
  const counts = new Map();
  for (const row of rows) counts.set(column.codes[row], (counts.get(column.codes[row]) ?? 0) + 1);
  const codes = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b).slice(0, MAX_LEVELS);
  return codes.map((code) => ({
    name: code < 0 ? `${column.name} is missing` : `${column.name} = ${column.levels[code]}`,
    value: (row) => (column.codes[row] === code ? 1 : 0),
  }));
}

/**
 * Learns an encoding from training rows: numbers standardised with missing ones at the median and flagged, categories
 * one-hot. Answers `{ names, width, encode }`; `encode(rows)` is a row-major Float64Array.
 */
export function fitEncoder(features, rows) {
  const parts = features.flatMap((column) =>
    column.numbers ? numberParts(column, rows) : categoryParts(column, rows),
  );
  const width = parts.length;
  const encode = (wanted) => {
    const matrix = new Float64Array(wanted.length * width);
    for (let part = 0; part < width; part++) {
      const { value } = parts[part];
      for (let row = 0; row < wanted.length; row++) matrix[row * width + part] = value(wanted[row]);
    }
    return matrix;
  };
  return { names: parts.map((part) => part.name), width, encode };
}
