// The tools on offer, in the order in which models see them. The order is part of the prompt's prefix: new tools go
// to the end.
import { bash } from "./bash.ts";
import { exploreDocs } from "./docs/explore-docs.ts";
import { fetchDocs } from "./docs/fetch-docs.ts";
import { findApi } from "./docs/find-api.ts";
import { edit } from "./edit.ts";
import type { AnyTool } from "./executor.ts";
import { githubFindExamples } from "./github/find-examples.ts";
import { githubIssues } from "./github/issues.ts";
import { githubListRepos } from "./github/list-repos.ts";
import { githubReadFile } from "./github/read-file.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { hfInspectDataset } from "./hf-inspect-dataset.ts";
import { hfJobs } from "./jobs/hf-jobs.ts";
import { list } from "./list.ts";
import { sandboxCreate } from "./machine/sandbox-create.ts";
import { notify } from "./notify.ts";
import { papers } from "./papers/tool.ts";
import { plan } from "./plan.ts";
import { read } from "./read.ts";
import { hfRepoFiles } from "./repos/files.ts";
import { hfRepoGit } from "./repos/git.ts";
import { research } from "./research.ts";
import { hfSpaces } from "./spaces/hf-spaces.ts";
import { shareTraces } from "./traces/share-traces.ts";
import { trackioMetrics } from "./trackio/trackio-metrics.ts";
import { webFetch } from "./web/web-fetch.ts";
import { webSearch } from "./web/web-search.ts";
import { write } from "./write.ts";

/** All tools. */
export const catalogue: readonly AnyTool[] = [
  bash,
  read,
  write,
  edit,
  glob,
  grep,
  list,
  plan,
  notify,
  research,
  sandboxCreate,
  exploreDocs,
  fetchDocs,
  findApi,
  webSearch,
  webFetch,
  papers,
  githubFindExamples,
  githubListRepos,
  githubReadFile,
  hfInspectDataset,
  hfRepoFiles,
  hfRepoGit,
  hfJobs,
  shareTraces,
  trackioMetrics,
  hfSpaces,
  githubIssues,
];
