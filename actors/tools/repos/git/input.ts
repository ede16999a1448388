// The parameters of hf_repo_git.
import * as z from "zod/mini";

const says = (text: string) => z.describe(text);

export const operations = [
  "repo_info",
  "list_refs",
  "list_commits",
  "create_branch",
  "delete_branch",
  "create_tag",
  "delete_tag",
  "list_prs",
  "list_discussions",
  "get_pr",
  "create_pr",
  "create_discussion",
  "comment_pr",
  "change_pr_status",
  "close_pr",
  "merge_pr",
  "create_repo",
  "update_repo",
  "move_repo",
  "duplicate_repo",
  "delete_repo",
] as const;

export const input = z.strictObject({
  operation: z.enum(operations).check(says("What to do.")),
  repo_id: z.string().check(says("owner/name.")),
  repo_type: z._default(z.enum(["model", "dataset", "space"]), "model").check(says("Its type.")),
  branch: z.optional(z.string().check(says("Its name."))),
  tag: z.optional(z.string().check(says("Its name."))),
  revision: z._default(z.string(), "main").check(says("Where a branch or tag begins; whose commits are listed.")),
  pr_num: z.optional(z.int().check(says("Number of a pull request or discussion."))),
  title: z.optional(z.string().check(says("Of a new pull request or discussion."))),
  description: z.optional(z.string().check(says("Its text; the message of a new tag."))),
  comment: z.optional(z.string().check(says("Said along with what is done."))),
  new_status: z.optional(z.enum(["open", "closed"]).check(says("For change_pr_status."))),
  status: z._default(z.enum(["open", "closed", "all"]), "open").check(says("Which are listed.")),
  private: z.optional(z.boolean().check(says("New repositories are private unless this is false."))),
  gated: z.optional(z.enum(["auto", "manual", "false"]).check(says("update_repo: who gets access."))),
  space_sdk: z.optional(z.enum(["gradio", "docker", "static", "streamlit"]).check(says("Needed for a new Space."))),
  to_repo: z.optional(z.string().check(says("owner/name that a repository is moved or copied to."))),
  exist_ok: z._default(z.boolean(), false).check(says("Creating what is there is no failure.")),
  offset: z.optional(z.int().check(says("First entry of a list, from 1."))),
  pinned: z.optional(z.string().check(says("Leave out; the program fills it in."))),
});

/** The arguments of a call, as its schema yields them. */
export type Input = z.infer<typeof input>;
export type Operation = Input["operation"];
