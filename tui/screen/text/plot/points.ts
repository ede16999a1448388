// What a chart draws: a series as points that each stand for one or more neighbouring measurements.
import type { Series } from "../metrics/series.ts";

/** One place of a line. Where all that it stands for was NaN or infinite, the values are NaN. */
export interface Point {
  x: number;
  min: number;
  max: number;
  mean: number;
  /** Values at this place that were NaN or infinite. */
  broken: number;
}

/** A line of a chart. */
export interface Line {
  name: string;
  points: readonly Point[];
}

/** A series as a line. */
export function lineOf(series: Series): Line {
  const points = series.buckets.map(({ from, to, min, max, sum, finite, broken }) =>
    finite === 0
      ? { x: (from + to) / 2, min: Number.NaN, max: Number.NaN, mean: Number.NaN, broken }
      : { x: (from + to) / 2, min, max, mean: sum / finite, broken },
  );
  return { name: series.name, points };
}

/** Plain values as a line; the nth is at `x[n]`, or at n. */
export function lineOfValues(name: string, values: readonly number[], x?: readonly number[]): Line {
  const points = values.map((value, index) => {
    const place = x?.[index] ?? index;
    if (Number.isFinite(value)) return { x: place, min: value, max: value, mean: value, broken: 0 };
    return { x: place, min: Number.NaN, max: Number.NaN, mean: Number.NaN, broken: 1 };
  });
  return { name, points };
}

/**
 * The exponential moving average: each value weighs `1 - weight` of what comes in. Corrected for its beginning, so that
 * the first values do not pull it towards nought. What is no number is left out of it and stays marked.
 */
export function smoothed(line: Line, weight: number): Line {
  const keep = Math.min(0.9999, Math.max(0, weight));
  let sum = 0;
  let share = 0;
  const points = line.points.map((point) => {
    if (!Number.isFinite(point.mean)) return point;
    sum = keep * sum + (1 - keep) * point.mean;
    share = keep * share + (1 - keep);
    const value = sum / share;
    return { ...point, min: value, max: value, mean: value };
  });
  return { name: line.name, points };
}
