// The parameters of hf_spaces.
import * as z from "zod/mini";

const says = (text: string) => z.describe(text);

export const operations = [
  "info",
  "logs",
  "wait",
  "set_variable",
  "delete_variable",
  "set_secret",
  "delete_secret",
  "set_hardware",
  "set_sleep_time",
  "restart",
  "pause",
] as const;

/** What the program notes in a call when it settles it: for the policy, the person who approves, and the run. */
export interface Settled {
  /** What was there of that which is to be changed, as a text that differs when it has changed. */
  before?: string;
  /** How the Space was doing. */
  stage?: string;
  /** The machine that runs on account of the call, where that costs. */
  charge?: Charge;
}

/** A machine that costs, for as long as the Space is awake. */
export interface Charge {
  hardware: string;
  /** US dollars; null: nobody says. */
  usd_per_hour: number | null;
  /** Of when the price is, where it is not the Hub's word of now. */
  as_of?: string;
  /** Seconds without a visitor after which it sleeps and costs nothing; null: never. */
  sleep_s: number | null;
}

const schema = z.strictObject({
  operation: z.enum(operations).check(says("What to do.")),
  repo_id: z.string().check(says("owner/name.")),
  name: z.optional(z.string().check(says("Of the variable or secret."))),
  value: z.optional(z.string().check(says("Of the variable: all can read it."))),
  secret: z.optional(
    z.string().check(says("set_secret: which of the user's, HF_TOKEN or one of job_secrets. Default name.")),
  ),
  hardware: z.optional(z.string().check(says("Its name; a wrong one is answered with all."))),
  sleep_time: z.optional(z.int().check(says("Seconds without visitors until it sleeps, -1 never."))),
  factory: z.optional(z.boolean().check(says("restart: build anew."))),
  kind: z.optional(z.enum(["run", "build"]).check(says("Which log. Default run."))),
  tail: z.optional(z.int().check(says("Lines of a log. Default 200."))),
  timeout: z.optional(z.int().check(says("wait: seconds. Default 900."))),
  settled: z.optional(z.unknown().check(says("Leave out."))),
});

/** The arguments of a call, as its schema yields them. */
export type Input = Omit<z.infer<typeof schema>, "settled"> & { settled?: Settled | undefined };
export type Operation = Input["operation"];

/** The parameters. What stands in `settled` is the program's own: `settle` passes over whatever a model puts there. */
export const input = schema as unknown as z.ZodMiniType<Input>;

/** Operations that look and change nothing. */
export type Reading = "info" | "logs" | "wait";
export const isReading = (operation: Operation): operation is Reading =>
  operation === "info" || operation === "logs" || operation === "wait";

/** Seconds that `wait` waits at most. */
export function waitSeconds({ timeout = 900 }: Pick<Input, "timeout">): number {
  return Math.min(Math.max(timeout, 1), 7_200);
}
