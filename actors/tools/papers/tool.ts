// The tool for the literature: papers, what they cite, and what the Hub has of them.
import * as z from "zod/mini";
import type { Access } from "../../events.ts";
import type { Services } from "../../http/types.ts";
import { oneLine } from "../cap.ts";
import { defineTool } from "../contract.ts";

const text = (words: string) => z.optional(z.string().check(z.describe(words)));

const input = z.strictObject({
  operation: z
    .enum([
      "trending",
      "search",
      "paper_details",
      "read_paper",
      "citation_graph",
      "snippet_search",
      "recommend",
      "find_datasets",
      "find_models",
      "find_collections",
      "find_all_resources",
    ])
    .check(z.describe("What to do.")),
  query: text("Words. read_paper: shows the passages with them."),
  arxiv_id: text("The paper: arXiv id (2401.12345v2, cs/0112017), DOI:…, CorpusId:… or address."),
  section: text('read_paper: a section\'s number or title, or "all". Without: the index.'),
  direction: z.optional(z.enum(["citations", "references", "both"]).check(z.describe("citation_graph. Default both."))),
  date: text("trending: a day (2026-01-31), week (2026-W05) or month (2026-01)."),
  date_from: text("Earliest: YYYY[-MM[-DD]]."),
  date_to: text("Latest."),
  categories: text("Fields of study (Computer Science, Medicine), comma list."),
  min_citations: z.optional(z.int().check(z.describe("At least so many."))),
  sort_by: z.optional(
    z.enum(["relevance", "citationCount", "publicationDate"]).check(z.describe("search, citation_graph.")),
  ),
  positive_ids: text("recommend: more like these, comma list."),
  negative_ids: text("recommend: less like these."),
  sort: z.optional(z.enum(["downloads", "likes", "trending"]).check(z.describe("find_*. Default downloads."))),
  limit: z.optional(z.int().check(z.describe("1 to 50, default 10."))),
  offset: z.optional(z.int().check(z.describe("Where to go on, as the answer before said."))),
});

/** The arguments of a call. */
export type PapersArgs = z.infer<typeof input>;

type Service = "hub" | "arxiv" | "semanticScholar";

/** The services that each operation may ask. */
function servicesFor({ operation, arxiv_id }: PapersArgs): Service[] {
  switch (operation) {
    case "trending":
      return ["hub"];
    case "search":
      return ["hub", "semanticScholar", "arxiv"];
    case "paper_details":
    case "read_paper":
      return ["hub", "arxiv", "semanticScholar"];
    case "citation_graph":
      return ["semanticScholar", "arxiv"];
    case "snippet_search":
    case "recommend":
      return ["semanticScholar"];
    default:
      // Another catalogue's id has to be looked up first.
      return /doi|10\.\d{4}|corpusid|[0-9a-f]{40}|semanticscholar/i.test(arxiv_id ?? "")
        ? ["hub", "semanticScholar"]
        : ["hub"];
  }
}

/** The hosts of a service. The arXiv's search is at one of its own, copies of old papers' HTML at another. */
function hostsOf(service: Service, services: Services, { operation }: PapersArgs): string[] {
  const { host } = new URL(services[service]);
  if (host !== "arxiv.org") return [host];
  if (operation === "search") return ["export.arxiv.org"];
  return operation === "paper_details" ? [host] : [host, "ar5iv.labs.arxiv.org"];
}

const callLimitMs = 150_000;

/** Finds and reads papers. */
export const papers = defineTool<PapersArgs>({
  name: "hf_papers",
  description: [
    "Finds and reads scientific papers (Hugging Face, arXiv, Semantic Scholar); every answer says who says so.",
    "trending; search (with dates, categories, min_citations or sort_by over all papers there are); paper_details; read_paper (first the index, then sections: formulae as LaTeX, tables as Markdown);",
    "citation_graph (who cites it and whom it cites, with the sentences; sort_by=citationCount: what became of a landmark); snippet_search (passages in full texts; with arxiv_id in one paper); recommend (arxiv_id, or positive_ids);",
    "find_* (what on the Hub names the paper; find_all_resources: its code too). For a recipe read the method and experiment sections, not the abstract.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (args, { door }): Access[] => {
    const hosts = servicesFor(args).flatMap((service) => hostsOf(service, door.services, args));
    return [...new Set(hosts)].map((host) => ({ kind: "network", host }));
  },
  title: ({ operation, query, arxiv_id, section, positive_ids }) => {
    const about = [arxiv_id ?? positive_ids, section, query].filter((part) => part !== undefined).join(", ");
    return `Papers: ${operation.replaceAll("_", " ")}${about === "" ? "" : ` (${oneLine(about, 80)})`}`;
  },
  timeoutMs: () => callLimitMs,

  async run(args, context) {
    const { runPapers } = await import("./run.ts");
    return runPapers(args, context);
  },
});
