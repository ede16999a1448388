// The fold of jobs on the Hub: they cost from their submission to their real end, whatever becomes of the call that
// started them.
import { callKey, jobKey, move, release, settle } from "../money.ts";
import { callOf } from "../state.ts";
import type { Handlers } from "./fold.ts";

export const foldJobs: Handlers<"hf_job_submit" | "hf_job_complete"> = {
  hf_job_submit(state, data, ts) {
    if (state.jobs.has(data.job_id)) {
      // The call has attached to its job again: it is the same spending.
      release(state.money, callKey(data.tool_call_id));
      return;
    }
    state.jobs.set(data.job_id, { ...data, submittedAt: ts, ended: null, toCancel: false, told: false });
    // What was set aside for the call is needed for as long as the job runs.
    move(state.money, callKey(data.tool_call_id), jobKey(data.job_id));
  },
  hf_job_complete(state, data) {
    const job = state.jobs.get(data.job_id);
    if (job === undefined || job.ended !== null) return;
    job.ended = data;
    // A call that waits for it tells the model in its result; of a machine, the next tool that needs it does.
    const call = callOf(state, job.tool_call_id);
    const isMachine = job.job_type === "sandbox" || job.job_type === "space";
    // The result of a call that has waited for it beside that one may be on record before its end is.
    job.told ||= isMachine || (call !== undefined && call.status !== "done");
    settle(state.money, jobKey(data.job_id), data.estimated_cost_usd, 0);
  },
};
