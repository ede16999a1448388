// The tool that finds examples in repositories on GitHub.
import * as z from "zod/mini";
import { defineTool } from "../contract.ts";
import { fromOutside } from "../outside.ts";

const input = z.strictObject({
  repo: z.optional(
    z.string().check(z.describe("owner/name, its address, or the name alone. Without: the owner's best repositories.")),
  ),
  org: z.optional(z.string().check(z.describe("The owner, where repo does not say it. Default huggingface."))),
  keyword: z.optional(z.string().check(z.describe("What the example is to show, for example grpo, lora sft."))),
  max_results: z.optional(z.int().check(z.describe("1 to 100. Default 30."))),
  min_score: z.optional(z.int().check(z.describe("Leaves out files that fit less, 1 to 100. Default 60."))),
});

/** The arguments of a call. */
export type FindExamplesArgs = z.infer<typeof input>;

/** Walking a large repository takes many requests. */
const callLimitMs = 120_000;

/** Finds examples. */
export const githubFindExamples = defineTool<FindExamplesArgs>({
  name: "github_find_examples",
  description: [
    "Finds files on GitHub that show how something is done: examples, notebooks, tutorials, training scripts of a repository, best first, each with a score.",
    "A keyword is looked for in paths and, where the user has set a token, in the code itself, with the lines that hold it.",
    "Use it before you write code against a library whose current interface you have not seen, then read the best file with github_read_file.",
    "A repository that does not exist is answered with similar ones.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (_, { door }) => [{ kind: "network", host: new URL(door.services.github).host }],
  title: ({ repo, org, keyword }) =>
    `Find examples${keyword ? ` of ${keyword}` : ""} in ${repo ?? org ?? "huggingface"}`,
  timeoutMs: () => callLimitMs,

  async run(args, context) {
    const { findExamples } = await import("./examples/find.ts");
    return fromOutside("github.com", context.signal, () => findExamples(args, context));
  },
});
