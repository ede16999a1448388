// Measurements of running commands, without changing what an earlier model holds: the collector works in place, so it
// is given a copy of just what it may touch.
import { readBar } from "../text/metrics/bar.ts";
import { addOutput, emptyMetrics, endOutput, type Metrics, progressOf } from "../text/metrics/collect.ts";
import { maxBuckets, type Series } from "../text/metrics/series.ts";

export type { Progress } from "../text/metrics/bar.ts";
export type { Metrics } from "../text/metrics/collect.ts";
export type { Series } from "../text/metrics/series.ts";

/** What reads measurements out of output. `add` and `end` change what they are given; `text` may be cut anywhere. */
export interface Meter {
  empty(): Metrics;
  add(metrics: Metrics, text: string): void;
  end(metrics: Metrics): void;
  progress(metrics: Metrics): ReturnType<typeof progressOf>;
  /** Whether a line is a progress bar, which the next one overwrites. */
  isBar(line: string): boolean;
}

/** The product's own. */
export const productMeter: Meter = {
  empty: emptyMetrics,
  add: (metrics, text) => void addOutput(metrics, text),
  end: (metrics) => void endOutput(metrics),
  progress: progressOf,
  isBar: (line) => readBar(line) !== null,
};

/** The most values that one line gives. */
const valuesOfLine = 64;

/** Measures a piece of output. What was measured before stays as it is. */
export function measured(meter: Meter, before: Metrics, text: string): Metrics {
  const metrics = copyOf(before, text);
  meter.add(metrics, text);
  return metrics;
}

/** Measures what came last, once nothing follows. */
export function measuredToEnd(meter: Meter, before: Metrics): Metrics {
  if (before.pending === "") return before;
  const metrics = copyOf(before, "");
  meter.end(metrics);
  return metrics;
}

/** A copy that can be added to. The last bucket of a series is filled in place, and all of them once it is full. */
function copyOf(metrics: Metrics, text: string): Metrics {
  let lines = 1;
  for (const character of text) if (character === "\n" || character === "\r") lines += 1;
  const series = new Map<string, Series>();
  for (const [name, one] of metrics.series) series.set(name, copyOfSeries(one, lines * valuesOfLine));
  return { ...metrics, series };
}

function copyOfSeries(series: Series, mostPoints: number): Series {
  const { buckets } = series;
  const mayHalve = buckets.length + mostPoints >= maxBuckets;
  const copied = mayHalve ? buckets.map((bucket) => ({ ...bucket })) : buckets.slice();
  const last = buckets.at(-1);
  if (last !== undefined) copied[copied.length - 1] = { ...last };
  return { ...series, buckets: copied };
}
