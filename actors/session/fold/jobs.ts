// The fold of jobs on the Hub: they cost from their submission to their real end, whatever becomes of the call that
// started them.
import { callKey, jobKey, move, settle } from "../money.ts";
import type { Handlers } from "./fold.ts";

export const foldJobs: Handlers<"hf_job_submit" | "hf_job_complete"> = {
  hf_job_submit(state, data, ts) {
    if (state.jobs.has(data.job_id)) return;
    state.jobs.set(data.job_id, { ...data, submittedAt: ts, ended: null });
    // What was set aside for the call is needed for as long as the job runs.
    move(state.money, callKey(data.tool_call_id), jobKey(data.job_id));
  },
  hf_job_complete(state, data) {
    const job = state.jobs.get(data.job_id);
    if (job === undefined || job.ended !== null) return;
    job.ended = data;
    settle(state.money, jobKey(data.job_id), data.estimated_cost_usd, 0);
  },
};
