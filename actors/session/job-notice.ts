// The note by which the model hears of the end of a job that no call has waited for. It is the program's own word, so
// nothing stands in it that the job or the Hub has worded.
import type { DurableEvents } from "../events.ts";
import type { RemoteJob, SessionState } from "./state.ts";

/** The note that is due, or null. */
export function jobNotice(state: SessionState): DurableEvents["notice"] | null {
  for (const job of state.jobs.values()) {
    if (job.ended === null || job.told) continue;
    return { content: wordsFor(job, job.ended), reason: "job_ended", job_id: job.job_id };
  }
  return null;
}

function wordsFor(job: RemoteJob, ended: DurableEvents["hf_job_complete"]): string {
  const time = ended.wall_time_s === null ? "" : ` after ${Math.ceil(ended.wall_time_s / 60)} min`;
  const cost = ended.estimated_cost_usd === null ? "" : `, at a cost of about $${ended.estimated_cost_usd.toFixed(2)}`;
  const stage = /^[a-z_]{1,20}$/.test(ended.final_status) ? ended.final_status : "ended";
  return `Job ${job.job_id} of ${job.namespace}, started by an earlier call, has ended: ${stage}${time}${cost}. Read what it wrote with hf_jobs, operation logs, before you say how it went.`;
}
