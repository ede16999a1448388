// Which of the program's tools other agents are offered, and what is said of each: those that know something of machine
// learning, and those that read files. A run of commands and changes of files every agent has of its own.
import type { ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";

const here: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
const reading: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: true };
/** Some of its operations change something outside this machine, and what they change may be gone. */
const changing: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};

/** The tools by name; those that the catalogue does not have are not there. */
export const served: Readonly<Record<string, ToolAnnotations>> = {
  read: here,
  glob: here,
  grep: here,
  list: here,
  explore_hf_docs: reading,
  fetch_hf_docs: reading,
  find_hf_api: reading,
  hf_papers: reading,
  hf_inspect_dataset: reading,
  trackio_metrics: here,
  web_search: reading,
  github_find_examples: reading,
  github_list_repos: reading,
  github_read_file: reading,
  hf_repo_files: changing,
  hf_repo_git: changing,
  hf_jobs: changing,
  hf_spaces: changing,
  github_issues: changing,
};
