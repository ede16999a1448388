// The jobs: those that run first, then what has ended; and the log of the one that is looked at.

import { toolLines } from "../../cells/sanitise.ts";
import type { Canvas, Row } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import type { Job } from "../../model/facts.ts";
import { jobsInOrder, mainJob } from "../../model/select-jobs.ts";
import type { Model } from "../../model/state.ts";
import type { Look } from "../../text/look.ts";
import { paintRows, textCells } from "../frame.ts";
import { marksOf } from "../marks.ts";
import type { Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { jobRows } from "./job-rows.ts";

/** The job that the panes show: the chosen one, else the one that is worth a look. */
export function shownJob(model: Model, { jobs }: Pick<Ui, "jobs">): Job | null {
  return model.jobs.find(({ id }) => id === jobs.selected) ?? mainJob(model);
}

/** How many jobs run, for a heading. */
export function jobsTitle({ jobs }: Model): string {
  const running = jobs.filter(({ state }) => state === "running").length;
  if (jobs.length === 0) return "jobs";
  return running === 0 ? `jobs, ${jobs.length} over` : `jobs, ${running} of ${jobs.length} running`;
}

/** Paints the list; the chosen job is always in sight. */
export function paintJobs<D>(model: Model, ui: Ui<D>, view: Rendering, canvas: Canvas): void {
  const { look } = view;
  const shown = shownJob(model, ui);
  const rows: Row[] = [];
  const starts: number[] = [];
  let chosenEnd = 0;
  let chosenStart = 0;
  for (const job of jobsInOrder(model)) {
    const chosen = job.id === shown?.id;
    starts.push(rows.length);
    if (chosen) chosenStart = rows.length;
    rows.push(...jobRows(job, model, { width: textCells(canvas.width), chosen }, view));
    if (chosen) chosenEnd = rows.length;
  }
  if (rows.length === 0) {
    canvas.text(1, 0, "nothing has run yet", look.theme.dim);
    return;
  }
  const from = Math.max(0, Math.min(chosenEnd - canvas.height, chosenStart));
  paintRows(canvas, rows, look, from);
  paintRest(canvas, 0, starts.filter((start) => start < from).length, look);
  paintRest(canvas, canvas.height - 1, starts.filter((start) => start >= from + canvas.height).length, look);
  if (ui.focus !== "jobs") return;
  for (let row = chosenStart; row < chosenEnd; row++) {
    if (row >= from) canvas.text(0, row - from, marksOf(look).chosen, look.theme.accent);
  }
}

/** Says at the end of a row how many jobs are out of sight beyond it. */
function paintRest(canvas: Canvas, y: number, count: number, look: Look): void {
  if (count === 0 || canvas.height < 2) return;
  const text = ` ${marksOf(look).more} ${count} more`;
  canvas.text(Math.max(0, canvas.width - text.length), y, text, look.theme.dim);
}

/** Paints the newest lines of the log of the job that is looked at. */
export function paintLog<D>(model: Model, ui: Ui<D>, { look, palette }: Rendering, canvas: Canvas): void {
  const job = shownJob(model, ui);
  if (job === null) return;
  const lines = job.log.open === "" ? job.log.lines : [...job.log.lines.slice(-canvas.height), job.log.open];
  const text = lines.slice(-canvas.height).join("\n");
  if (text === "") {
    canvas.text(1, 0, "no output yet", look.theme.dim);
    return;
  }
  const width = textCells(canvas.width);
  const rows = toolLines(look.styles, text, { palette }).flatMap((line) => wrap(line, width, { at: "cell" }));
  paintRows(canvas, rows.slice(-canvas.height), look);
}
