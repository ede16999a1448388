// The tool that asks search engines.
import * as z from "zod/mini";
import type { Access } from "../../events.ts";
import { defineTool, type ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { fromOutside } from "../outside.ts";
import type { ToolResult } from "../protocol.ts";
import type { Hit } from "./engines/hits.ts";

const mostShown = 10;
/** Further pages hold nothing that another query would not find sooner. */
const mostPages = 5;

const input = z.strictObject({
  query: z.string().check(z.describe("What to search for.")),
  allowed_domains: z.optional(
    z.array(z.string()).check(z.describe("Only hits from these domains and what is below them.")),
  ),
  blocked_domains: z.optional(z.array(z.string()).check(z.describe("No hits from these domains."))),
  page: z._default(z.int(), 1).check(z.describe("Page of results, from 1.")),
  region: z.optional(z.string().check(z.describe("Country and language, for example us-en."))),
  recency: z.optional(
    z.enum(["day", "week", "month", "year"]).check(z.describe("Only pages that changed within so long.")),
  ),
});

type Input = z.infer<typeof input>;

/** A snippet as people read it. One that is an address and nothing else would pass for the hit's own (see isInSearches). */
function shownSnippet({ snippet, date }: Hit): string {
  const words = /\s/.test(snippet) || !URL.canParse(snippet) ? snippet : "";
  return date === "" || words === "" ? words : `${date}: ${words}`;
}

function shownHit(hit: Hit, index: number): string {
  const lines = [`${index + 1}. ${hit.title}`, hit.url, shownSnippet(hit)];
  return lines.filter((line) => line !== "").join("\n   ");
}

/** Searches the web. */
export const webSearch = defineTool<Input>({
  name: "web_search",
  description: [
    "Searches the web and answers with title, address and snippet of each hit, ten a page.",
    "For what the other tools do not cover: error messages, blog posts, releases, tools outside of Hugging Face. Read a hit with web_fetch before you rely on it.",
    "Advertisements are left out. When an engine turns it away it asks the next, and says so.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (_, { door }): Access[] => {
    const hosts = door.services.webSearch.map(({ address }) => new URL(address).host);
    return [...new Set(hosts)].map((host) => ({ kind: "network", host }));
  },
  title: ({ query, page }) => `Search the web: ${query}${page > 1 ? ` (page ${page})` : ""}`,
  timeoutMs: () => 60_000,
  run: (args, context) => fromOutside("web search", context.signal, () => search(args, context)),
});

async function search(args: Input, context: ToolContext): Promise<ToolResult> {
  const query = args.query.trim().replace(/\s+/g, " ");
  if (query.length < 2)
    throw new ToolError("BAD_ARGUMENTS", "The query is too short.", "Write at least two characters.");
  const page = Math.max(1, args.page);
  if (page > mostPages) {
    throw new ToolError("BAD_ARGUMENTS", `Only ${mostPages} pages can be reached.`, "Narrow the query instead.");
  }
  const [{ askEngines }, { domainFilter, isWanted }, { readRegion }] = await Promise.all([
    import("./ask.ts"),
    import("./domains.ts"),
    import("./engines/region.ts"),
  ]);
  const domains = domainFilter(args.allowed_domains ?? [], args.blocked_domains ?? []);
  const question = { query, page, domains, region: readRegion(args.region), recency: args.recency ?? null };
  const { engine, results, notes } = await askEngines(question, context);
  const hits = results.hits.filter(({ url }) => isWanted(domains, url)).slice(0, mostShown);
  const where = page > 1 ? ` on page ${page}` : "";
  const left = results.hits.length;
  const why = left > 0 ? `${left} hits were from other domains.` : "Use fewer or other words.";
  const more = page < mostPages ? `; more with page ${page + 1}` : "";
  const text =
    hits.length === 0
      ? [`Nothing was found for ${JSON.stringify(query)}${where} by ${engine.name}. ${why}`]
      : [
          `Found for ${JSON.stringify(query)}${where} by ${engine.name} (${hits.length}):`,
          ...hits.map(shownHit),
          `[read one with web_fetch${more}]`,
        ];
  return {
    ok: true,
    text: [...text, ...notes.map((note) => `[${note}]`)].join("\n\n"),
    data: { query, page, engine: engine.name, hits: hits.map((hit) => ({ ...hit })), notes },
    // That nothing was found is said in our own words.
    ...(hits.length === 0 && notes.length === 0 ? {} : { untrusted: `web search, ${engine.name}` }),
  };
}
