// What the job that is looked at measures: curves that share a scale, and the newest of everything else.
import { oneLine } from "../../../text/neutralise.ts";
import { cutRow } from "../../cells/layout.ts";
import type { Canvas, Span } from "../../cells/types.ts";
import type { Job } from "../../model/facts.ts";
import type { Series } from "../../model/metering.ts";
import { isStalled, jobsInOrder, progressOf, seriesOf } from "../../model/select-jobs.ts";
import type { Model } from "../../model/state.ts";
import { chart, lineOf, seriesSentence, sparkline } from "../../text/plot.ts";
import { figure, rate } from "../../text/words.ts";
import { paintRows, textCells } from "../frame.ts";
import type { JobsUi, Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { shownJob } from "./jobs.ts";

/** Curves in one chart at most: each has a dash of its own. */
const mostCurves = 4;

/** The series that a chart shows: those that the filter names, else the losses, else the first that there is. */
function curvesOf(job: Job, filter: string): Series[] {
  const all = seriesOf(job);
  const wanted = filter.toLowerCase();
  if (wanted !== "") return all.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, mostCurves);
  const losses = all.filter(({ name }) => /loss/i.test(name));
  return (losses.length > 0 ? losses : all.slice(0, 1)).slice(0, mostCurves);
}

/** Points that another run's curve has at the least: fewer say nothing beside this one. */
const fewPoints = 3;

/** A curve of another run, beside the one that is looked at. */
interface Beside {
  readonly job: Job;
  readonly series: Series;
}

/** The same measurement of other runs, the newest first, as far as there is room beside the curves of this one. */
function besideOf(model: Model, job: Job, curves: readonly Series[]): Beside[] {
  const [main] = curves;
  if (main === undefined) return [];
  const others = jobsInOrder(model).flatMap((other): Beside[] => {
    if (other === job) return [];
    const series = seriesOf(other).find(
      ({ name, count }) => metricOf(name) === metricOf(main.name) && count >= fewPoints,
    );
    return series === undefined ? [] : [{ job: other, series }];
  });
  return others.slice(0, Math.max(0, mostCurves - curves.length));
}

/** What was measured, without the words that say whose measurement it is (see text/metrics/line.ts). */
function metricOf(name: string): string {
  return name.split(" ", 1)[0] ?? name;
}

/** What a run is called in a legend: by the words of its measurement, else by its job. */
function runName({ title, tool }: Job, { name }: Series): string {
  const words = name.slice(metricOf(name).length).trim();
  return oneLine(words !== "" ? words : title === "" ? tool : title, 18);
}

/** Whether the job that is looked at measures anything. */
export function hasChart<D>(model: Model, ui: Ui<D>): boolean {
  const job = shownJob(model, ui);
  return job !== null && job.metrics.series.size > 0;
}

/** What is drawn, for a heading. */
export function chartTitle<D>(model: Model, ui: Ui<D>): string {
  const job = shownJob(model, ui);
  const filter = ui.jobs.filter === "" ? "" : ` /${oneLine(ui.jobs.filter, 20)}`;
  const curves = job === null ? [] : curvesOf(job, ui.jobs.filter);
  const beside = job === null ? 0 : besideOf(model, job, curves).length;
  if (beside > 0) return `${oneLine(metricOf(curves[0]?.name ?? ""), 24)} of ${beside + 1} runs${filter}`;
  return job === null ? "curves" : `${oneLine(job.title === "" ? job.tool : job.title, 40)}${filter}`;
}

/** Paints the curves, and below them the newest of what is not drawn. */
export function paintChart<D>(model: Model, ui: Ui<D>, { look }: Rendering, canvas: Canvas): void {
  const job = shownJob(model, ui);
  const curves = job === null ? [] : curvesOf(job, ui.jobs.filter);
  if (job === null || curves.length === 0) {
    canvas.text(1, 0, job === null ? "nothing is measured" : "no series of this name", look.theme.dim);
    return;
  }
  const width = textCells(canvas.width);
  const figures = otherFigures(job, curves, model.screen.now, look.theme.dim, look.theme.warn);
  const height = canvas.height - (figures.length > 0 && canvas.height >= 7 ? 1 : 0);
  if (canvas.height < 5) {
    const rows = curves.map((series) => cutRow([{ text: seriesSentence(series), style: look.theme.text }], width));
    paintRows(canvas, rows, look);
    return;
  }
  const { log, smoothing } = ui.jobs;
  const options = { width, height, log, ema: smoothing, x: stretch(curves, ui.jobs) };
  const beside = besideOf(model, job, curves);
  const own = curves.map((series, index) =>
    beside.length > 0 && index === 0 ? { ...lineOf(series), name: runName(job, series) } : lineOf(series),
  );
  const others = beside.map((one) => ({ ...lineOf(one.series), name: runName(one.job, one.series) }));
  const rows = chart([...own, ...others], options, look);
  paintRows(canvas, height < canvas.height ? [...rows, cutRow(figures, width)] : rows, look);
}

/** The newest share of the steps; null for all of them. */
function stretch(curves: readonly Series[], { share }: JobsUi): { from: number; to: number } | null {
  if (share >= 1) return null;
  const from = Math.min(...curves.map(({ buckets }) => buckets[0]?.from ?? Number.POSITIVE_INFINITY));
  const to = Math.max(...curves.map(({ lastStep }) => lastStep));
  return Number.isFinite(from) && to > from ? { from: to - (to - from) * Math.max(0.001, share), to } : null;
}

function otherFigures(job: Job, curves: readonly Series[], now: number, style: number, warn: number): Span[] {
  const others = seriesOf(job).filter((series) => !curves.includes(series));
  const pace = progressOf(job)?.perSecond ?? null;
  const words = [
    ...others.slice(0, 6).map(({ name, last }) => `${oneLine(name, 20)} ${figure(last, 3)}`),
    ...(pace === null ? [] : [rate(pace)]),
  ];
  const spans: Span[] = words.length === 0 ? [] : [{ text: words.join("  "), style }];
  return isStalled(job, now) ? [{ text: "stalled  ", style: warn }, ...spans] : spans;
}

/** The main curve of a job in a few cells, with its newest value; null when it measures nothing. */
export function curveInShort(job: Job, filter: string, width: number, ascii: boolean): string | null {
  const [series] = curvesOf(job, filter);
  if (series === undefined) return null;
  const means = series.buckets.map(({ sum, finite }) => (finite === 0 ? Number.NaN : sum / finite));
  return `${oneLine(series.name, 16)} ${figure(series.last)} ${sparkline(means, width, ascii)}`.trimEnd();
}
