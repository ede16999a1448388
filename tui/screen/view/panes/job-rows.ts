// Jobs in rows: how each stands, how far it is, what it said last.
import { oneLine } from "../../../text/neutralise.ts";
import { cutRow } from "../../cells/layout.ts";
import { toolLines } from "../../cells/sanitise.ts";
import type { Row, Span, StyleId } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import type { Job } from "../../model/facts.ts";
import { costSoFar } from "../../model/remote-jobs.ts";
import { doneShare, isStalled, jobMs, progressOf, remainingMs } from "../../model/select-jobs.ts";
import type { Model } from "../../model/state.ts";
import { count, duration, money, percent, rate } from "../../text/words.ts";
import { marksOf, turning } from "../marks.ts";
import { twoEnded } from "../transcript/laid.ts";
import type { Rendering } from "../view.ts";

const words: Record<Job["state"], string> = {
  running: "",
  done: "",
  failed: "failed",
  timeout: "timed out",
  cancelled: "cancelled",
  unknown: "end unknown",
};

/** Cells of a list in which there is room to say of a job that it runs in the background. */
const roomy = 60;
/** Cells that a job's title has at the least. */
const leastTitle = 12;

/** How a job is shown. */
interface JobRowOptions {
  readonly width: number;
  readonly chosen: boolean;
}

/** A job: its line; while it runs, how far it is and its newest output. */
export function jobRows(job: Job, model: Model, { width, chosen }: JobRowOptions, view: Rendering): Row[] {
  const { look, palette } = view;
  const { theme } = look;
  const { now } = model.screen;
  const rows = [jobLine(job, model, width, chosen, view)];
  if (job.state !== "running") return rows;
  const far = progressRow(job, now, width, view);
  if (far !== null) rows.push(far);
  const newest = job.log.open.trim() === "" ? (job.log.lines.at(-1) ?? "") : job.log.open;
  const [said = []] = toolLines(look.styles, newest, { palette });
  if (isStalled(job, now)) {
    const text = `  silent for ${duration(now - job.heardAt)}`;
    rows.push(cutRow([{ text, style: theme.warn }], width));
  } else if (said.length > 0) rows.push(cutRow([{ text: "  ", style: theme.dim }, ...said], width));
  return rows;
}

/** Rows that the list of jobs takes when there is room. */
export function jobsHeight(jobs: readonly Job[]): number {
  return jobs.reduce((sum, { state }) => sum + (state === "running" ? 3 : 1), 0);
}

function jobLine(job: Job, model: Model, width: number, chosen: boolean, { look }: Rendering): Row {
  const { theme } = look;
  const marks = marksOf(look);
  const { now } = model.screen;
  const signs: Record<Job["state"], { sign: string; style: StyleId }> = {
    running: { sign: turning(marks, now), style: theme.accent },
    done: { sign: marks.ok, style: theme.ok },
    failed: { sign: marks.failed, style: theme.error },
    timeout: { sign: marks.failed, style: theme.error },
    cancelled: { sign: marks.stopped, style: theme.warn },
    unknown: { sign: marks.unknown, style: theme.warn },
  };
  const { sign, style } = signs[job.state];
  // In a narrow list, how it stands matters more.
  const isAside = job.background && job.state === "running" && width >= roomy;
  const exit = job.exitCode !== null && job.exitCode !== 0 ? `exit ${job.exitCode}` : "";
  const cost = costOf(job, model);
  const ranMs = jobMs(job, now);
  const how = exit === "" ? words[job.state] : exit;
  const facts = [how, cost, ranMs === null ? "" : duration(ranMs)].filter((fact) => fact !== "").join("  ");
  // How it stands is worth more than the end of what it is called.
  const room = Math.max(leastTitle, width - textWidth(facts) - 3 - (isAside ? 19 : 0));
  return twoEnded(
    [
      { text: `${sign} `, style },
      { text: oneLine(job.title === "" ? job.tool : job.title, room), style: chosen ? theme.strong : theme.text },
      { text: isAside ? "  in the background" : "", style: theme.dim },
    ],
    [{ text: facts, style: job.state === "failed" || job.state === "timeout" ? theme.error : theme.dim }],
    width,
  );
}

/** Cells of a bar. */
const leastBar = 8;
const mostBar = 20;

/** A bar, the share that is done, the time that is left, the pace; null when the job does not say how far it is. */
function progressRow(job: Job, now: number, width: number, { look }: Rendering): Row | null {
  const { theme } = look;
  const marks = marksOf(look);
  const progress = progressOf(job);
  if (progress === null) return null;
  const share = doneShare(job);
  const left = remainingMs(job, now);
  const pace = progress.perSecond === null ? "" : `  ${rate(progress.perSecond, oneLine(progress.unit, 12))}`;
  const eta = left === null ? "" : `  eta ${duration(left)}`;
  const done = count(progress.done);
  if (share === null)
    return cutRow([{ text: `  ${done} ${oneLine(progress.unit, 12)}${pace}`, style: theme.dim }], width);
  const figures = ` ${percent(share)}${eta}`;
  const counted = `  ${done}/${count(progress.total ?? 0)}`;
  // The bar is worth more than the figures that it stands for.
  const room = width - figures.length - 2;
  const more = [`${counted}${pace}`, counted].find((text) => room - text.length >= leastBar) ?? "";
  const bar = Math.max(4, Math.min(mostBar, room - more.length));
  const full = Math.round(share * bar);
  const spans: Span[] = [
    { text: "  ", style: theme.text },
    { text: marks.full.repeat(full), style: theme.accent },
    { text: marks.empty.repeat(bar - full), style: theme.dim },
    { text: figures, style: theme.strong },
    { text: more, style: theme.dim },
  ];
  return cutRow(spans, width);
}

/** What a job has cost, or what is set aside for it; empty when it costs nothing that is known. */
function costOf(job: Job, model: Model): string {
  const { id, remote } = job;
  if (remote !== null) {
    const usd = costSoFar(job, model.screen.now);
    const hourly = remote.open && remote.usdPerHour !== null ? ` at ${money(remote.usdPerHour)}/h` : "";
    const waits = remote.open && remote.stage === "SCHEDULING" ? "waits for its machine  " : "";
    return usd === null ? waits.trim() : `${waits}${money(usd)}${hourly}`;
  }
  const aside = model.money.open.get(`call:${id}`);
  if (aside === null) return "costs";
  if (aside !== undefined && aside > 0) return `up to ${money(aside / 1e6)}`;
  const call = model.blocks.findLast((block) => block.kind === "call" && block.callId === id);
  const cost = call?.kind === "call" ? (call.result?.costUsd ?? null) : null;
  return cost === null ? "" : money(cost);
}
