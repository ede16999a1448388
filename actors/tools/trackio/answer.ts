// What the reader answers, checked: it was computed from files that anybody may have written.
import * as z from "zod/mini";
import { ToolError } from "../errors.ts";

/** A number as the reader writes it; JSON has none for what is not finite. */
const value = z.union([z.number(), z.enum(["nan", "inf", "-inf"])]);
const step = z._default(z.nullable(z.number()), null);

const metric = z.object({
  /** How often it was logged. */
  count: z.number(),
  last: value,
  step,
  /** Of its finite values; null: it never had one. */
  min: z.nullable(z.number()),
  min_step: step,
  max: z.nullable(z.number()),
  max_step: step,
  /** How many values were not finite, and the first step of those. */
  not_finite: z.number(),
  not_finite_from: step,
});

const run = z.object({
  name: z.string(),
  /** When it logged last, ISO 8601; empty: never. */
  last: z.string(),
  step,
  metrics: z.record(z.string(), metric),
  config: z._default(z.record(z.string(), z.string()), {}),
  more_metrics: z._default(z.number(), 0),
  alerts: z._default(z.array(z.object({ title: z.string(), text: z.string(), level: z.string(), step })), []),
  more_alerts: z._default(z.number(), 0),
  points: z._default(z.array(z.tuple([z.number(), value])), []),
  points_in_all: z._default(z.number(), 0),
});

const failure = z.object({
  error: z.object({ code: z.enum(["NOT_FOUND", "SYSTEM"]), message: z.string(), known: z.array(z.string()) }),
});
const projects = z.object({ dir: z.string(), projects: z.array(z.string()), more_projects: z.number() });
const runs = z.object({
  dir: z.string(),
  project: z.string(),
  metric: z.nullable(z.string()),
  runs: z.array(run),
  more_runs: z.number(),
});

export type Value = z.infer<typeof value>;
export type MetricSummary = z.infer<typeof metric>;
export type RunRecord = z.infer<typeof run>;
export type ProjectList = z.infer<typeof projects>;
export type RunList = z.infer<typeof runs>;

/** Reads the last line of the reader's output. Throws a `ToolError` for what the reader refuses, and for no answer. */
export function answerIn(output: string): ProjectList | RunList {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  let said: unknown = null;
  try {
    said = JSON.parse(line);
  } catch {}
  const failed = failure.safeParse(said);
  if (failed.success) {
    const { code, message, known } = failed.data.error;
    throw new ToolError(code, message, known.length === 0 ? undefined : `There is: ${known.join(", ")}.`);
  }
  const found = z.union([runs, projects]).safeParse(said);
  if (found.success) return found.data;
  throw new ToolError("SYSTEM", `Trackio's records could not be read: ${line.slice(0, 300) || "no answer"}`);
}
