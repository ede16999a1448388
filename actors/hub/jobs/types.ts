// Jobs on the Hub: containers that run to an end and are paid by the minute. The Hub's API, as we use it.

/** Where a job stands. `UPDATING` is an older name for `SCHEDULING`; a name that we do not know counts as running. */
export type JobStage = "SCHEDULING" | "UPDATING" | "RUNNING" | "COMPLETED" | "CANCELED" | "ERROR" | "DELETED";

/** A repository or bucket that is mounted into a job. */
export interface JobVolume {
  type: "model" | "dataset" | "space" | "bucket";
  /** `owner/name`. */
  source: string;
  mountPath: string;
  readOnly?: boolean;
}

/** What a job is to run. */
export interface JobSpec {
  /**
   * A Docker image, or a Space whose image it is; one of the two. The image's entry point is not used: `command` is
   * executed as it is, without a shell.
   */
  dockerImage?: string;
  spaceId?: string;
  command: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Values that the Hub keeps to itself; in its answers only their names come back. */
  secrets?: Readonly<Record<string, string>>;
  flavor: string;
  timeoutSeconds: number;
  labels?: Readonly<Record<string, string>>;
  volumes?: readonly JobVolume[];
  /** Ports that become reachable at `https://<job>--<port>.hf.jobs`, for those who hold a token of the owner's. */
  expose?: { ports: readonly number[] };
}

/** A job as the Hub knows it. Times are milliseconds since 1970 by the Hub's clock; null: not yet, or not said. */
export interface JobInfo {
  id: string;
  /** The user or organisation that it belongs to, who pays; empty when the Hub does not say. */
  namespace: string;
  stage: string;
  /** What the Hub says of the stage, for example why a job failed; empty for nothing. */
  message: string;
  createdAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** Seconds that it has run, by the Hub's own count; null when the Hub does not say. */
  runningSeconds: number | null;
  dockerImage: string;
  command: string[];
  flavor: string;
  environment: Record<string, string>;
  secretNames: string[];
  labels: Record<string, string>;
  timeoutSeconds: number | null;
  /** The addresses of its exposed ports. */
  exposeUrls: string[];
}

/** A job that the Hub starts again and again. */
export interface ScheduledJob {
  id: string;
  namespace: string;
  schedule: string;
  suspended: boolean;
  createdAt: number | null;
  /** The job that ran last, and when. */
  last: { id: string; at: number | null } | null;
  nextAt: number | null;
  dockerImage: string;
  command: string[];
  flavor: string;
  labels: Record<string, string>;
  timeoutSeconds: number | null;
}

/** A line that a job has written. */
export interface JobLine {
  text: string;
  /** Milliseconds since 1970 by the job's clock; null when it came without. */
  at: number | null;
}

/** What a job uses at a moment. */
export interface JobMetric {
  cpuPercent: number | null;
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
  gpus: { utilization: number | null; memoryUsedBytes: number | null; memoryTotalBytes: number | null }[];
}

/** A kind of machine that jobs can have. */
export interface Flavor {
  name: string;
  /** For people, for example `Nvidia A10G - small`. */
  title: string;
  cpu: string;
  ram: string;
  gpu: { model: string; count: number /** Of all together. */; vramGb: number | null } | null;
  /** US dollars; null when the Hub does not say. */
  usdPerHour: number | null;
}

const ends: ReadonlySet<string> = new Set(["COMPLETED", "CANCELED", "ERROR", "DELETED"] satisfies JobStage[]);

/** Whether a job in this stage is over and costs nothing any more. */
export function hasEnded(stage: string): boolean {
  return ends.has(stage);
}

/** Whether a job in this stage still waits for its machine, which costs nothing. */
export function isWaiting(stage: string): boolean {
  return stage === "SCHEDULING" || stage === "UPDATING";
}
