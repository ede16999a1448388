// A stand-in for the Hub's Jobs API: it keeps jobs as the Hub does, streams their logs with all the faults that those
// streams have, and lets a spec decide what becomes of each job. Free of test libraries.
import { type Asked, type Reply, type Service, startService } from "./service.ts";

/** How a job goes by itself. What is not said is left to the spec, by the job's handle. */
export interface Course {
  /** Starts at once; default true. */
  starts?: boolean;
  /** What it writes, in lines. */
  lines?: readonly string[];
  /** How it ends; absent: it runs until `end` or a cancel. */
  end?: { stage: string; message?: string };
  /** Seconds that it has run by the Hub's clock when it ends; default 90. */
  seconds?: number;
  /** Its log stream stays open after its end. */
  neverCloses?: boolean;
  /** Each log stream ends after so many lines. */
  closesAfter?: number;
  /** Milliseconds that its clock differs from the Hub's. */
  skewMs?: number;
}

/** A job of the stand-in. */
export interface FakeJob {
  readonly id: string;
  readonly namespace: string;
  readonly spec: Record<string, unknown>;
  stage: string;
  start(): void;
  write(...lines: string[]): void;
  end(stage: string, message?: string): void;
  /** Ends the log streams of now, with or without the end of the answer. */
  closeLogs(how?: "end" | "cut"): void;
  /** Requests for its log so far. */
  logReads(): number;
}

export interface JobsService extends Service {
  /** The jobs in the order in which they were started. */
  readonly jobs: FakeJob[];
  readonly schedules: { id: string; namespace: string; suspend: boolean; body: Record<string, unknown> }[];
}

export interface JobsServiceOptions {
  user?: string;
  orgs?: readonly string[];
  /** How the n-th job goes, from 0. */
  course?: (spec: Record<string, unknown>, index: number) => Course;
  /** Answers before everything else; undefined: as usual. */
  before?: (asked: Asked, index: number) => Reply | undefined;
  /** Other requests, for example of a model or of repositories. */
  after?: (asked: Asked, index: number) => Reply | undefined | Promise<Reply | undefined>;
  hardware?: readonly object[];
  /** The addresses of a running job's ports. */
  exposes?: (job: FakeJob) => string[];
  /** It starts jobs, but its answer to that gets lost. */
  losesStarts?: boolean;
}

/** The Hub's answer to the question for hardware, in its shape. */
export const usualHardware = [
  machine("cpu-basic", 0.01, null),
  machine("cpu-upgrade", 0.03, null),
  machine("t4-small", 0.4, { model: "T4", vram: "16 GB" }),
  machine("a10g-large", 1.5, { model: "A10G", vram: "24 GB" }),
  machine("a100-large", 2.5, { model: "A100", vram: "80 GB" }),
];

function machine(name: string, hourly: number, gpu: { model: string; vram: string } | null): object {
  return {
    name,
    prettyName: `The ${name}`,
    cpu: "4 vCPU",
    ram: "16 GB",
    accelerator: gpu === null ? null : { type: "gpu", quantity: "1", manufacturer: "Nvidia", ...gpu },
    unitCostMicroUSD: Math.round((hourly / 60) * 1e6),
    unitCostUSD: hourly / 60,
    unitLabel: "minute",
  };
}

interface Kept extends FakeJob {
  course: Course;
  lines: { data: string; timestamp: string }[];
  /** Wakes the log streams. */
  waiting: Set<() => void>;
  closings: number;
  cut: boolean;
  reads: number;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  message: string | null;
}

const isOver = (stage: string): boolean => ["COMPLETED", "CANCELED", "ERROR", "DELETED"].includes(stage);

