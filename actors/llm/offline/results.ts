// What the training program prints, read back from tool results. A program of the user's folder may have been changed
// or cut off, so each result is checked before it is believed.
import * as z from "zod/mini";

const named = z.object({ name: z.string(), reason: z.string() });
const metrics = z.record(z.string(), z.number());

/** What lies at the path (`table`: text with delimiters), and which names of ours are taken in the workspace. */
export const lookResult = z.object({
  state: z.enum(["table", "missing", "directory", "empty", "binary", "json", "markup", "prose", "one_column"]),
  path: z.string(),
  taken: z.array(z.string()),
  near: z.array(z.string()),
});
export type Look = z.infer<typeof lookResult>;

/** What the table holds and which task it poses. */
export const profileResult = z.object({
  rows: z.number(),
  columns: z.number(),
  usable: z.number(),
  delimiter: z.string(),
  header: z.boolean(),
  target: z.string(),
  kind: z.enum(["classification", "regression"]),
  classes: z.array(z.object({ name: z.string(), rows: z.number() })),
  features: z.number(),
  shown: z.array(z.object({ name: z.string(), type: z.string(), missing: z.number() })),
  dropped: z.array(named),
  notices: z.array(z.string()),
});
export type Profile = z.infer<typeof profileResult>;

/** The scores of one candidate by seed, and its learning curve. */
export const trainResult = z.object({
  candidate: z.string(),
  small: z.boolean(),
  train: z.number(),
  validation: z.number(),
  features: z.number(),
  scores: z.array(metrics),
  chosen: z.array(z.record(z.string(), z.number())),
  curve: z.array(z.object({ rows: z.number(), mean: z.number(), sd: z.number() })),
});
export type Training = z.infer<typeof trainResult>;

/** The winner's scores on the test rows. */
export const testResult = z.object({
  candidate: z.string(),
  train: z.number(),
  test: z.number(),
  metrics,
  interval: z.tuple([z.number(), z.number()]),
  baseline: metrics,
  confusion: z.nullable(z.array(z.array(z.number()))),
});
export type Test = z.infer<typeof testResult>;

/** Why the program refuses a table. */
const problem = z.object({ code: z.string(), message: z.string() });
export type Problem = z.infer<typeof problem>;

/** The JSON after the last line that begins with a word, wherever that line stands in the text; null when none fits. */
function readLine<S extends z.ZodMiniType>(text: string, word: string, schema: S): z.infer<S> | null {
  const lines = text.split("\n").filter((line) => line.includes(`${word} {`));
  const line = lines.at(-1);
  if (line === undefined) return null;
  try {
    const json: unknown = JSON.parse(
      line.slice(line.indexOf(`${word} {`) + word.length + 1, line.lastIndexOf("}") + 1),
    );
    const checked = schema.safeParse(json);
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}

/** The last `RESULT {…}` of a text that fits the schema. */
export function readResult<S extends z.ZodMiniType>(text: string, schema: S): z.infer<S> | null {
  return readLine(text, "RESULT", schema);
}

/** The last `PROBLEM {…}` of a text. */
export function readProblem(text: string): Problem | null {
  return readLine(text, "PROBLEM", problem);
}

const outOfMemory = (text: string): boolean =>
  /heap out of memory|Cannot allocate|exit code (134|137)\b|\bKilled\b/.test(text);
const outOfTime = (text: string): boolean => /timed? ?out/i.test(text);

/** Whether a command failed for want of memory or time, so that less work may succeed. */
export function isTooMuch(text: string): boolean {
  return outOfMemory(text) || outOfTime(text);
}

/** Why a command failed, in a few words for people. */
export function diagnose(text: string): string {
  if (outOfMemory(text)) return "it ran out of memory";
  if (outOfTime(text)) return "it ran out of time";
  if (/node: (command )?not found|exit code 127\b/.test(text)) return "there is no `node` on the PATH of commands";
  const lines = text.split("\n").map((line) => line.trim());
  const telling = lines.find((line) => /error|cannot|not found|denied|no space/i.test(line));
  const last = lines.filter((line) => line !== "").at(-1) ?? "it gave no output";
  return (telling ?? last).slice(0, 300);
}
