// A chart for those who hear it.
import { oneLine } from "../../../text/neutralise.ts";
import type { Series } from "../metrics/series.ts";
import { count, figure } from "../words.ts";

/** What share of a series' steps the trend is told of. */
const trendShare = 4;

/**
 * A series in a sentence: `loss 1.284 at step 180, down 0.9% in the last 50 steps, lowest 1.271, highest 2.61; 2 values
 * were not finite.`
 */
export function seriesSentence(series: Series): string {
  const name = oneLine(series.name, 40);
  if (series.count === 0) return `${name}: no points yet.`;
  const parts = [`${name} ${figure(series.last)} at step ${count(series.lastStep)}`];
  const trend = trendOf(series);
  if (trend !== null) parts.push(trend);
  if (series.count > 1 && series.min <= series.max) {
    parts.push(`lowest ${figure(series.min)}`, `highest ${figure(series.max)}`);
  }
  const { broken } = series;
  const gap = broken === 0 ? "" : `; ${count(broken)} ${broken === 1 ? "value was" : "values were"} not finite`;
  return `${parts.join(", ")}${gap}.`;
}

/** How the newest value compares with the one a quarter of the way back. */
function trendOf({ buckets, last, lastStep }: Series): string | null {
  const first = buckets[0];
  if (first === undefined || buckets.length < 2 || !Number.isFinite(last)) return null;
  const from = lastStep - (lastStep - first.from) / trendShare;
  const before = buckets.findLast(({ to, finite }) => to <= from && finite > 0);
  if (before === undefined || before.to >= lastStep) return null;
  const value = before.sum / before.finite;
  const steps = `in the last ${count(lastStep - before.to)} steps`;
  if (value === 0) return last === 0 ? `unchanged ${steps}` : `${last > 0 ? "up" : "down"} from 0 ${steps}`;
  const change = ((last - value) / Math.abs(value)) * 100;
  const size = Math.abs(change);
  if (size < 0.05) return `unchanged ${steps}`;
  return `${change > 0 ? "up" : "down"} ${size.toFixed(size < 10 ? 1 : 0)}% ${steps}`;
}
