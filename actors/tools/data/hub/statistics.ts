// The viewer's statistics of a split, joined with what was seen in a sample of its rows.
import type { Column } from "../../../data/columns.ts";
import type { ColumnStats, Lengths, Spread } from "../../../data/stats.ts";
import { asCount, asList, asObject, asObjects, asText } from "../../../shape.ts";

/** Values that are shown of a distribution. */
const mostTop = 10;

/** The statistics of a split by column. */
export type SplitStatistics = ReadonlyMap<string, Partial<ColumnStats>>;

/** Reads an answer of `/statistics`. */
export function statisticsIn(body: Record<string, unknown>): { rows: number | null; columns: SplitStatistics } {
  const rows = asCount(body.num_examples);
  const columns = new Map<string, Partial<ColumnStats>>();
  for (const entry of asObjects(body.statistics)) {
    const stats = asObject(entry.column_statistics);
    if (stats !== null) columns.set(asText(entry.column_name), oneColumn(asText(entry.column_type), stats));
  }
  return { rows, columns };
}

function oneColumn(type: string, stats: Record<string, unknown>): Partial<ColumnStats> {
  const nulls = (asCount(stats.nan_count) ?? 0) + (asCount(stats.no_label_count) ?? 0);
  const frequencies = asObject(stats.frequencies);
  if (frequencies !== null) {
    const counts = Object.entries(frequencies).flatMap(([value, count]): [string, number][] => {
      const number = asCount(count);
      return number === null ? [] : [[value, number]];
    });
    const top = counts.sort((a, b) => b[1] - a[1]).slice(0, mostTop);
    return { nulls, distinct: asCount(stats.n_unique) ?? counts.length, top };
  }
  const spread = spreadIn(stats);
  if (spread === null) return { nulls };
  if (type === "int" || type === "float") return { nulls, numbers: spread, ...fewIntegers(type, stats) };
  if (type === "string_text" || type === "list") {
    const unit = type === "list" ? "elements" : "characters";
    const { min, max, mean, median } = spread;
    const histogram = histogramIn(stats);
    const [p90, p99] = [0.9, 0.99].map((share) => quantileOf(histogram, share));
    return { nulls, lengths: { unit, min, max, mean, median, p90: p90 ?? null, p99: p99 ?? null } satisfies Lengths };
  }
  return { nulls };
}

/** Bins, each from an edge to the next one; the last bin includes its upper edge. */
interface Histogram {
  counts: number[];
  edges: number[];
}

function histogramIn(stats: Record<string, unknown>): Histogram | null {
  const histogram = asObject(stats.histogram);
  const numbers = (value: unknown) => asList(value).filter((each): each is number => typeof each === "number");
  const counts = numbers(histogram?.hist);
  const edges = numbers(histogram?.bin_edges);
  return counts.length > 0 && edges.length === counts.length + 1 ? { counts, edges } : null;
}

/** The value that a share of all does not exceed, taken within its bin as if values lay evenly there. */
function quantileOf(histogram: Histogram | null, share: number): number | null {
  if (histogram === null) return null;
  const { counts, edges } = histogram;
  const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
  let before = 0;
  for (const [index, count] of counts.entries()) {
    const [low = 0, high = 0] = edges.slice(index, index + 2);
    if (before + count >= wanted && count > 0) return Math.round(low + ((wanted - before) / count) * (high - low));
    before += count;
  }
  return null;
}

/** A whole-number column whose histogram has a bin for each value is a distribution of few values. */
function fewIntegers(type: string, stats: Record<string, unknown>): Partial<ColumnStats> {
  const histogram = histogramIn(stats);
  if (type !== "int" || histogram === null) return {};
  const { counts, edges } = histogram;
  const starts = edges.slice(0, -1);
  const isEach = starts.every((edge, index) => index === 0 || edge === (starts[index - 1] ?? 0) + 1);
  // A last bin that is wider than its value holds two.
  if (!isEach || edges.at(-1) !== starts.at(-1)) return {};
  const present = counts
    .map((count, index): [string, number] => [String(edges[index]), count])
    .filter(([, count]) => count > 0);
  return { distinct: present.length, top: present.sort((a, b) => b[1] - a[1]).slice(0, mostTop) };
}

function spreadIn(stats: Record<string, unknown>): Spread | null {
  const min = asCount(stats.min);
  const max = asCount(stats.max);
  const mean = asCount(stats.mean);
  if (min === null || max === null || mean === null) return null;
  return { min, max, mean, median: asCount(stats.median), std: asCount(stats.std) };
}

/** A column of which nothing was seen. */
function unseen({ name, type }: Column): ColumnStats {
  return {
    name,
    type,
    rows: 0,
    nulls: 0,
    blank: 0,
    distinct: null,
    unique: false,
    top: null,
    numbers: null,
    lengths: null,
    mixed: [],
    checked: 0,
    faults: {},
    chat: null,
  };
}

/** The columns in the order of the schema: statistics of the whole split where there are some, else of the sample. */
export function joined(
  columns: readonly Column[],
  sampled: readonly ColumnStats[],
  { rows, columns: statistics }: { rows: number | null; columns: SplitStatistics },
): ColumnStats[] {
  const bySample = new Map(sampled.map((column) => [column.name, column]));
  return columns.map((column) => {
    const sample = { ...(bySample.get(column.name) ?? unseen(column)), type: column.type };
    const stated = statistics.get(column.name);
    if (sample.type.kind === "label" && sample.top !== null) sample.top = namedClasses(sample.top, sample.type.names);
    if (stated === undefined || rows === null) return sample;
    const distinct = stated.distinct ?? null;
    const unique = sample.unique && distinct === null;
    // Blanks were counted among the sample's rows only.
    const blank = sample.rows === 0 ? 0 : Math.round((sample.blank * rows) / sample.rows);
    const lengths = stated.lengths ?? (stated.top === undefined ? sample.lengths : null);
    return { ...sample, ...stated, lengths, rows, blank, unique, distinct, top: stated.top ?? null };
  });
}

/** Classes come as numbers in rows and by name in statistics. */
function namedClasses(top: [string, number][], names: readonly string[]): [string, number][] {
  return top.map(([value, count]) => [names[Number(value)] ?? value, count]);
}
