// Which search engines of the web are in force, in the order in which they are asked: those that the user has a key for
// (and so has chosen to pay for), those whose address they have set, and those that anybody may ask.
import type { SearchEngine } from "../../actors/http/types.ts";
import { FrontError } from "../errors.ts";
import { addressesIn, endpointAt } from "./endpoint.ts";
import type { JsonObject } from "./layers.ts";

type Kind = SearchEngine["kind"];

interface Known {
  kind: Kind;
  name: string;
  /** The config key of its address, and where it is when the user has not moved it. */
  key: string;
  usual: string;
}

/** Engines that want a key, by the config key that holds it; without one they are not asked. */
const keyed: readonly (Known & { credential: string })[] = [
  {
    kind: "brave",
    name: "Brave Search",
    key: "brave_api_url",
    usual: "https://api.search.brave.com",
    credential: "brave_api_key",
  },
  {
    kind: "tavily",
    name: "Tavily",
    key: "tavily_api_url",
    usual: "https://api.tavily.com",
    credential: "tavily_api_key",
  },
];

/** DuckDuckGo's page for those without scripts, which anybody may ask. */
const duckduckgo: SearchEngine = {
  kind: "duckduckgo",
  name: "DuckDuckGo",
  address: "https://html.duckduckgo.com/html",
};

/** A small engine that lends everybody the same key, for when nobody else answers. */
const marginalia: Known = {
  kind: "marginalia",
  name: "Marginalia",
  key: "marginalia_api_url",
  usual: "https://api2.marginalia-search.com",
};

/** The engines of a configuration. Throws a `FrontError` for an address that is no http(s) URL. */
export function searchEngines(config: JsonObject): SearchEngine[] {
  const at = ({ kind, name, key, usual }: Known): SearchEngine => {
    const own = config[key];
    return { kind, name, address: endpointAt(typeof own === "string" && own !== "" ? own : usual, key) };
  };
  const paid = keyed.filter(({ credential }) => typeof config[credential] === "string" && config[credential] !== "");
  const named = addressesIn(config.web_search_url).map(namedAt);
  const chosen = [...paid.map(at), ...named];
  // Who has an engine of their own may have it so that nobody else learns what is searched for.
  const isOpen = config.web_search_fallback ?? named.length === 0;
  const all = [...chosen, ...(isOpen === true || chosen.length === 0 ? [duckduckgo, at(marginalia)] : [])];
  return all.filter((engine, index) => all.findIndex(({ address }) => address === engine.address) === index);
}

/** An engine whose address the user has set. */
function namedAt(address: string): SearchEngine {
  const place = endpointAt(address, "web_search_url");
  const { host, username, password } = new URL(place);
  if (username === "" && password === "") return { kind: kindOf(place), name: host, address: place };
  const hint = "Leave them out: searches are sent without a login.";
  throw new FrontError("ENDPOINT_INVALID", `WEB_SEARCH_URL has a user name or a password in it (${host}).`, hint);
}

/** DuckDuckGo's plain pages, wherever they stand, are asked in its own way; any other address is taken for a SearXNG. */
function kindOf(address: string): Kind {
  const { hostname, pathname } = new URL(address);
  return /(?:^|\.)duckduckgo\.com$/.test(hostname) || /\/(?:html|lite)$/.test(pathname) ? "duckduckgo" : "searxng";
}
