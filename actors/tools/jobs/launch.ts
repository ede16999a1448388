// Launches a job, once: whoever runs the call again after a crash finds the job by the call's label.
import { findJob, type JobsReach, jobPage, runJob } from "../../hub/jobs/client.ts";
import type { JobInfo } from "../../hub/jobs/types.ts";
import { oneLine } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { type Making, makeOnce } from "../once.ts";
import { explained } from "./account.ts";
import type { Input } from "./input.ts";
import { bodyOf, callLabel, callMark, sessionLabel } from "./plan.ts";

/** Milliseconds that starting a job may take, whoever has ceased to wait for it: half a launch is none. */
const launchMs = 120_000;

/** The job of the call: the one that it has started before, or a new one. It is on record before this resolves. */
export async function launch(args: Input, context: ToolContext): Promise<JobInfo> {
  const namespace = args.namespace ?? "";
  // An interrupt must not come between the request and what is known of the job.
  const reach: JobsReach = { door: context.door, signal: AbortSignal.timeout(launchMs), onWait: context.log };
  const label = [callLabel, callMark(context.session, context.callId)] as const;
  const body = bodyOf(args, { [label[0]]: label[1], [sessionLabel]: context.session }, context);
  const making: Making<JobInfo> = {
    words: { done: "started the job", look: "ps" },
    find: () => findJob(reach, namespace, label),
    make: () => runJob(reach, namespace, body),
  };
  const job = await explained(context, namespace, "the job", () => makeOnce(making, context));
  tellSubmitted({ ...job, namespace }, args, context);
  return { ...job, namespace };
}

function tellSubmitted(job: JobInfo, args: Input, context: ToolContext): void {
  context.tell({
    type: "hf_job_submit",
    data: {
      job_id: job.id,
      job_url: jobPage(context.door.services.hub, job.namespace, job.id),
      namespace: job.namespace,
      flavor: args.hardware_flavor ?? job.flavor,
      timeout_s: args.settled?.seconds ?? 0,
      job_type: args.script === undefined ? "docker" : "uv",
      image: job.dockerImage || null,
      title: whatRuns(args),
      tool_call_id: context.callId,
      price_usd_per_hour: args.settled?.usd_per_hour ?? null,
    },
  });
}

/** What a call runs, in a few words. */
export function whatRuns({ script, command, settled }: Input): string {
  if (script === undefined) return oneLine((command ?? []).join(" "), 60);
  return settled?.script_name ?? oneLine(script, 60);
}
