// The whole screen from a model and the front's own state. Nothing is kept but laid out rows.
import type { Canvas, Span } from "../cells/types.ts";
import { textWidth } from "../cells/width.ts";
import { heightOf } from "../editor/view.ts";
import type { Model } from "../model/state.ts";
import { asciiCanvas } from "./ascii.ts";
import { type Heading, paintBorder, paintHeaded, ruleRow } from "./frame.ts";
import { type Ground, highlightingOf, isBare, linesStand } from "./ground.ts";
import { type Layout, layoutFor, type Rect, type Side } from "./layout.ts";
import { marksOf } from "./marks.ts";
import { paintActivity, paintPlan, planTitle } from "./panes/activity.ts";
import { chartTitle, hasChart, paintChart } from "./panes/chart.ts";
import { paintCompletion, paintInput } from "./panes/input.ts";
import { jobsHeight } from "./panes/job-rows.ts";
import { jobsTitle, paintJobs, paintLog } from "./panes/jobs.ts";
import { belowSpans, findLabel, paintRule, paintStrip, sessionFacts, sessionTitle } from "./panes/lines.ts";
import { paintQueue, queueHeight } from "./panes/queue.ts";
import { paintProgress } from "./panes/replay.ts";
import { paintStatus } from "./panes/status.ts";
import { paintToasts } from "./toasts.ts";
import { paintTranscript } from "./transcript/paint.ts";
import type { Pane, Ui } from "./ui.ts";
import type { Point, View } from "./view.ts";

/** What a painting answers. */
export interface Painted<D = unknown> {
  /** Where the terminal's caret belongs; null: it is hidden. */
  readonly caret: Point | null;
  /** The uppermost row of the input in sight, for the next painting. */
  readonly editorTop: number;
  /** What may be left standing for the next painting; null: something lies over it. */
  readonly ground: Ground<D> | null;
}

/** Where everything stands on a screen of a size. */
export function layoutOf<D>(model: Model, ui: Ui<D>, width: number, height: number): Layout {
  return layoutFor(width, height, {
    zoom: ui.zoom,
    sides: ui.sides,
    copying: ui.copying,
    inputRows: (cells) => heightOf(ui.editor, cells),
    jobs: jobsHeight(model.jobs),
    plan: model.plan.length,
    chart: hasChart(model, ui),
    queue: queueHeight(model),
  });
}

/**
 * Paints everything, on a blank canvas. `standing`: the canvas shows a frame whose ground {@link stands}, and which had
 * nothing else on it; then only the lines at the input are painted.
 */
export function paint<D>(
  model: Model,
  ui: Ui<D>,
  view: View<D>,
  target: Canvas,
  standing: Ground<D> | null = null,
): Painted<D> {
  const { look } = view;
  const canvas = look.ascii === true ? asciiCanvas(target) : target;
  const ground = standing ?? paintGround(model, ui, view, canvas);
  const { layout } = ground;
  if (standing === null || !linesStand(standing, ui)) paintLines(ground, model, ui, view, canvas);
  const { caret, top } = paintInput(ui, view, canvas, layout.input);
  if (ui.replay !== null) paintProgress(ui.replay, view, canvas, layout.input);
  if (isBare(ui, layout)) return { caret: caretOf(ui, layout, caret), editorTop: top, ground: { ...ground, ui } };
  if (ui.completion !== null) {
    paintCompletion(ui.completion, view, canvas, layout.rule?.y ?? layout.input.y);
  }
  const upper = layout.header === null ? 0 : 1;
  paintToasts(ui.toasts, look, canvas.part(0, upper, canvas.width, Math.max(0, canvas.height - upper)));
  if (ui.dialog === null) return { caret: caretOf(ui, layout, caret), editorTop: top, ground: null };
  const answer = view.paintDialog(ui.dialog, model, look.theme, canvas);
  return { caret: answer?.caret ?? null, editorTop: top, ground: null };
}

function on(canvas: Canvas, { x, y, width, height }: Rect): Canvas {
  return canvas.part(x, y, width, height);
}

function paintGround<D>(model: Model, ui: Ui<D>, view: View<D>, canvas: Canvas): Ground<D> {
  const { look } = view;
  const highlighting = highlightingOf(view);
  const layout = layoutOf(model, ui, canvas.width, canvas.height);
  for (const border of layout.borders) paintBorder(canvas, border, look);
  const atEnd = layout.main === null ? true : paintMain(model, ui, view, on(canvas, layout.main));
  if (layout.header !== null) {
    const title = [...sessionTitle(model, view), ...zoomTitle(model, ui, look)];
    const heading = { title, facts: sessionFacts(model, view), focused: ui.focus === "transcript" };
    canvas.row(0, layout.header.y, ruleRow(heading, layout.header.width, look), layout.header.width, look.theme.border);
  }
  for (const side of layout.sides) paintSide(side, model, ui, view, canvas, layout);
  if (layout.strip !== null) paintStrip(model, ui, view, on(canvas, layout.strip));
  if (layout.queue !== null) paintQueue(model, view, on(canvas, layout.queue));
  return { model, ui, view, highlighting, layout, atEnd };
}

