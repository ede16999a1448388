// Jobs on the Hub that no call waits for: each is followed to its end, which goes on record with what it cost; one whose
// call the user has interrupted is cancelled. Which jobs these are is in the session's state, so a new process, or a
// restarted follower, goes on where the last one was.
import { type BusEvent, codeOf, type SupervisorOptions, type System } from "../../runtime/index.ts";
import type { DurableType } from "../events.ts";
import { costOf } from "../hub/jobs/cost.ts";
import { jobsChild } from "../jobs/child.ts";
import type { JobEnd, JobProgress, JobsArgs, JobsProtocol } from "../jobs/protocol.ts";
import { callOf, type RemoteJob } from "../session/state.ts";
import type { Store } from "./store.ts";

/** The follower has a supervisor of its own: when it cannot be kept alive, the session goes on without it. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

/** A job may run for as long as its timeout, and wait for its machine for as long as it takes; asked again after this. */
const followDeadlineMs = 7 * 24 * 3_600_000;
const cancelDeadlineMs = 120_000;
/** Pauses after which a job that could not be followed or cancelled is tried again, in milliseconds. */
const againMs = { first: 1_000, most: 300_000 };

/** What changes which jobs are to be followed. */
const changes = new Set<string>([
  "hf_job_submit",
  "hf_job_complete",
  "tool_output",
  "tool_state_change",
] satisfies DurableType[]);

/** The jobs of the session, for those who hold it. */
export interface FollowedJobs {
  /** Those that may still cost money. */
  open(): RemoteJob[];
  /** Cancels the open job of a call. False: there is none. Throws when the Hub does not do it. */
  cancel(callId: string): Promise<boolean>;
  /** Waits until what is to be cancelled was cancelled, at most so long, and follows nothing more. */
  rest(limitMs: number): Promise<void>;
}

/** Follows the session's jobs from now on. */
export async function followJobs(system: System, store: Store, args: JobsArgs): Promise<FollowedJobs> {
  await system.supervise("jobs", [jobsChild(args)], supervision);
  const actor = system.ref<JobsProtocol>("jobs");
  const followed = new Set<string>();
  const cancelling = new Map<string, Promise<void>>();
  const atRest = new AbortController();

  const open = () => [...store.state.jobs.values()].filter(({ ended }) => ended === null);
  const say = (log: string) => store.emit({ type: "tool_log", data: { tool: "system", tool_call_id: null, log } });

  /** A call that is not over follows its job itself. */
  function isWaitedFor({ tool_call_id }: RemoteJob): boolean {
    const call = callOf(store.state, tool_call_id);
    return call !== undefined && call.status !== "done";
  }

  function look(): void {
    if (atRest.signal.aborted) return;
    for (const job of open()) {
      // A Space is no job: its session ends it, and it ends itself.
      if (job.job_type === "space" || isWaitedFor(job) || followed.has(job.job_id)) continue;
      followed.add(job.job_id);
      void again(() => follow(job), `Job ${job.job_id} cannot be followed`, job);
      if (job.toCancel) void cancelOnce(job);
    }
  }

  /** Does something until it works, and says once why it does not. */
  async function again(work: () => Promise<void>, what: string, job: RemoteJob): Promise<void> {
    let told = false;
    for (let waitMs = againMs.first; !atRest.signal.aborted; waitMs = Math.min(againMs.most, waitMs * 2)) {
      try {
        return await work();
      } catch (error) {
        if (atRest.signal.aborted) return;
        // The follower is being restarted; it is asked again.
        if (codeOf(error) !== "ACTOR_GONE" && !told) {
          told = true;
          const why = error instanceof Error ? error.message : String(error);
          say(`${what}: ${why} It is tried again; see ${job.job_url}`);
        }
        await pause(waitMs, atRest.signal);
        if (store.state.jobs.get(job.job_id)?.ended !== null) return;
      }
    }
  }

  async function follow(job: RemoteJob): Promise<void> {
    const { job_id, namespace, tool_call_id } = job;
    const onProgress = (update: unknown) => {
      const told = update as JobProgress;
      if ("log" in told) store.emit({ type: "tool_log", data: { tool: "hf_jobs", tool_call_id, log: told.log } });
      else if ("stage" in told) store.emit({ type: "hf_job_state", data: { job_id, tool_call_id, stage: told.stage } });
      else say(told.trouble);
    };
    const name = { namespace, id: job_id, log: true };
    const end = await actor.ask("follow", name, { deadlineMs: followDeadlineMs, signal: atRest.signal, onProgress });
    if (!atRest.signal.aborted) complete(job, end);
  }

  function complete({ job_id, namespace, flavor, price_usd_per_hour: price }: RemoteJob, end: JobEnd): void {
    const cost = end.seconds === null || price === null ? null : costOf(end.seconds, price);
    const data = {
      job_id,
      namespace,
      flavor,
      final_status: end.stage,
      message: end.message,
      wall_time_s: end.seconds,
      estimated_cost_usd: cost,
    };
    store.publish({ type: "hf_job_complete", data }, false);
  }

  async function cancel({ namespace, job_id }: RemoteJob): Promise<void> {
    await actor.ask("cancel", { namespace, id: job_id }, { deadlineMs: cancelDeadlineMs });
  }

  function cancelOnce(job: RemoteJob): Promise<void> {
    const known = cancelling.get(job.job_id);
    if (known !== undefined) return known;
    const work = async () => {
      await cancel(job);
      say(`Job ${job.job_id} of ${job.namespace} was cancelled, because its call was interrupted.`);
    };
    const price = job.price_usd_per_hour === null ? "" : `, which costs $${job.price_usd_per_hour.toFixed(2)} an hour,`;
    const done = again(work, `Job ${job.job_id}${price} could not be cancelled`, job);
    cancelling.set(job.job_id, done);
    return done;
  }

  store.bus.tap(({ type, durable }: BusEvent) => {
    // Once the event has reached everybody, for what follows from it may be put on record as well.
    if (durable && changes.has(type) && store.state.jobs.size > 0) queueMicrotask(look);
  });
  look();

  return {
    open,
    async cancel(callId) {
      const job = open().find(({ tool_call_id }) => tool_call_id === callId);
      if (job === undefined) return false;
      await cancel(job);
      return true;
    },
    async rest(limitMs) {
      look();
      const limit = new AbortController();
      await Promise.race([Promise.all(cancelling.values()), pause(limitMs, limit.signal)]);
      limit.abort();
      atRest.abort();
    },
  };
}

/** A pause that ends early, and well, when the signal fires. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
