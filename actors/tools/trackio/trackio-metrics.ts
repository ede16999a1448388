// The tool that reads what trainings have logged with Trackio where commands run: on this machine, or on the sandbox.
import * as z from "zod/mini";
import { defineTool, type ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";

const timeoutMs = 60_000;
/** Milliseconds that the sandbox gets beyond that, to end the reader and answer. */
const marginMs = 30_000;
const usualPoints = 20;
const mostPoints = 200;
/** Runs in one answer, and metrics of one run. */
const mostRuns = 12;
const mostMetrics = 40;

const input = z.strictObject({
  project: z.optional(z.string().check(z.describe("The project. Default: the only one, else the list of all."))),
  runs: z._default(z.array(z.string()), []).check(z.describe(`Names of runs. Default: the newest ${mostRuns}.`)),
  metric: z.optional(z.string().check(z.describe("The metric whose curve to show, step by step."))),
  after: z.optional(z.int().check(z.describe("With metric: only steps after this one."))),
  points: z
    ._default(z.int().check(z.minimum(2), z.maximum(mostPoints)), usualPoints)
    .check(z.describe(`With metric: points of each run. Default ${usualPoints}.`)),
  dir: z.optional(z.string().check(z.describe("Trackio's folder. Default: TRACKIO_DIR, else Trackio's own."))),
});

type Input = z.infer<typeof input>;

/** Reads Trackio's records. */
export const trackioMetrics = defineTool<Input>({
  name: "trackio_metrics",
  description: [
    "Reads what was logged with Trackio where commands run, also by a training that still goes on.",
    "Without metric: each run's config, last, least and greatest value of each metric, values that are not finite, alerts. With metric: the runs' curves beside each other.",
  ].join(" "),
  input,
  paths: ["dir"],
  onCrash: "pure",
  touches: (_, { workspace }) => [{ kind: "run", path: workspace }],
  title: ({ project, metric, runs }) => {
    const which = [project ?? "", runs.length === 0 ? "" : `(${runs.join(", ")})`].filter((part) => part !== "");
    return `Trackio: ${[metric ?? "runs", ...(which.length === 0 ? [] : ["of", ...which])].join(" ")}`;
  },
  timeoutMs: () => timeoutMs + 2 * marginMs,

  async run(args, context) {
    const [{ answerIn }, { renderProjects, renderRuns }] = await Promise.all([
      import("./answer.ts"),
      import("./render.ts"),
    ]);
    const answer = answerIn(await read(args, context));
    return { ok: true, text: "runs" in answer ? renderRuns(answer) : renderProjects(answer), data: answer };
  },
});

/** The reader's output. Throws a `ToolError` when it does not come to its end. */
async function read(args: Input, context: ToolContext): Promise<string> {
  const { commandFor, noPython } = await import("./reader.ts");
  const command = commandFor({
    dir: args.dir ?? null,
    project: args.project ?? null,
    runs: args.runs,
    metric: args.metric ?? null,
    after: args.after ?? null,
    // What is more than the sandbox passes on would lose its middle, and with it its meaning.
    most: { points: args.points, runs: mostRuns, metrics: mostMetrics, chars: Math.floor(context.outputChars * 0.6) },
  });
  const request = { callId: context.callId, command, cwd: context.workspace, timeoutMs, background: false };
  const { status, output } = await context.sandbox.ask(
    "exec",
    { ...request, title: "read Trackio's records" },
    { deadlineMs: timeoutMs + marginMs, signal: context.signal },
  );
  if (status.state === "exited" && status.code === 0) return output.text;
  if (status.state === "exited" && status.code === noPython) {
    throw new ToolError("NOT_FOUND", "Commands find no Python, which it takes to read Trackio's records.");
  }
  if (status.state === "timed_out") {
    throw new ToolError("TIMEOUT", `Reading took more than ${timeoutMs / 1000} s.`, "Name fewer runs.");
  }
  throw new ToolError("SYSTEM", `Trackio's records could not be read: ${output.text.trim().slice(-300)}`);
}