/** The line above the input and the one below it. All of their cells are painted. */
function paintLines<D>({ layout, atEnd }: Ground<D>, model: Model, ui: Ui<D>, view: View<D>, canvas: Canvas): void {
  const { rule, main, status } = layout;
  if (rule !== null) paintRule(model, ui, view, on(canvas, rule), atEnd);
  else if (main !== null && main.height > 1) paintBelow(model, ui, view, on(canvas, main), atEnd);
  if (status !== null) paintStatus(model, ui, view, on(canvas, status));
}

function caretOf<D>(ui: Ui<D>, { rule, status }: Layout, input: Point): Point | null {
  if (ui.focus === "input" && !ui.copying && ui.replay === null) return input;
  if (ui.focus !== "find" || ui.find === null || rule === null || status === null) return null;
  const before = textWidth(findLabel) + textWidth(ui.find.query.slice(0, ui.find.caret));
  return { x: Math.min(rule.width - 1, 2 + before), y: rule.y };
}

/** What has the screen to itself, where the transcript has not. */
function zoomTitle<D>(model: Model, { zoom, copying }: Ui<D>, look: View<D>["look"]): Span[] {
  if (zoom === null || zoom === "transcript" || copying) return [];
  const name = zoom === "plan" ? planTitle(model) : zoom === "jobs" ? jobsTitle(model) : zoom;
  return [{ text: `${marksOf(look).dot}${name}`, style: look.theme.heading }];
}

/** Paints the transcript, or the pane that has taken its place. Answers whether the end of the transcript is in sight. */
function paintMain<D>(model: Model, ui: Ui<D>, view: View<D>, canvas: Canvas): boolean {
  const pane: Pane = ui.copying ? "transcript" : (ui.zoom ?? "transcript");
  switch (pane) {
    case "transcript":
      return paintTranscript(model, ui, view, canvas).atEnd;
    case "jobs":
      paintJobsWhole(model, ui, view, canvas);
      return true;
    case "plan":
      paintPlan(model, view, canvas);
      return true;
    case "activity":
      paintActivity(model, view, canvas, true);
      return true;
  }
}

/** Jobs with the screen to themselves: the list, the curves, the log. */
function paintJobsWhole<D>(model: Model, ui: Ui<D>, view: View<D>, canvas: Canvas): void {
  const { width, height } = canvas;
  const charted = hasChart(model, ui);
  const list = Math.max(1, Math.min(jobsHeight(model.jobs), Math.floor(height / (charted ? 4 : 2))));
  paintJobs(model, ui, view, canvas.part(0, 0, width, list));
  const chart = charted ? Math.floor((height - list) * 0.65) : 0;
  const log = height - list - chart;
  const headed = (title: string, y: number, tall: number): Canvas | null => {
    if (tall < 2) return null;
    return paintHeaded(canvas, { x: 0, y, width, height: tall }, headingOf(title, false, view), view.look);
  };
  const chartPart = headed(chartTitle(model, ui), list, chart);
  if (chartPart !== null) paintChart(model, ui, view, chartPart);
  const logPart = headed("log", list + chart, log);
  if (logPart !== null) paintLog(model, ui, view, logPart);
}

function paintSide<D>(side: Side, model: Model, ui: Ui<D>, view: View<D>, canvas: Canvas, layout: Layout): void {
  const titles: Record<Side["name"], string> = {
    jobs: jobsTitle(model),
    chart: chartTitle(model, ui),
    plan: planTitle(model),
    activity: "activity",
    log: "log",
  };
  const rest = paintHeaded(canvas, side.rect, headingOf(titles[side.name], ui.focus === side.name, view), view.look);
  if (rest === null) return;
  const withPlan = !layout.sides.some(({ name }) => name === "plan");
  if (side.name === "jobs") paintJobs(model, ui, view, rest);
  else if (side.name === "chart") paintChart(model, ui, view, rest);
  else if (side.name === "plan") paintPlan(model, view, rest);
  else if (side.name === "log") paintLog(model, ui, view, rest);
  else paintActivity(model, view, rest, withPlan);
}

function headingOf(title: string, focused: boolean, { look }: View<never>): Heading {
  return { title: [{ text: title, style: focused ? look.theme.strong : look.theme.heading }], focused };
}

/** Where there is no line to say it on, what is below stands at the end of the last row. */
function paintBelow<D>(model: Model, ui: Ui<D>, view: View<D>, canvas: Canvas, atEnd: boolean): void {
  const [span] = belowSpans(model, ui, view, atEnd);
  if (span === undefined) return;
  const text = ` ${span.text} `;
  const x = Math.max(0, canvas.width - textWidth(text));
  canvas.text(x, canvas.height - 1, text, span.style);
}
