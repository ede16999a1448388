// What a sub-agent may use. Its policy denies whatever writes, runs, spends, publishes or deletes; this list only keeps
// out of its prompt what would be denied.

/** The tools of a sub-agent. */
export const researchTools: ReadonlySet<string> = new Set([
  "read",
  "glob",
  "grep",
  "list",
  "explore_hf_docs",
  "fetch_hf_docs",
  "find_hf_api",
  "hf_papers",
  "web_search",
  "web_fetch",
  "hf_inspect_dataset",
  "hf_repo_files",
  "hf_repo_git",
  "hf_spaces",
  "github_find_examples",
  "github_list_repos",
  "github_read_file",
  "github_issues",
]);
