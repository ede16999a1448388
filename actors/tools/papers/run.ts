// Runs an operation on papers and puts what must be known of the answer beside it.
import type { ToolContext } from "../contract.ts";
import { fromOutside } from "../outside.ts";
import type { ToolResult } from "../protocol.ts";
import { openDesk } from "./desk.ts";
import { citationGraph } from "./operations/citation-graph.ts";
import { findAllResources } from "./operations/find-all-resources.ts";
import { findCollections } from "./operations/find-collections.ts";
import { findDatasets } from "./operations/find-datasets.ts";
import { findModels } from "./operations/find-models.ts";
import type { Operation } from "./operations/operation.ts";
import { paperDetails } from "./operations/paper-details.ts";
import { readPaper } from "./operations/read-paper.ts";
import { recommend } from "./operations/recommend.ts";
import { search } from "./operations/search.ts";
import { snippetSearch } from "./operations/snippet-search.ts";
import { trending } from "./operations/trending.ts";
import type { PapersArgs } from "./tool.ts";

const operations: Record<PapersArgs["operation"], Operation> = {
  trending,
  search,
  paper_details: paperDetails,
  read_paper: readPaper,
  citation_graph: citationGraph,
  snippet_search: snippetSearch,
  recommend,
  find_datasets: findDatasets,
  find_models: findModels,
  find_collections: findCollections,
  find_all_resources: findAllResources,
};

/** Runs it. */
export function runPapers(args: PapersArgs, context: ToolContext): Promise<ToolResult> {
  return fromOutside("papers", context.signal, () => run(args, context));
}

async function run(args: PapersArgs, context: ToolContext): Promise<ToolResult> {
  const desk = openDesk(context);
  const { text, data, from, ok = true } = await operations[args.operation](args, desk);
  const notes = desk.notes.map((note) => `[${note}]`);
  return {
    ok,
    text: [text, ...notes].join("\n"),
    data: { operation: args.operation, ...data, notes: [...desk.notes] },
    untrusted: from.length === 0 ? "papers" : `papers, ${[...new Set(from)].join(", ")}`,
  };
}
