// From values to dots, and the marks along the axes.
import { figure } from "../words.ts";
import type { Line } from "./points.ts";

/** A stretch of an axis, both ends finite and `from < to`. */
export interface Range {
  from: number;
  to: number;
}

/** What lies in the stretch `x` of the lines, or everywhere; null when there is nothing to draw. `log`: above nought only. */
export function extent(lines: readonly Line[], log: boolean, x: Range | null): { x: Range; y: Range } | null {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { points } of lines) {
    for (const point of points) {
      if (x !== null && (point.x < x.from || point.x > x.to)) continue;
      if (!Number.isFinite(point.x)) continue;
      left = Math.min(left, point.x);
      right = Math.max(right, point.x);
      // False for NaN as well.
      if (!(point.max > (log ? 0 : -Infinity))) continue;
      low = Math.min(low, log && point.min <= 0 ? point.max : point.min);
      high = Math.max(high, point.max);
    }
  }
  if (left > right) return null;
  if (low > high) [low, high] = log ? [1, 10] : [0, 1];
  return {
    x: x ?? widened({ from: left, to: right }),
    y: log ? widenedLog(low, high) : widened({ from: low, to: high }),
  };
}

function widened({ from, to }: Range): Range {
  if (from < to) return { from, to };
  const room = Math.abs(from) * 0.05 || 0.5;
  return { from: from - room, to: to + room };
}

function widenedLog(from: number, to: number): Range {
  return from < to ? { from, to } : { from: from / 2, to: to * 2 };
}

/** Where a value lies in a range, from 0 to 1; outside of it beyond. */
export function placeOf(value: number, { from, to }: Range, log: boolean): number {
  if (!log) return (value - from) / (to - from);
  return Math.log(value / from) / Math.log(to / from);
}

/** A mark of an axis. */
export interface Tick {
  value: number;
  label: string;
}

/** About `wanted` round values within a range, least first; at least two marks, the ends if nothing round fits. */
export function ticks(range: Range, wanted: number, log: boolean): Tick[] {
  const values = log ? powers(range, wanted) : round(range, wanted);
  const list = values.length >= 2 ? values : [range.from, range.to];
  const gap = log ? 0 : Math.abs((list[1] ?? 0) - (list[0] ?? 0));
  return list.map((value) => ({ value, label: values.length >= 2 ? labelOf(value, gap) : figure(value, 3) }));
}

function round(range: Range, wanted: number): number[] {
  const rough = (range.to - range.from) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [0.2, 0.5, 1, 2, 5, 10].map((each) => each * power);
  const first = steps.findIndex((step) => step >= rough * 0.999);
  // One mark does not make a scale: rather one too many than that.
  for (let at = first === -1 ? steps.length - 1 : first; at >= 0; at--) {
    const values = multiples(range, steps[at] ?? power);
    if (values.length >= 2) return values;
  }
  return [];
}

function multiples({ from, to }: Range, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // A range that is tiny beside its values has no marks that a double could tell apart.
  if (!(last - first < 1_000)) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function powers({ from, to }: Range, wanted: number): number[] {
  const all: number[] = [];
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const decades = last - first;
  const steps = decades <= 2 ? [1, 2, 5] : [1];
  const stride = steps.length > 1 ? 1 : Math.max(1, Math.ceil((decades + 1) / Math.max(2, wanted)));
  for (let power = first; power <= last; power += stride) {
    for (const step of steps) {
      const value = step * 10 ** power;
      if (value >= from * 0.999 && value <= to * 1.001) all.push(value);
    }
  }
  return all;
}

/** As many decimals as tell neighbouring marks apart. */
function labelOf(value: number, gap: number): string {
  const size = Math.abs(value);
  if (size > 0 && (size >= 1e6 || size < 1e-3)) return figure(value, 4);
  if (gap === 0) return figure(value, 3);
  const decimals = Math.max(0, -Math.floor(Math.log10(gap) + 1e-9));
  return decimals > 6 ? figure(value, 6) : value.toFixed(decimals);
}
