// The operations that look at jobs, and the one that ends them.

import { cancelJob, getJob, type JobsReach, jobPage, listJobs } from "../../hub/jobs/client.ts";
import { dollars } from "../../hub/jobs/cost.ts";
import { jobHardware } from "../../hub/jobs/hardware.ts";
import { jobMetrics } from "../../hub/jobs/streams.ts";
import { hasEnded, type JobInfo, type JobMetric } from "../../hub/jobs/types.ts";
import { grouped, oneLine, shownBytes } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import type { ToolResult } from "../protocol.ts";
import { explained } from "./account.ts";
import { type Input, tailLines } from "./input.ts";
import { sessionLabel } from "./plan.ts";
import { readTail } from "./tail.ts";
import { shortCommand } from "./uv.ts";

/** Jobs that a list shows. */
const mostListed = 50;
const usualTail = 200;
/** Milliseconds that a report of what is used is waited for. */
const metricMs = 3_000;
/** Jobs that are looked at for those that run. */
const mostLooked = 1_000;

const reachOf = ({ door, signal, log }: ToolContext): JobsReach => ({ door, signal, onWait: log });
const date = (at: number | null): string =>
  at === null ? "-" : new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** `hardware`: the machines with their prices. */
export async function hardware(_args: Input, context: ToolContext): Promise<ToolResult> {
  const { flavors, source, asOf } = await jobHardware(reachOf(context));
  const lines = flavors.map(({ name, cpu, ram, gpu, usdPerHour }) => {
    const accelerator = gpu === null ? "no GPU" : `${gpu.count} x ${gpu.model}, ${gpu.vramGb ?? "?"} GB of GPU memory`;
    const price = usdPerHour === null ? "price unknown" : `${dollars(usdPerHour)}/h`;
    return `${name}: ${price}, ${accelerator}, ${cpu}, ${ram} RAM`;
  });
  const when = source === "live" ? "" : `\n(The Hub could not be asked; these are prices of ${asOf}.)`;
  const data = flavors.map(({ name, usdPerHour }) => ({ flavor: name, usd_per_hour: usdPerHour }));
  return { ok: true, text: `${lines.join("\n")}${when}\nBilled by the minute while a job runs.`, data };
}

/** `ps`: the jobs of an account. */
export async function ps(args: Input, context: ToolContext): Promise<ToolResult> {
  const namespace = args.namespace ?? "";
  const jobs: JobInfo[] = [];
  let isMore = false;
  let isCut = false;
  await explained(context, namespace, "the jobs", async () => {
    let looked = 0;
    for await (const job of listJobs(reachOf(context), namespace)) {
      looked += 1;
      isCut = looked > mostLooked;
      if (isCut) break;
      if (args.all !== true && hasEnded(job.stage)) continue;
      isMore = jobs.length === mostListed;
      if (isMore) break;
      jobs.push(job);
    }
  });
  const lines = jobs.map((job) => {
    const own = job.labels[sessionLabel] === context.session ? " (this session)" : "";
    return `${job.id}  ${job.stage}${own}  ${job.flavor}  created ${date(job.createdAt)}  ${oneLine(shortCommand(job.command), 100)}`;
  });
  const none = args.all === true ? "There are no jobs." : "No job runs. With all, those that have ended are listed.";
  const cut = isCut ? `\n(Of the account's jobs the newest ${grouped(mostLooked)} were looked at.)` : "";
  const more = isMore ? `\n(The newest ${mostListed} are shown.)` : cut;
  const data = jobs.map(({ id, stage, flavor }) => ({ job_id: id, stage, flavor }));
  return { ok: true, text: `${namespace}:\n${lines.join("\n") || none}${more}`, data, untrusted: "the list of jobs" };
}

