// Tavily's search API (docs.tavily.com, POST /search): JSON, the key as a bearer. It has no pages: what it gives at most is
// asked for at once and shown in two. A failure is `{detail: {error}}`; 432 and 433 are a plan that is used up.
import { asObject, asObjects, asText, parseJson } from "../../../shape.ts";
import { type Dialect, patience, TurnedAway } from "./engine.ts";
import { hitsOf } from "./hits.ts";
import { freshMs } from "./line.ts";
import { noList, requireSuccess } from "./refusals.ts";

/** Results of one request, the service's limit; it costs the same for fewer. */
const mostResults = 20;
const pageSize = 10;
/** What it takes of a query, and of domains. */
const mostChars = 400;
const mostAllowed = 300;
const mostBlocked = 150;

/** Countries by the names that it knows them by; for any other it is asked without one. */
const countries: Readonly<Record<string, string>> = {
  ar: "argentina",
  au: "australia",
  at: "austria",
  be: "belgium",
  br: "brazil",
  bg: "bulgaria",
  ca: "canada",
  cl: "chile",
  cn: "china",
  co: "colombia",
  hr: "croatia",
  cz: "czech republic",
  dk: "denmark",
  eg: "egypt",
  ee: "estonia",
  fi: "finland",
  fr: "france",
  de: "germany",
  gr: "greece",
  hu: "hungary",
  is: "iceland",
  in: "india",
  id: "indonesia",
  ie: "ireland",
  il: "israel",
  it: "italy",
  jp: "japan",
  kr: "south korea",
  lv: "latvia",
  lt: "lithuania",
  my: "malaysia",
  mx: "mexico",
  nl: "netherlands",
  nz: "new zealand",
  no: "norway",
  pk: "pakistan",
  pe: "peru",
  ph: "philippines",
  pl: "poland",
  pt: "portugal",
  ro: "romania",
  ru: "russia",
  sa: "saudi arabia",
  rs: "serbia",
  sg: "singapore",
  sk: "slovakia",
  si: "slovenia",
  za: "south africa",
  es: "spain",
  se: "sweden",
  ch: "switzerland",
  tw: "taiwan",
  th: "thailand",
  tr: "turkey",
  ua: "ukraine",
  ae: "united arab emirates",
  gb: "united kingdom",
  us: "united states",
  vn: "vietnam",
};

export const tavily: Dialect = {
  patienceMs: patience.paidMs,
  can: {
    pages: mostResults / pageSize,
    recency: true,
    region: ({ country }) => countries[country] !== undefined,
  },
  async ask({ query, page, region, recency, domains }, line) {
    const country = region === null ? undefined : countries[region.country];
    const { allowed, blocked } = domains;
    const json = {
      query: query.slice(0, mostChars),
      topic: "general",
      search_depth: "basic",
      max_results: mostResults,
      ...(country === undefined ? {} : { country }),
      ...(recency === null ? {} : { time_range: recency }),
      ...(allowed.length === 0 ? {} : { include_domains: allowed.slice(0, mostAllowed) }),
      ...(blocked.length === 0 ? {} : { exclude_domains: blocked.slice(0, mostBlocked) }),
    };
    const said = await line.ask(new URL(`${line.engine.address}/search`), {
      headers: { accept: "application/json" },
      json,
    });
    if (said.status === 432 || said.status === 433) {
      throw new TurnedAway(`says that the plan's limit is used up (${said.status})`, freshMs);
    }
    requireSuccess(said);
    const body = asObject(parseJson(said.text));
    if (!Array.isArray(body?.results)) throw noList(said);
    const found = hitsOf(
      asObjects(body.results).map((result) => ({
        title: asText(result.title),
        url: asText(result.url),
        snippet: asText(result.content),
        date: asText(result.published_date),
      })),
    );
    return { ...found, hits: found.hits.slice((page - 1) * pageSize, page * pageSize) };
  },
};
