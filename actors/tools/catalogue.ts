// The tools on offer, in the order in which models see them. The order is part of the prompt's prefix: new tools go
// to the end.
import { bash } from "./bash.ts";
import { edit } from "./edit.ts";
import type { AnyTool } from "./executor.ts";
import { githubFindExamples } from "./github/find-examples.ts";
import { githubListRepos } from "./github/list-repos.ts";
import { githubReadFile } from "./github/read-file.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { list } from "./list.ts";
import { notify } from "./notify.ts";
import { papers } from "./papers/tool.ts";
import { plan } from "./plan.ts";
import { read } from "./read.ts";
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
  papers,
  githubFindExamples,
  githubListRepos,
  githubReadFile,
];
