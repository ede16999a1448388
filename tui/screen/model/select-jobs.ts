// What views ask of jobs: which one to show, how far it is, and whether it still gets anywhere.

import type { Job } from "./facts.ts";
import { type Metrics, type Progress, productMeter, type Series } from "./metering.ts";
import type { Model } from "./state.ts";

/** A job that says nothing for so many times its usual pause has stalled, but not before so many milliseconds. */
const stalledFactor = 3;
const stalledMs = 10_000;

/** Jobs as a list shows them: those that run, the newest first, then the others, the newest end first. */
export function jobsInOrder({ jobs }: Model): Job[] {
  const running = jobs
    .filter(({ state }) => state === "running")
    .toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  const over = jobs.filter(({ state }) => state !== "running");
  return [...running, ...over.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))];
}

/** The job that is worth a look: the newest that runs and measures, else that runs, else that has a curve to show. */
export function mainJob(model: Model): Job | null {
  const jobs = jobsInOrder(model);
  const running = jobs.filter(({ state }) => state === "running");
  return running.find(measures) ?? running[0] ?? jobs.find(hasCurve) ?? jobs.find(measures) ?? null;
}

/** The curves of a job, in the order in which they first appeared. */
export function seriesOf({ metrics }: Job): Series[] {
  return [...metrics.series.values()];
}

/** How far a job says that it is; null when it does not. */
export function progressOf({ metrics }: { metrics: Metrics }): Progress | null {
  return productMeter.progress(metrics);
}

/** The share of a job that is done, from 0 to 1; null when it does not say. */
export function doneShare(job: Job): number | null {
  const progress = progressOf(job);
  if (progress === null || progress.total === null || progress.total <= 0) return null;
  return Math.min(1, progress.done / progress.total);
}

/** Milliseconds until a job is done, by its own word or else by its pace so far; null when nobody can say. */
export function remainingMs(job: Job, now: number): number | null {
  if (job.state !== "running") return null;
  const progress = progressOf(job);
  if (progress === null || progress.total === null || progress.done <= 0) return null;
  const sinceHeard = Math.max(0, now - job.heardAt);
  if (progress.remainingMs !== null) return Math.max(0, progress.remainingMs - sinceHeard);
  const left = progress.total - progress.done;
  if (left <= 0) return 0;
  if (progress.perSecond !== null && progress.perSecond > 0) {
    return Math.max(0, (left / progress.perSecond) * 1000 - sinceHeard);
  }
  const elapsed = progress.elapsedMs ?? (job.startedAt === null ? 0 : job.heardAt - job.startedAt);
  return elapsed <= 0 ? null : Math.max(0, (elapsed / progress.done) * left - sinceHeard);
}

/** Milliseconds that a job has run or ran; null when nobody has said when it started. */
export function jobMs(job: Job, now: number): number | null {
  return job.startedAt === null ? null : Math.max(0, (job.endedAt ?? now) - job.startedAt);
}

/** Whether a job that measures has been silent for much longer than it takes from one measurement to the next. */
export function isStalled(job: Job, now: number): boolean {
  if (job.state !== "running") return false;
  const points = pointsOf(job);
  if (points < 2 || job.startedAt === null) return false;
  const usual = (job.heardAt - job.startedAt) / points;
  return now - job.heardAt > Math.max(stalledMs, stalledFactor * usual);
}

function measures({ metrics }: Job): boolean {
  return metrics.series.size > 0;
}

/** Whether one of its measurements was taken more often than at a beginning and an end. */
function hasCurve(job: Job): boolean {
  return pointsOf(job) > 2;
}

/** Points of its longest curve. */
function pointsOf(job: Job): number {
  return Math.max(0, ...seriesOf(job).map(({ count }) => count));
}
