// The tool for everything about repositories on the Hub but their files.
import { defineTool } from "../contract.ts";
import { titleOf, touched } from "./git/declares.ts";
import { type Input, input } from "./git/input.ts";
import { hubHost, repoOf } from "./names.ts";

/** Branches, tags, pull requests, discussions, and repositories as wholes. */
export const hfRepoGit = defineTool<Input>({
  name: "hf_repo_git",
  description: [
    "Repositories on the Hugging Face Hub, all but their files (for those hf_repo_files): branches, tags, commits, pull requests, discussions, and repositories as wholes.",
    "get_pr (comments and diff), comment_pr, change_pr_status and close_pr take pull requests and discussions alike.",
    "create_pr opens a draft: upload to revision refs/pr/N, then change_pr_status to open.",
    "What others can see is checked with the user unless their rules allow it; deleting a repository always is.",
  ].join(" "),
  input,
  onCrash: "probe",
  settle: async (args, look) => (await import("./git/actions.ts")).settle(args, look),
  touches: (args, { door }) => touched(args, repoOf(args, door).id, hubHost(door)),
  title: titleOf,
  preview: async (args, context) => (await import("./git/actions.ts")).preview(args, context),
  run: async (args, context) => (await import("./git/actions.ts")).run(args, context),
  probe: async (args, context) => (await import("./git/actions.ts")).probe(args, context),
});
