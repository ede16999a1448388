// Measurements in the output of commands.
export type { Progress } from "./metrics/bar.ts";
export { addOutput, emptyMetrics, endOutput, type Metrics, maxSeries, progressOf } from "./metrics/collect.ts";
export { type Reading, readLine } from "./metrics/line.ts";
export { type Bucket, maxBuckets, type Series } from "./metrics/series.ts";
