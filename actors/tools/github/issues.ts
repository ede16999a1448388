// The tool for issues, pull requests, commits and releases on GitHub: its face to the model. What it does is in the
// folder beside it, which is loaded when it is needed.
import { defineTool } from "../contract.ts";
import { titleOf, touched } from "./issues/declares.ts";
import { type Input, input } from "./issues/input.ts";

/** Milliseconds: a pull request takes several requests, and what was not answered is looked for. */
const callLimitMs = 120_000;

/** Reads what is said and changed in repositories on GitHub, and takes part in it. */
export const githubIssues = defineTool<Input>({
  name: "github_issues",
  description: [
    "Issues, pull requests, commits and releases on GitHub: known bugs, their fixes, the release that has them.",
    "get: text and comments; of a pull request also branches, checks, reviews, files. diff: of a pull request, a commit, or head against base. commits, releases: a list, or one by sha or ref.",
    "The last four write with the user's token, once the user agrees.",
  ].join(" "),
  input,
  onCrash: "probe",
  settle: async (args, look) => (await import("./issues/actions.ts")).settle(args, look),
  touches: (args, { door }) => touched(args, new URL(door.services.github).host),
  title: titleOf,
  timeoutMs: () => callLimitMs,
  preview: async (args) => (await import("./issues/actions.ts")).preview(args),
  run: async (args, context) => (await import("./issues/actions.ts")).run(args, context),
  probe: async (args, context) => (await import("./issues/actions.ts")).probe(args, context),
});
