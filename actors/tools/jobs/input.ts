// The parameters of hf_jobs. The names are those of the original ML Intern where it had them.
import * as z from "zod/mini";
import { costOf } from "../../hub/jobs/cost.ts";
import { gateNames } from "./gates/names.ts";
import type { Recurrence } from "./recurring-cost.ts";

/** What hf_jobs can do. */
export const operations = [
  "run",
  "ps",
  "logs",
  "inspect",
  "wait",
  "cancel",
  "hardware",
  "scheduled run",
  "scheduled ps",
  "scheduled inspect",
  "scheduled suspend",
  "scheduled resume",
  "scheduled delete",
] as const;

/** What the program notes in a call when it settles it: for the policy, the person who approves, and the run. */
export interface Settled {
  script_name?: string;
  seconds?: number;
  usd_per_hour?: number | null;
  /** Whose word the price is. */
  price?: string;
  gpu?: string;
  /** What the gates had against it and were overruled in. */
  overruled?: string[];
  /** This session has started the job. */
  own?: boolean;
  /** The jobs to wait for, each with the account that has it. */
  jobs?: { id: string; namespace: string; own: boolean }[];
  /** How often a new schedule runs. */
  recurrence?: Recurrence;
  /** The schedule that is to run again. */
  resumes?: Resumed;
  dashboard?: "create" | "fill" | "ready";
  /** The data set whose columns the viewer's server was asked for. */
  dataset?: string;
}

/** A schedule that is to run again. */
export interface Resumed {
  schedule: string;
  recurrence: Recurrence | null;
  flavor: string;
  command: string;
  /** What a run costs at most, in US dollars; null: nobody says. */
  usd: number | null;
}

const texts = z.array(z.string());
const map = z.record(z.string(), z.string());

const schema = z.strictObject({
  operation: z.enum(operations).check(z.describe("What to do.")),
  script: z.optional(z.string().check(z.describe("Python for uv: its text, a workspace path, or a URL."))),
  script_args: z.optional(texts.check(z.describe("The script's."))),
  dependencies: z.optional(texts.check(z.describe("As pip takes them; beside the script's `# /// script` header."))),
  python: z.optional(z.string().check(z.describe("Version, for example 3.12."))),
  image: z.optional(z.string().check(z.describe("Docker image; for a script one with uv and python3."))),
  command: z.optional(
    texts.check(z.describe('Instead of script: program and arguments. A shell only as ["bash", "-c", …].')),
  ),
  hardware_flavor: z.optional(z.string().check(z.describe("See hardware. Default cpu-basic."))),
  timeout: z.optional(z.string().check(z.describe("90s, 45m, 6h, 1d. Default 30m."))),
  env: z.optional(map.check(z.describe("Nothing secret."))),
  secrets: z.optional(
    texts.check(z.describe("Names: HF_TOKEN, or what the user's settings let jobs have; values are the user's own.")),
  ),
  volumes: z.optional(
    texts.check(z.describe("hf://datasets/owner/name:/data (models, datasets, spaces; buckets can be written).")),
  ),
  labels: z.optional(map.check(z.describe("To find it by."))),
  namespace: z.optional(z.string().check(z.describe("Who pays: the user (default) or an organisation."))),
  wait: z.optional(z.boolean().check(z.describe("Default true: until the job has ended."))),
  trackio: z.optional(
    z
      .strictObject({ space: z.string(), project: z.string() })
      .check(z.describe("Dashboard in a Space owner/name of the payer's.")),
  ),
  overrule: z.optional(z.array(z.enum(gateNames)).check(z.describe("Checks to pass although they object."))),
  job_id: z.optional(z.string().check(z.describe("Of logs, inspect, wait, cancel."))),
  job_ids: z.optional(texts.check(z.describe("wait: several."))),
  wait_minutes: z.optional(z.number().check(z.describe("wait: at most. Default 60."))),
  scheduled_job_id: z.optional(z.string().check(z.describe("Of a schedule."))),
  schedule: z.optional(z.string().check(z.describe("Cron, or @hourly, @daily, @weekly, @monthly."))),
  all: z.optional(z.boolean().check(z.describe("ps: ended ones too."))),
  tail: z.optional(z.int().check(z.describe("Log lines. Default 200; wait 80."))),
  settled: z.optional(z.record(z.string(), z.unknown()).check(z.describe("Leave out."))),
});

export type Input = Omit<z.infer<typeof schema>, "settled"> & { settled?: Settled | undefined };

/** The parameters. What stands in `settled` is the program's own: `settleCall` passes over whatever a model puts there. */
export const input = schema as unknown as z.ZodMiniType<Input>;
export type Operation = Input["operation"];

/** Operations that look and change nothing. */
export const reads: ReadonlySet<Operation> = new Set([
  "ps",
  "logs",
  "inspect",
  "wait",
  "hardware",
  "scheduled ps",
  "scheduled inspect",
]);

/** Seconds that `wait` waits at most: a day, beyond which a person has gone home. */
export function waitSeconds({ wait_minutes: minutes = 60 }: Pick<Input, "wait_minutes">): number {
  return Math.round(Math.min(Math.max(minutes * 60, 1), 86_400));
}

/** The jobs that are waited for, each once. */
export function waitedFor({ job_id: one, job_ids: several = [] }: Pick<Input, "job_id" | "job_ids">): string[] {
  return [...new Set(one === undefined ? several : [one, ...several])];
}

/** Lines of a log that are shown. */
export function tailLines({ tail }: Pick<Input, "tail">, usual: number): number {
  return Math.min(Math.max(tail ?? usual, 1), 5_000);
}

/** Whether the operation launches something that is paid for. */
export const launches = (operation: Operation): boolean => operation === "run" || operation === "scheduled run";

/** The most that a settled run costs, in US dollars; null when nobody says what the machine costs. */
export function mostUsd({ settled }: Input): number | null {
  const price = settled?.usd_per_hour ?? null;
  return price === null ? null : costOf(settled?.seconds ?? 0, price);
}
