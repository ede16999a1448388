// SearXNG's search API (docs.searxng.org, Search API), and what speaks like it; where it answers with its page all the
// same, that is read. Operators for domains reach the engines behind it.
import { asObject, asObjects, asText, parseJson } from "../../../shape.ts";
import { withOperators } from "../domains.ts";
import { type Dialect, patience, type Question, TurnedAway } from "./engine.ts";
import { hitsOf, isList } from "./hits.ts";
import { freshMs } from "./line.ts";
import { noList, requireSuccess } from "./refusals.ts";

function parameters({ query, page, region, recency, domains }: Question): Record<string, string> {
  const country = region?.country ?? "";
  const language = region?.language == null ? country : `${region.language}-${country.toUpperCase()}`;
  return {
    q: withOperators(query, domains),
    format: "json",
    pageno: String(page),
    ...(region === null ? {} : { language }),
    ...(recency === null ? {} : { time_range: recency }),
  };
}

export const searxng: Dialect = {
  patienceMs: patience.freeMs,
  can: { pages: 10, recency: true, region: () => true },
  async ask(question, line) {
    const url = new URL(line.engine.address);
    for (const [name, value] of Object.entries(parameters(question))) url.searchParams.set(name, value);
    const headers = { accept: "application/json, text/html;q=0.9", "accept-language": "en" };
    const said = await line.ask(url, { headers, anonymous: true });
    if (said.status === 403) {
      const hint = "A SearXNG has to have the format json switched on in its settings.";
      throw new TurnedAway("does not permit the search (403)", freshMs, hint);
    }
    requireSuccess(said);
    const body = asObject(parseJson(said.text));
    if (body === null) {
      const read = await line.read(said);
      if (!isList(read)) throw noList(said);
      return read;
    }
    if (!Array.isArray(body.results)) throw noList(said);
    return hitsOf(
      asObjects(body.results).map((result) => ({
        title: asText(result.title),
        url: asText(result.url),
        snippet: asText(result.content),
        date: asText(result.publishedDate) || asText(result.pubdate),
      })),
    );
  },
};
