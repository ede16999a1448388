// Jobs on the Hub: they go on after their call, and cost until they have really ended.
import type { DurableEvents, EphemeralEvents } from "../../../actors/events.ts";
import type { RemoteJob } from "../../../actors/session/state.ts";
import { type Draft, openCall } from "./draft.ts";
import type { Job, JobState } from "./facts.ts";
import type { At } from "./inputs.ts";
import { addJob, changeJob, closeJob, newJob } from "./jobs.ts";
import { notify } from "./notify.ts";

/** A job was started by a call, or attached to again. */
export function submitJob(draft: Draft, data: DurableEvents["hf_job_submit"], at: At): void {
  const { tool_call_id: id, job_id: jobId, flavor, price_usd_per_hour: usdPerHour, title } = data;
  const known = draft.jobs.find((job) => job.id === id);
  if (known?.remote?.jobId === jobId) return;
  if (known === undefined) addJob(draft, newJob(draft.meter, { id, tool: "hf_jobs", title, background: false }, at.ts));
  const remote = { jobId, flavor, usdPerHour, stage: null, since: at.ts, costUsd: null, open: true };
  changeJob(draft, id, () => ({ remote, title: `${title} on ${flavor}` }));
}

/** The stage of a job that no call waits for. A job that waits for its machine costs nothing. */
export function seeStage(draft: Draft, { tool_call_id: id, stage }: EphemeralEvents["hf_job_state"], at: At): void {
  changeJob(draft, id, ({ remote }) => {
    if (remote === null) return {};
    const began = remote.stage === "SCHEDULING" && stage !== "SCHEDULING";
    return { remote: { ...remote, stage, since: began ? at.ts : remote.since }, heardAt: at.ts };
  });
}

const ends: Record<string, JobState> = {
  completed: "done",
  canceled: "cancelled",
  error: "failed",
  deleted: "unknown",
};

/** A job has really ended. Where its call waits for it, the call's result closes it. */
export function completeJob(draft: Draft, data: DurableEvents["hf_job_complete"], at: At): void {
  const job = draft.jobs.find(({ remote }) => remote?.jobId === data.job_id);
  if (job === undefined || job.remote === null) return;
  const remote = { ...job.remote, open: false, costUsd: data.estimated_cost_usd };
  changeJob(draft, job.id, () => ({ remote }));
  if (openCall(draft, job.id) !== undefined) return;
  closeJob(draft, job.id, ends[data.final_status] ?? "unknown", null, at, "");
  notify(draft, at, "job", job.title);
}

/** Jobs of a session that is there already, which no call of its newest reply waits for. */
export function takeRemoteJobs(draft: Draft, jobs: Iterable<RemoteJob>, at: At): void {
  for (const job of jobs) {
    if (job.ended === null) submitJob(draft, job, { ...at, ts: job.submittedAt });
  }
}

/** What a job on the Hub has cost so far at most, in US dollars; null where nobody can say. */
export function costSoFar({ remote }: Job, now: number): number | null {
  if (remote === null) return null;
  if (remote.costUsd !== null) return remote.costUsd;
  if (!remote.open || remote.usdPerHour === null) return null;
  if (remote.stage === "SCHEDULING") return 0;
  return (Math.ceil(Math.max(0, now - remote.since) / 60_000) * remote.usdPerHour) / 60;
}
