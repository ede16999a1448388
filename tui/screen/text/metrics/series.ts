// A series of measurements in a memory that does not grow with it: neighbours share a bucket that keeps their least and
// their greatest value, so that no spike is lost however many points there are.

/** The most buckets of a series. Even. */
export const maxBuckets = 4_096;

/** Some neighbouring points of a series. */
export interface Bucket {
  /** The first and the last step. */
  from: number;
  to: number;
  /** Least, greatest and sum of the finite values; `finite` counts them. */
  min: number;
  max: number;
  sum: number;
  finite: number;
  /** Values that were NaN or infinite. */
  broken: number;
}

/** A series. `perBucket` points are in each bucket but the last; the newest value is kept as it is. */
export interface Series {
  name: string;
  buckets: Bucket[];
  perBucket: number;
  count: number;
  last: number;
  lastStep: number;
  /** The least and the greatest finite value ever; NaN before there was one. */
  min: number;
  max: number;
  /** Values that were NaN or infinite. */
  broken: number;
}

/** A series without a point. */
export function emptySeries(name: string): Series {
  const none = Number.NaN;
  return { name, buckets: [], perBucket: 1, count: 0, last: none, lastStep: none, min: none, max: none, broken: 0 };
}

/** Adds a point. Steps may go back, as they do when a training is started over: such a point begins a bucket. */
export function addPoint(series: Series, step: number, value: number): void {
  const finite = Number.isFinite(value);
  const open = series.buckets.at(-1);
  const goesBack = step < series.lastStep;
  if (open !== undefined && !goesBack && open.finite + open.broken < series.perBucket) {
    fill(open, step, value, finite);
  } else {
    if (series.buckets.length >= maxBuckets) halve(series);
    const bucket = { from: step, to: step, min: Infinity, max: -Infinity, sum: 0, finite: 0, broken: 0 };
    fill(bucket, step, value, finite);
    series.buckets.push(bucket);
  }
  series.count += 1;
  series.last = value;
  series.lastStep = step;
  if (!finite) series.broken += 1;
  // The comparisons are false for NaN, so that the first finite value replaces it.
  else {
    if (!(value >= series.min)) series.min = value;
    if (!(value <= series.max)) series.max = value;
  }
}

function fill(bucket: Bucket, step: number, value: number, finite: boolean): void {
  bucket.to = step;
  if (!finite) {
    bucket.broken += 1;
    return;
  }
  bucket.min = Math.min(bucket.min, value);
  bucket.max = Math.max(bucket.max, value);
  bucket.sum += value;
  bucket.finite += 1;
}

/** Makes one bucket of each two; where steps went back, its steps are the least and the greatest of both. */
function halve(series: Series): void {
  const halved: Bucket[] = [];
  for (let at = 0; at < series.buckets.length; at += 2) {
    const one = series.buckets[at];
    const other = series.buckets[at + 1];
    if (one === undefined) break;
    halved.push(one);
    if (other === undefined) break;
    one.from = Math.min(one.from, other.from);
    one.to = Math.max(one.to, other.to);
    one.min = Math.min(one.min, other.min);
    one.max = Math.max(one.max, other.max);
    one.sum += other.sum;
    one.finite += other.finite;
    one.broken += other.broken;
  }
  series.buckets = halved;
  series.perBucket *= 2;
}
