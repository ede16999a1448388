// The calls of the Jobs API. Each throws what the door throws; `jobsFailure` says what a refusal means.
import { HttpError } from "../../http/errors.ts";
import type { Door, HttpRequest } from "../../http/types.ts";
import { pagedObjects } from "../pages.ts";
import { readJob, readScheduled } from "./read.ts";
import type { JobInfo, JobSpec, ScheduledJob } from "./types.ts";

/** The way to the Jobs API. */
export interface JobsReach {
  door: Door;
  signal: AbortSignal;
  /** Hears of pauses before a retry, in words for people. */
  onWait?: ((words: string) => void) | undefined;
}

/** Milliseconds until the Hub must have said that it started a job: it looks for a machine first. */
const runTimeoutMs = 90_000;

const apiOf = (door: Door, namespace: string, ...path: string[]): string =>
  [`${door.services.hub}/api/jobs`, ...[namespace, ...path].map(encodeURIComponent)].join("/");

const scheduledOf = (door: Door, namespace: string, ...path: string[]): string =>
  [`${door.services.hub}/api/scheduled-jobs`, ...[namespace, ...path].map(encodeURIComponent)].join("/");

/** Where people look at a job. */
export function jobPage(hub: string, namespace: string, id: string): string {
  return `${hub}/jobs/${encodeURIComponent(namespace)}/${encodeURIComponent(id)}`;
}

function common({ signal, onWait }: JobsReach): HttpRequest {
  return onWait === undefined ? { signal } : { signal, onWait };
}

async function ask<T>(
  reach: JobsReach,
  url: string,
  request: Omit<HttpRequest, "signal">,
  read: (value: unknown) => T | null,
): Promise<T> {
  const answer = await reach.door.expect(url, { ...common(reach), ...request });
  const found = read(await answer.json());
  if (found !== null) return found;
  throw new HttpError("HTTP_NO_JSON", `${new URL(url).host} answered with something that is no job.`, {
    hint: "Look at the jobs of the account before you try again.",
  });
}

/**
 * Starts a job. It is sent once: when no answer comes, the job may run all the same, so look for its labels with
 * `listJobs` before you start another.
 */
export function runJob(reach: JobsReach, namespace: string, spec: JobSpec): Promise<JobInfo> {
  const request = { method: "POST", json: spec, repeatable: false, timeoutMs: runTimeoutMs } as const;
  return ask(reach, apiOf(reach.door, namespace), request, readJob);
}

/** One job. */
export function getJob(
  reach: JobsReach,
  namespace: string,
  id: string,
  more: Pick<HttpRequest, "attempts" | "timeoutMs"> = {},
): Promise<JobInfo> {
  return ask(reach, apiOf(reach.door, namespace, id), more, readJob);
}

/** Jobs by their newest, page by page, as long as they are asked for. */
export async function* listJobs(
  reach: JobsReach,
  namespace: string,
  filter: { stage?: string; label?: readonly [key: string, value: string] } = {},
): AsyncGenerator<JobInfo, void> {
  const url = new URL(apiOf(reach.door, namespace));
  if (filter.stage !== undefined) url.searchParams.set("stage", filter.stage);
  if (filter.label !== undefined) url.searchParams.set("label", filter.label.join("="));
  for await (const raw of pagedObjects(reach.door, url.href, common(reach))) {
    const job = readJob(raw);
    // A server that does not know a filter passes it over.
    if (job === null || (filter.stage !== undefined && job.stage !== filter.stage)) continue;
    if (filter.label !== undefined && job.labels[filter.label[0]] !== filter.label[1]) continue;
    yield job;
  }
}

/** Jobs with a label that are looked at before it is said that there is none with it. */
const mostLooked = 500;

/** The newest job with a label, or null. */
export async function findJob(
  reach: JobsReach,
  namespace: string,
  label: readonly [key: string, value: string],
): Promise<JobInfo | null> {
  let looked = 0;
  for await (const job of listJobs(reach, namespace, { label })) {
    looked += 1;
    if (job.labels[label[0]] === label[1]) return job;
    if (looked >= mostLooked) break;
  }
  return null;
}

/** Ends a job. One that is over already stays as it is. */
export function cancelJob(reach: JobsReach, namespace: string, id: string): Promise<JobInfo> {
  const url = apiOf(reach.door, namespace, id, "cancel");
  return ask(reach, url, { method: "POST", repeatable: true }, readJob);
}

/** Has a job run again and again. `schedule`: cron, or a name such as `@daily`. */
export function createSchedule(
  reach: JobsReach,
  namespace: string,
  schedule: string,
  jobSpec: JobSpec,
): Promise<ScheduledJob> {
  const request = { method: "POST", json: { jobSpec, schedule }, repeatable: false, timeoutMs: runTimeoutMs } as const;
  return ask(reach, scheduledOf(reach.door, namespace), request, readScheduled);
}

/** The schedules of an account. */
export async function* listSchedules(reach: JobsReach, namespace: string): AsyncGenerator<ScheduledJob, void> {
  for await (const raw of pagedObjects(reach.door, scheduledOf(reach.door, namespace), common(reach))) {
    const schedule = readScheduled(raw);
    if (schedule !== null) yield schedule;
  }
}

/** The schedule whose jobs carry a label, or null. */
export async function findSchedule(
  reach: JobsReach,
  namespace: string,
  [key, value]: readonly [key: string, value: string],
): Promise<ScheduledJob | null> {
  let looked = 0;
  for await (const schedule of listSchedules(reach, namespace)) {
    looked += 1;
    if (schedule.labels[key] === value) return schedule;
    if (looked >= mostLooked) break;
  }
  return null;
}

/** One schedule. */
export function getSchedule(reach: JobsReach, namespace: string, id: string): Promise<ScheduledJob> {
  return ask(reach, scheduledOf(reach.door, namespace, id), {}, readScheduled);
}

/** Suspends, resumes or removes a schedule. What runs already runs on. */
export async function changeSchedule(
  reach: JobsReach,
  namespace: string,
  id: string,
  change: "suspend" | "resume" | "delete",
): Promise<void> {
  const url = scheduledOf(reach.door, namespace, id, ...(change === "delete" ? [] : [change]));
  const method = change === "delete" ? "DELETE" : "POST";
  const answer = await reach.door.expect(url, { ...common(reach), method, repeatable: true });
  answer.close();
}
