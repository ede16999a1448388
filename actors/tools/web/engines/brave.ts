// Brave's search API (api-dashboard.search.brave.com, Web Search): a GET, the key in X-Subscription-Token. `offset` counts
// pages; a failure is `{type: "ErrorResponse", error: {code, detail, status}}`. It knows the usual operators for domains.
import { asObject, asObjects, asText, parseJson } from "../../../shape.ts";
import { withOperators } from "../domains.ts";
import { type Dialect, patience, type Question, type Recency, TurnedAway } from "./engine.ts";
import { hitsOf } from "./hits.ts";
import { freshMs, type Said } from "./line.ts";
import { noList, requireSuccess } from "./refusals.ts";
import type { Region } from "./region.ts";

/** What it takes of a query; more is refused. */
const most = { chars: 400, words: 50 };

const freshness: Record<Recency, string> = { day: "pd", week: "pw", month: "pm", year: "py" };

/** Codes that its parameters take; any other is refused. */
const countries = new Set(
  "ar au at be br ca cl dk fi fr de hk in id it jp kr my mx nl nz no cn pl pt ph ru sa za es se ch tw tr gb us".split(
    " ",
  ),
);
const languages = new Set(
  "ar eu bn bg ca hr cs da nl en et fi fr gl de gu he hi hu is it kn ko lv lt ms ml mr nb pl pa ro ru sr sk sl es sv ta te th tr uk vi".split(
    " ",
  ),
);

/** A language by the name that it has there, or null. */
function languageIn({ country, language }: Region): string | null {
  if (language === null) return null;
  if (language === "pt") return country === "br" ? "pt-br" : "pt-pt";
  if (language === "zh") return country === "tw" || country === "hk" ? "zh-hant" : "zh-hans";
  const named = { ja: "jp", no: "nb" }[language] ?? language;
  return named === "jp" || languages.has(named) ? named : null;
}

function parameters({ query, page, region, recency, domains }: Question): Record<string, string> {
  const language = region === null ? null : languageIn(region);
  return {
    q: withOperators(query, domains, most),
    count: "10",
    offset: String(page - 1),
    result_filter: "web",
    text_decorations: "false",
    ...(region !== null && countries.has(region.country) ? { country: region.country.toUpperCase() } : {}),
    ...(language === null ? {} : { search_lang: language }),
    ...(recency === null ? {} : { freshness: freshness[recency] }),
  };
}

/** It says of a key that it does not know that the request is not valid. */
function requireKnownKey({ status, text }: Said): void {
  const { code } = asObject(asObject(parseJson(text))?.error) ?? {};
  if (status === 422 && code === "SUBSCRIPTION_TOKEN_INVALID") {
    throw new TurnedAway("does not know the key", freshMs, "The user can check BRAVE_API_KEY.");
  }
}

export const brave: Dialect = {
  patienceMs: patience.paidMs,
  can: { pages: 10, recency: true, region: ({ country }) => countries.has(country) },
  async ask(question, line) {
    const url = new URL(`${line.engine.address}/res/v1/web/search`);
    url.search = new URLSearchParams(parameters(question)).toString();
    const said = await line.ask(url, { headers: { accept: "application/json" } });
    requireKnownKey(said);
    requireSuccess(said);
    const body = asObject(parseJson(said.text));
    const web = asObject(body?.web);
    // Where nothing was found there is no list at all.
    if (web === null ? body?.type !== "search" : !Array.isArray(web.results)) throw noList(said);
    return hitsOf(
      asObjects(web?.results).map((result) => ({
        title: asText(result.title),
        url: asText(result.url),
        snippet: asText(result.description),
        date: asText(result.page_age).slice(0, 10) || asText(result.age),
      })),
    );
  },
};