/** `inspect`: how a job stands, what it runs, and what it uses. */
export async function inspect(args: Input, context: ToolContext): Promise<ToolResult> {
  const [namespace, id] = [args.namespace ?? "", args.job_id ?? ""];
  const job = await explained(context, namespace, `the job ${id}`, () => getJob(reachOf(context), namespace, id));
  const metric = job.stage === "RUNNING" ? await metricOf(namespace, id, context) : null;
  const rows: [string, string][] = [
    ["stage", job.message === "" ? job.stage : `${job.stage} (${job.message})`],
    ["hardware", job.flavor],
    ["image", job.dockerImage],
    ["command", shortCommand(job.command)],
    ["created", date(job.createdAt)],
    ["started", date(job.startedAt)],
    ["finished", date(job.finishedAt)],
    ["environment", Object.keys(job.environment).join(", ") || "-"],
    ["secrets", job.secretNames.join(", ") || "-"],
    ["uses", metric === null ? "-" : usage(metric)],
    ["page", jobPage(context.door.services.hub, namespace, id)],
  ];
  const text = `Job ${id} of ${namespace}\n${rows.map(([name, value]) => `${name}: ${value}`).join("\n")}`;
  return { ok: true, text, data: { job_id: id, namespace, stage: job.stage }, untrusted: `the job ${id}` };
}

async function metricOf(namespace: string, id: string, context: ToolContext): Promise<JobMetric | null> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(metricMs)]);
  try {
    for await (const metric of jobMetrics({ door: context.door, signal }, namespace, id)) return metric;
  } catch {
    context.signal.throwIfAborted();
  }
  return null;
}

function usage({ cpuPercent, memoryUsedBytes: used, memoryTotalBytes: total, gpus }: JobMetric): string {
  const memory = used === null || total === null ? "" : `memory ${shownBytes(used)} of ${shownBytes(total)}`;
  const cpu = cpuPercent === null ? "" : `CPU ${Math.round(cpuPercent)} %`;
  const each = gpus.map(({ utilization, memoryUsedBytes, memoryTotalBytes }, index) => {
    const share =
      memoryUsedBytes === null || memoryTotalBytes === null
        ? ""
        : `, ${shownBytes(memoryUsedBytes)} of ${shownBytes(memoryTotalBytes)}`;
    return `GPU ${index}: ${utilization === null ? "?" : Math.round(utilization)} %${share}`;
  });
  return [cpu, memory, ...each].filter((part) => part !== "").join("; ");
}

/** `logs`: the newest lines of a job's log. */
export async function logs(args: Input, context: ToolContext): Promise<ToolResult> {
  const [namespace, id] = [args.namespace ?? "", args.job_id ?? ""];
  const tail = tailLines(args, usualTail);
  const log = await readTail({ namespace, id }, tail, context);
  const job = await explained(context, namespace, `the job ${id}`, () => getJob(reachOf(context), namespace, id));
  const where = log.file === null ? "" : ` All that was read is in ${log.file}.`;
  const { lines, nothing } = log;
  return {
    ok: true,
    text: `Job ${id}: ${job.stage}. The newest ${lines.length} lines.${where}\n${lines.join("\n") || nothing}`,
    data: { job_id: id, stage: job.stage, lines: lines.length },
    untrusted: `the log of job ${id}`,
  };
}

/** `cancel`: ends a job in the account that pays for it. */
export async function cancel(args: Input, context: ToolContext): Promise<ToolResult> {
  const [namespace, id] = [args.namespace ?? "", args.job_id ?? ""];
  const before = await explained(context, namespace, `the job ${id}`, () => getJob(reachOf(context), namespace, id));
  if (hasEnded(before.stage)) {
    return {
      ok: true,
      text: `Job ${id} had ended already: ${before.stage}.`,
      data: { job_id: id, stage: before.stage },
    };
  }
  const job = await explained(context, namespace, `the job ${id}`, () => cancelJob(reachOf(context), namespace, id));
  return {
    ok: true,
    text: `Job ${id} of ${namespace} was cancelled (${job.stage}).`,
    data: { job_id: id, stage: job.stage },
  };
}
