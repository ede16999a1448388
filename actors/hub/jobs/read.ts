// Reads what the Jobs API answers. Nothing is taken for granted but the id.
import { asCount, asList, asObject, asObjects, asText } from "../../shape.ts";
import type { JobInfo, JobLine, JobMetric, ScheduledJob } from "./types.ts";

type Raw = Record<string, unknown>;

/** An ISO date as milliseconds since 1970; null for what is none. */
export function timeOf(value: unknown): number | null {
  const at = Date.parse(asText(value));
  return Number.isFinite(at) ? at : null;
}

function textsIn(value: unknown): Record<string, string> {
  const entries = Object.entries(asObject(value) ?? {});
  return Object.fromEntries(entries.flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])));
}

const words = (value: unknown): string[] => asList(value).flatMap((word) => (typeof word === "string" ? [word] : []));

/** A job; null when the answer is none. */
export function readJob(value: unknown): JobInfo | null {
  const raw = asObject(value);
  const id = asText(raw?.id);
  if (raw === null || id === "") return null;
  const status = asObject(raw.status);
  return {
    id,
    namespace: asText(asObject(raw.owner)?.name),
    stage: asText(status?.stage).toUpperCase(),
    message: asText(status?.message),
    createdAt: timeOf(raw.createdAt),
    startedAt: timeOf(raw.startedAt),
    finishedAt: timeOf(raw.finishedAt),
    runningSeconds: asCount(asObject(raw.durations)?.runningSecs),
    ...machineIn(raw),
    environment: textsIn(raw.environment),
    secretNames: Object.keys(asObject(raw.secrets) ?? {}),
    labels: textsIn(raw.labels),
    exposeUrls: words(status?.exposeUrls),
  };
}

/** What runs, and on what. */
function machineIn(raw: Raw): Pick<JobInfo, "dockerImage" | "command" | "flavor" | "timeoutSeconds"> {
  return {
    dockerImage: asText(raw.dockerImage) || asText(raw.spaceId),
    command: [...words(raw.command), ...words(raw.arguments)],
    flavor: asText(raw.flavor),
    timeoutSeconds: asCount(raw.timeoutSeconds) ?? asCount(raw.timeout),
  };
}

/** A schedule; null when the answer is none. */
export function readScheduled(value: unknown): ScheduledJob | null {
  const raw = asObject(value);
  const id = asText(raw?.id);
  if (raw === null || id === "") return null;
  const status = asObject(raw.status);
  const last = asObject(status?.lastJob);
  return {
    id,
    namespace: asText(asObject(raw.owner)?.name),
    schedule: asText(raw.schedule),
    suspended: raw.suspend === true,
    createdAt: timeOf(raw.createdAt),
    // The Hub names the time `at`.
    last: last === null ? null : { id: asText(last.id), at: timeOf(last.at) },
    nextAt: timeOf(status?.nextJobRunAt),
    labels: textsIn(asObject(raw.jobSpec)?.labels),
    ...machineIn(asObject(raw.jobSpec) ?? {}),
  };
}

/** A line of the log stream; null for an event that is none. */
export function readLine(value: unknown): JobLine | null {
  const raw = asObject(value);
  if (raw === null || typeof raw.data !== "string") return null;
  return { text: raw.data, at: typeof raw.timestamp === "number" ? raw.timestamp : timeOf(raw.timestamp) };
}

/** One report of the metrics stream; null for what is none. */
export function readMetric(value: unknown): JobMetric | null {
  const raw = asObject(value);
  if (raw === null) return null;
  const gpus = Array.isArray(raw.gpus) ? asObjects(raw.gpus) : asObjects(Object.values(asObject(raw.gpus) ?? {}));
  return {
    cpuPercent: asCount(raw.cpu_usage_pct),
    memoryUsedBytes: asCount(raw.memory_used_bytes),
    memoryTotalBytes: asCount(raw.memory_total_bytes),
    gpus: gpus.map((gpu) => ({
      utilization: asCount(gpu.utilization),
      memoryUsedBytes: asCount(gpu.memory_used_bytes),
      memoryTotalBytes: asCount(gpu.memory_total_bytes),
    })),
  };
}
