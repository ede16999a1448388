// The tools on offer, in the order in which models see them. The order is part of the prompt's prefix: new tools go
// to the end.
import { bash } from "./bash.ts";
import { edit } from "./edit.ts";
import type { AnyTool } from "./executor.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { hfJobs } from "./jobs/hf-jobs.ts";
import { list } from "./list.ts";
import { notify } from "./notify.ts";
import { plan } from "./plan.ts";
import { read } from "./read.ts";
import { write } from "./write.ts";

/** All tools. */
export const catalogue: readonly AnyTool[] = [bash, read, write, edit, glob, grep, list, plan, notify, hfJobs];
