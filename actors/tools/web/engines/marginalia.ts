// Marginalia's search API (about.marginalia-search.com, API): a small index of texts that people wrote. The key goes into
// the header API-Key; its key `public` is lent to everybody who has none, and answers 503 when too many use it.
import { asObject, asObjects, asText, parseJson } from "../../../shape.ts";
import { type Dialect, patience, TurnedAway } from "./engine.ts";
import { hitsOf } from "./hits.ts";
import { freshMs } from "./line.ts";
import { noList, requireSuccess } from "./refusals.ts";

/** Hits of a page, and those that are asked for where domains are taken out afterwards (its limit). */
const pageSize = 10;
const mostHits = 100;

export const marginalia: Dialect = {
  patienceMs: patience.freeMs,
  can: { pages: 5, recency: false, region: () => false },
  async ask({ query, page, domains }, line) {
    const [only, ...others] = domains.allowed;
    const isOne = only !== undefined && others.length === 0;
    const isFiltered = domains.allowed.length + domains.blocked.length > 0;
    const url = new URL(`${line.engine.address}/search`);
    url.search = new URLSearchParams({
      // Of domains that are wanted it takes one.
      query: isOne ? `site:${only} ${query}` : query,
      count: String(isFiltered ? mostHits : pageSize),
      page: String(page),
      ...(isOne ? { dc: String(mostHits) } : {}),
    }).toString();
    const key: Record<string, string> = line.has("marginalia") ? {} : { "api-key": "public" };
    const said = await line.ask(url, { headers: { accept: "application/json", ...key } });
    if (said.status === 503) throw new TurnedAway("limits searches (503)", freshMs);
    requireSuccess(said);
    const body = asObject(parseJson(said.text));
    if (!Array.isArray(body?.results)) throw noList(said);
    return hitsOf(
      asObjects(body.results).map((result) => ({
        title: asText(result.title),
        url: asText(result.url),
        snippet: asText(result.description),
        date: "",
      })),
    );
  },
};