/** Starts it. */
export async function startJobsService(options: JobsServiceOptions = {}): Promise<JobsService> {
  const { user = "ada", orgs = [], hardware = usualHardware } = options;
  const jobs: Kept[] = [];
  const schedules: JobsService["schedules"] = [];

  function create(namespace: string, spec: Record<string, unknown>): Kept {
    const course = options.course?.(spec, jobs.length) ?? {};
    const wake = () => {
      for (const resume of job.waiting) resume();
      job.waiting.clear();
    };
    const job: Kept = {
      id: `job${jobs.length + 1}`,
      namespace,
      spec,
      course,
      stage: "SCHEDULING",
      lines: [],
      waiting: new Set(),
      closings: 0,
      cut: false,
      reads: 0,
      createdAt: Date.now(),
      startedAt: null,
      finishedAt: null,
      message: null,
      start() {
        job.stage = "RUNNING";
        job.startedAt = Date.now();
        wake();
      },
      write(...lines) {
        for (const data of lines) {
          const at = Date.now() + (course.skewMs ?? 0);
          job.lines.push({ data, timestamp: new Date(at).toISOString() });
        }
        wake();
      },
      end(stage, message) {
        if (isOver(job.stage)) return;
        job.stage = stage;
        job.message = message ?? null;
        job.finishedAt = (job.startedAt ?? job.createdAt) + (course.seconds ?? 90) * 1_000;
        wake();
      },
      closeLogs(how = "end") {
        job.closings += 1;
        job.cut = how === "cut";
        wake();
      },
      logReads: () => job.reads,
    };
    jobs.push(job);
    if (course.starts !== false) job.start();
    job.write(...(course.lines ?? []));
    if (course.end !== undefined) job.end(course.end.stage, course.end.message);
    return job;
  }

  async function* log(job: Kept): AsyncGenerator<string, void> {
    const { closings } = job;
    yield ": keep-alive\n\n";
    yield `data: ${JSON.stringify({ data: `===== Job started at ${new Date(job.createdAt).toISOString()} =====`, timestamp: new Date(job.createdAt).toISOString() })}\n\n`;
    for (let next = 0; ; ) {
      for (; next < job.lines.length; next += 1) {
        if (job.course.closesAfter !== undefined && next >= job.course.closesAfter && !isOver(job.stage)) return;
        yield `data: ${JSON.stringify(job.lines[next])}\n\n`;
      }
      if (job.closings !== closings || (isOver(job.stage) && job.course.neverCloses !== true)) return;
      await new Promise<void>((resolve) => job.waiting.add(resolve));
    }
  }

  function answerOfJob(job: Kept): object {
    const date = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    const secrets = Object.keys((job.spec.secrets ?? {}) as object);
    return {
      ...job.spec,
      id: job.id,
      createdAt: date(job.createdAt),
      startedAt: date(job.startedAt),
      finishedAt: date(job.finishedAt),
      secrets: Object.fromEntries(secrets.map((name) => [name, ""])),
      status: { stage: job.stage, message: job.message, exposeUrls: options.exposes?.(job) ?? [] },
      owner: { id: "1", name: job.namespace, type: job.namespace === user ? "user" : "org" },
    };
  }

  function onJobs(asked: Asked, [namespace = "", id = "", action = ""]: string[]): Reply | undefined {
    if (namespace !== user && !orgs.includes(namespace)) return { status: 403, body: { error: "Forbidden" } };
    if (id === "") {
      if (asked.method === "POST") {
        const job = create(namespace, asked.json as Record<string, unknown>);
        return options.losesStarts === true ? "cut" : { body: answerOfJob(job) };
      }
      const [key = "", value = ""] = (asked.query.get("label") ?? "").split("=");
      const stage = asked.query.get("stage");
      const found = jobs.filter((job) => {
        const labels = (job.spec.labels ?? {}) as Record<string, string>;
        return (
          job.namespace === namespace &&
          (key === "" || labels[key] === value) &&
          (stage === null || job.stage === stage)
        );
      });
      return { body: found.reverse().map(answerOfJob) };
    }
    const job = jobs.find((candidate) => candidate.id === id && candidate.namespace === namespace);
    if (job === undefined) return { status: 404, body: { error: "Job not found" } };
    if (action === "") return { body: answerOfJob(job) };
    if (action === "cancel" && asked.method === "POST") {
      job.end("CANCELED");
      return { body: answerOfJob(job) };
    }
    if (action !== "logs") return undefined;
    job.reads += 1;
    return { headers: { "content-type": "text/event-stream" }, body: log(job), cut: job.cut };
  }

  function onSchedules(asked: Asked, [namespace = "", id = "", action = ""]: string[]): Reply | undefined {
    const shown = (entry: JobsService["schedules"][number]) => ({
      ...entry.body,
      id: entry.id,
      suspend: entry.suspend,
      createdAt: "2026-01-01T00:00:00.000Z",
      status: { lastJob: { id: "job9", at: "2026-01-02T00:00:00.000Z" }, nextJobRunAt: "2026-01-03T00:00:00.000Z" },
      owner: { name: namespace },
    });
    if (id === "" && asked.method === "POST") {
      const entry = {
        id: `sched${schedules.length + 1}`,
        namespace,
        suspend: false,
        body: asked.json as object as Record<string, unknown>,
      };
      schedules.push(entry);
      return options.losesStarts === true ? "cut" : { body: shown(entry) };
    }
    const own = schedules.filter((one) => one.namespace === namespace);
    if (id === "") return { body: own.map(shown) };
    const entry = own.find((candidate) => candidate.id === id);
    if (entry === undefined) return { status: 404, body: { error: "Scheduled job not found" } };
    if (asked.method === "DELETE") schedules.splice(schedules.indexOf(entry), 1);
    if (action === "suspend" || action === "resume") entry.suspend = action === "suspend";
    return { body: shown(entry) };
  }

  const service = await startService((asked, index) => {
    const early = options.before?.(asked, index);
    if (early !== undefined) return early;
    if (asked.path === "/api/jobs/hardware") return { body: hardware };
    if (asked.path === "/api/whoami-v2") {
      const body = { type: "user", name: user, canPay: true, orgs: orgs.map((name) => ({ name, canPay: true })) };
      return { body: { ...body, auth: { accessToken: { role: "write" } } } };
    }
    const parts = asked.path.split("/").slice(3).map(decodeURIComponent);
    if (asked.path.startsWith("/api/jobs/")) return onJobs(asked, parts);
    if (asked.path.startsWith("/api/scheduled-jobs/")) return onSchedules(asked, parts);
    return options.after?.(asked, index);
  });
  return Object.assign(service, { jobs, schedules });
}
