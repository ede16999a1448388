// The measurements of one command, gathered from its output as it comes. Plain data with a fixed upper size.
import { type Progress, readBar } from "./bar.ts";
import { readLine } from "./line.ts";
import { addPoint, emptySeries, type Series } from "./series.ts";

/** The most series of one command; points of further ones are counted and dropped. */
export const maxSeries = 64;
/** Characters of a line that are kept while its end is still to come. */
const maxPending = 4_096;

/** What a command has measured so far. */
export interface Metrics {
  /** In the order in which they first appeared. */
  series: Map<string, Series>;
  /** Where the thing stands that reported last; null when nothing did. */
  progress: Progress | null;
  /** Points that were dropped because there were too many series. */
  dropped: number;
  /** The step of the largest progress bar, for measurements that do not name theirs. */
  bar: { done: number; total: number } | null;
  /** A line whose end is still to come. */
  pending: string;
}

/** Nothing measured yet. */
export function emptyMetrics(): Metrics {
  return { series: new Map(), progress: null, dropped: 0, bar: null, pending: "" };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor movements of the program's own.
const escapes = /\u001b(?:\[[\d;:?]{0,32}[ -/]{0,4}[@-~]|[@-Z\\-_])/g;

/**
 * Adds output of the command, cut anywhere. Lines end with a line feed, a carriage return or both. Answers whether
 * anything has changed.
 */
export function addOutput(metrics: Metrics, text: string): boolean {
  let changed = false;
  let at = 0;
  for (const { index } of text.matchAll(/[\r\n]/g)) {
    const line = joined(metrics.pending, text, at, index);
    metrics.pending = "";
    at = index + 1;
    if (line !== "") changed = takeLine(metrics, line.replace(escapes, "")) || changed;
  }
  metrics.pending = joined(metrics.pending, text, at, text.length);
  return changed;
}

/** The output has ended: what came last is a line too. */
export function endOutput(metrics: Metrics): boolean {
  const line = metrics.pending;
  metrics.pending = "";
  return line !== "" && takeLine(metrics, line.replace(escapes, ""));
}

/**
 * Where the command stands by now: a bar is redrawn from the start of its line, so the newest is on a line that has
 * not ended.
 */
export function progressOf(metrics: Metrics): Progress | null {
  const open = metrics.pending.endsWith("]") ? readBar(metrics.pending.replace(escapes, "")) : null;
  return open?.progress ?? metrics.progress;
}

function joined(pending: string, text: string, from: number, to: number): string {
  return pending + text.slice(from, Math.min(to, from + maxPending - pending.length));
}

function takeLine(metrics: Metrics, line: string): boolean {
  const said = readLine(line);
  if (said === null) return false;
  if (said.progress !== null) {
    metrics.progress = said.progress;
    const { done, total, unit } = said.progress;
    // Bars of downloads and of a short evaluation do not count the steps of the training.
    if (total !== null && unit !== "B" && unit !== "epoch" && total >= (metrics.bar?.total ?? 0)) {
      metrics.bar = { done, total };
    }
  }
  for (const [name, value] of said.values) {
    const series = seriesOf(metrics, name);
    if (series === null) metrics.dropped += 1;
    else addPoint(series, said.step ?? metrics.bar?.done ?? series.count, value);
  }
  return true;
}

function seriesOf(metrics: Metrics, name: string): Series | null {
  const known = metrics.series.get(name);
  if (known !== undefined) return known;
  if (metrics.series.size >= maxSeries) return null;
  const series = emptySeries(name);
  metrics.series.set(name, series);
  return series;
}
