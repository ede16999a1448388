// The session and its settings, its processes and its parts, and what the program has to say.
import { assume, callKey, jobKey, move, release, settle } from "../../../actors/session/money.ts";
import { book } from "./books.ts";
import { addBlock, type Draft, openCall, putBlock } from "./draft.ts";
import type { Handlers } from "./handlers.ts";
import { addHistory } from "./history.ts";
import type { At } from "./inputs.ts";
import { addOutput, endAllJobs, logOf } from "./jobs.ts";
import { cutLive } from "./live.ts";
import type { Note } from "./notes.ts";
import { notify } from "./notify.ts";
import { completeJob, seeStage, submitJob } from "./remote-jobs.ts";

function say(draft: Draft, note: Note, at: At): void {
  addBlock(draft, { kind: "note", note }, at);
}

/** Handlers of the events of the session itself. */
export const onSession: Handlers<
  | "session_started"
  | "process_started"
  | "ready"
  | "session_renamed"
  | "budget_changed"
  | "cost_warning"
  | "history_imported"
  | "actor_restarted"
  | "resume_complete"
  | "shutdown"
  | "tools_changed"
  | "hf_job_submit"
  | "hf_job_state"
  | "hf_job_complete"
  | "tool_log"
  | "notification_sent"
  | "notification_failed"
  | "approval_asked"
> = {
  session_started(draft, { cwd, model }, at) {
    draft.session = { ...draft.session, cwd, createdAt: at.ts };
    draft.choice = { ...draft.choice, model };
  },
  process_started(draft, { epoch }, at) {
    cutLive(draft, at);
    draft.session = { ...draft.session, epoch, ready: false, over: false };
    draft.asking = null;
    draft.actors = [];
    book(draft, (money) => {
      for (const key of ["main", "summary", "probe"]) assume(money, key);
    });
  },
  hf_job_submit(draft, data, at) {
    const { job_id, tool_call_id } = data;
    submitJob(draft, data, at);
    book(draft, (money) => {
      if (money.open.has(jobKey(job_id))) release(money, callKey(tool_call_id));
      else move(money, callKey(tool_call_id), jobKey(job_id));
    });
  },
  hf_job_state: seeStage,
  hf_job_complete(draft, data, at) {
    const { job_id, estimated_cost_usd } = data;
    completeJob(draft, data, at);
    book(draft, (money) => settle(money, jobKey(job_id), estimated_cost_usd, 0));
  },
  // What is worth knowing of it, the program says in words of its own.
  tools_changed() {},
  ready(draft) {
    draft.session = { ...draft.session, ready: true };
  },
  session_renamed(draft, { name }, at) {
    draft.session = { ...draft.session, name };
    say(draft, { about: "name", name }, at);
  },
  budget_changed(draft, { cap_micro_usd: cap }, at) {
    book(draft, (money) => {
      money.cap = cap;
    });
    say(draft, { about: "budget", capUsd: cap === null ? null : cap / 1e6 }, at);
  },
  cost_warning(draft, { threshold_usd, spent_usd }, at) {
    book(draft, (money) => {
      money.nextWarning = Math.round(threshold_usd * 2e6);
    });
    say(draft, { about: "cost", thresholdUsd: threshold_usd, spentUsd: spent_usd }, at);
    notify(draft, at, "cost", `This session has cost $${spent_usd.toFixed(2)}.`);
  },
  history_imported(draft, { messages, dropped }, at) {
    addHistory(draft, messages, at);
    say(draft, { about: "imported", messages: messages.length, dropped }, at);
  },
  actor_restarted(draft, { actor, reason }, at) {
    const restarts = (draft.actors.find((one) => one.actor === actor)?.restarts ?? 0) + 1;
    draft.actors = [...draft.actors.filter((one) => one.actor !== actor), { actor, restarts, reason, at: at.ts }];
    say(draft, { about: "restart", actor, reason, restarts }, at);
  },
  resume_complete(draft, { restored_count, calls_adopted, unfinished_turn }, at) {
    // Where only what waits was let go, what follows says it.
    const goesOn = draft.held && draft.queue.length > 0 && draft.session.ready;
    draft.held = false;
    if (goesOn) return;
    const counts = { restored: restored_count, adopted: calls_adopted };
    say(draft, { about: "resumed", ...counts, unfinished: unfinished_turn }, at);
  },
  shutdown(draft, { reason }, at) {
    cutLive(draft, at);
    draft.asking = null;
    draft.session = { ...draft.session, over: true };
    // After a failure they are left to whoever takes the session up.
    if (reason !== "error") endAllJobs(draft, at);
    say(draft, { about: "shutdown", reason }, at);
  },
  tool_log(draft, { tool_call_id: id, log: text }, at) {
    if (id === null) {
      say(draft, { about: "system", text }, at);
      return;
    }
    addOutput(draft, id, text, at);
    const block = openCall(draft, id);
    if (block === undefined) return;
    // One log for both, where the call is a job: it is long, and the same.
    const progress = draft.jobs.find((job) => job.id === id)?.log ?? logOf(draft.meter, block.progress, text);
    putBlock(draft, { ...block, progress, silentMs: 0 });
  },
  notification_sent(draft, { destination, event_type: eventType }, at) {
    say(draft, { about: "sent", destination, eventType }, at);
  },
  notification_failed(draft, { destination, event_type: eventType, ...failure }, at) {
    const about = eventType === "approval_answer" ? "no_answers" : "unsent";
    say(draft, { about, destination, failure }, at);
  },
  approval_asked(draft, { destination, title }, at) {
    say(draft, { about: "asked", destination, title }, at);
  },
};
