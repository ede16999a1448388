// The tool that asks a search engine.
import * as z from "zod/mini";
import { defineTool } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { Hit } from "./hits.ts";

const mostShown = 10;

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

function shownHit({ title, url, snippet, date }: Hit, index: number): string {
  const lines = [`${index + 1}. ${title}`, url, date === "" ? snippet : `${date}: ${snippet}`];
  return lines.filter((line) => line !== "").join("\n   ");
}

/** Searches the web. */
export const webSearch = defineTool<Input>({
  name: "web_search",
  description: [
    "Searches the web and answers with title, address and snippet of each hit, ten a page.",
    "For what the other tools do not cover: error messages, blog posts, releases, tools outside of Hugging Face. Read a hit with web_fetch before you rely on it.",
    "Advertisements are left out. Says so when the engine takes the program for a bot.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (_, look) => [{ kind: "network", host: new URL(look.door.services.webSearch).host }],
  title: ({ query, page }) => `Search the web: ${query}${page > 1 ? ` (page ${page})` : ""}`,
  timeoutMs: () => 60_000,

  async run(args, context) {
    const query = args.query.trim().replace(/\s+/g, " ");
    if (query.length < 2)
      throw new ToolError("BAD_ARGUMENTS", "The query is too short.", "Write at least two characters.");
    const { askEngine, mostPages } = await import("./engine.ts");
    const { domainFilter, isWanted, withOperators } = await import("./domains.ts");
    const page = Math.max(1, args.page);
    if (page > mostPages) {
      throw new ToolError("BAD_ARGUMENTS", `Only ${mostPages} pages can be reached.`, "Narrow the query instead.");
    }
    const filter = domainFilter(args.allowed_domains ?? [], args.blocked_domains ?? []);
    const { region, recency } = args;
    const results = await askEngine({ query: withOperators(query, filter), page, region, recency }, context);
    const wanted = results.hits.filter(({ url }) => isWanted(filter, url));
    const hits = wanted.slice(0, mostShown);
    const host = new URL(context.door.services.webSearch).host;
    const data = { query, page, hits: hits.map((hit) => ({ ...hit })) };
    const untrusted = `web search, ${host}`;
    if (hits.length === 0) {
      const left = results.hits.length;
      const why = left > 0 ? ` ${left} hits were from other domains.` : " Use fewer or other words.";
      return {
        ok: true,
        text: `Nothing was found for ${JSON.stringify(query)}${page > 1 ? ` on page ${page}` : ""}.${why}`,
        data,
      };
    }
    const more = page < mostPages ? `; more with page ${page + 1}` : "";
    const head = `Found for ${JSON.stringify(query)}, page ${page} (${hits.length}):`;
    return {
      ok: true,
      text: [head, ...hits.map(shownHit), `[read one with web_fetch${more}]`].join("\n\n"),
      data,
      untrusted,
    };
  },
});
