// The machine of a session on the Hub: who speaks to it, and what becomes of it when the program ends.
import type { SupervisorOptions, System } from "../../runtime/index.ts";
import { costOf } from "../hub/jobs/cost.ts";
import { remoteChild } from "../remote/child.ts";
import type { RemoteProtocol } from "../remote/protocol.ts";
import type { RemoteJob } from "../session/state.ts";
import type { Store } from "./store.ts";
import type { StartOptions } from "./types.ts";

/** Without it the session goes on: what runs on a machine runs on, and calls that need it fail by name. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

const removeDeadlineMs = 15_000;

/** The machine that a session has, as far as its record says. */
export function machineOf(store: Store): RemoteJob | null {
  const machines = [...store.state.jobs.values()].filter(
    (job) => (job.job_type === "sandbox" || job.job_type === "space") && job.ended === null,
  );
  return machines.at(-1) ?? null;
}

/** Launches the remote actor in a run whose tools work on a machine of the Hub's; begun by its first call. */
export async function superviseRemote(
  system: System,
  store: Store,
  options: StartOptions,
  sessionId: string,
  userAgent: string,
): Promise<void> {
  if (options.toolRuntime !== "sandbox") return;
  const child = remoteChild(() => {
    const machine = machineOf(store);
    return {
      services: options.services,
      keys: options.serviceKeys,
      userAgent,
      sessionId,
      backend: options.sandboxBackend,
      known: machine === null ? null : { id: machine.job_id, namespace: machine.namespace },
      outputChars: options.limits.toolOutputChars,
      graceMs: options.limits.graceMs,
    };
  });
  await system.supervise("remote", [child], supervision);
}

/** Ends the session's machine, and puts on record what it has cost; one that cannot be ended stays among its open jobs. */
export async function removeMachine(system: System, store: Store): Promise<void> {
  const machine = machineOf(store);
  if (machine === null) return;
  try {
    await system.ref<RemoteProtocol>("remote").ask("remove", {}, { deadlineMs: removeDeadlineMs });
  } catch {
    return;
  }
  // It may have ended before, by its own hours.
  const seconds = Math.min((Date.now() - machine.submittedAt) / 1_000, machine.timeout_s);
  const price = machine.price_usd_per_hour;
  store.publish(
    {
      type: "hf_job_complete",
      data: {
        job_id: machine.job_id,
        namespace: machine.namespace,
        flavor: machine.flavor,
        final_status: "canceled",
        message: null,
        wall_time_s: Math.round(seconds),
        estimated_cost_usd: price === null ? null : costOf(seconds, price),
      },
    },
    true,
  );
}
