// DuckDuckGo's plain pages, html and lite. Each page names the parameters of the next one, so that they are reached one
// after the other.
import { withOperators } from "../domains.ts";
import { type Dialect, patience, type Question } from "./engine.ts";
import { isList, type Results } from "./hits.ts";
import type { Line } from "./line.ts";
import { noList, requireSuccess } from "./refusals.ts";
import type { Region } from "./region.ts";

/** A region as it names them: by its own codes here and there. Null without a language: it has none for countries alone. */
function localeOf({ country, language }: Region): string | null {
  if (language === null) return null;
  const own = { ja: "jp", ko: "kr", nb: "no" }[language] ?? language;
  const isTraditional = language === "zh" && (country === "tw" || country === "hk");
  return `${country === "gb" ? "uk" : country}-${isTraditional ? "tzh" : own}`;
}

function parameters({ query, region, recency, domains }: Question): Record<string, string> {
  const locale = region === null ? null : localeOf(region);
  return {
    q: withOperators(query, domains),
    ...(locale === null ? {} : { kl: locale }),
    ...(recency === null ? {} : { df: recency.charAt(0) }),
  };
}

async function ask(parameters: Record<string, string>, line: Line): Promise<Results> {
  // A configured address comes without a slash at its end, which these pages want.
  const url = new URL(line.engine.address.replace(/\/(?:html|lite)$/, "$&/"));
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const said = await line.ask(url, {
    headers: { accept: "text/html", "accept-language": "en" },
    anonymous: true,
  });
  requireSuccess(said);
  const results = await line.read(said);
  if (!isList(results)) throw noList(said);
  return results;
}

export const duckduckgo: Dialect = {
  patienceMs: patience.freeMs,
  can: { pages: 5, recency: true, region: (region) => localeOf(region) !== null },
  async ask(question, line) {
    const own = parameters(question);
    let results = await ask(own, line);
    for (let page = 2; page <= question.page; page += 1) {
      if (results.next === null) return { hits: [], ads: 0, next: null, saysNone: true };
      results = await ask({ ...own, ...results.next }, line);
    }
    return results;
  },
};
