// What a search engine found, from the page or the JSON that it answered with.

import { asObject, asObjects, asText } from "../../shape.ts";
import { lineOf } from "../markdown/clean.ts";

/** One hit. */
export interface Hit {
  title: string;
  url: string;
  snippet: string;
  /** As the engine states it; empty when it does not. */
  date: string;
}

/** A page of results. `next`: the parameters of the next page, where the page names them. */
export interface Results {
  hits: Hit[];
  ads: number;
  next: Record<string, string> | null;
  /** The page says itself that there is nothing; without hits and without this, it is no page of results. */
  saysNone: boolean;
}

/** A hit's address without the engine's own detour; null for an advertisement and for what is no web address. */
export function targetOf(href: string, base: string): string | null {
  if (!URL.canParse(href, base)) return null;
  const url = new URL(href, base);
  for (const name of ["uddg", "u", "url", "q"]) {
    const inner = url.searchParams.get(name) ?? "";
    if (/^\/(?:l|url|r|redirect|click)\/?$/.test(url.pathname) && /^https?:\/\//.test(inner))
      return targetOf(inner, base);
  }
  if (!/^https?:$/.test(url.protocol)) return null;
  return isAd(url) ? null : url.href;
}

/** Where paid links lead first. */
function isAd(url: URL): boolean {
  if (/(?:^|\.)duckduckgo\.com$/.test(url.hostname) && url.pathname === "/y.js") return true;
  return url.searchParams.has("ad_domain") || url.searchParams.has("ad_provider");
}

/** The hits in the JSON of a SearXNG-like engine (docs.searxng.org, Search API). Null when it is none. */
export function hitsInJson(body: unknown): Results | null {
  const answer = asObject(body);
  if (!Array.isArray(answer?.results)) return null;
  const hits = asObjects(answer.results).flatMap((result): Hit[] => {
    const url = targetOf(asText(result.url), "https://localhost/");
    const title = lineOf(asText(result.title), 200);
    if (url === null || asText(result.url) === "" || title === "") return [];
    const date = lineOf(asText(result.publishedDate) || asText(result.pubdate), 40);
    return [{ title, url, snippet: lineOf(asText(result.content), 400), date }];
  });
  return { hits: distinct(hits), ads: 0, next: null, saysNone: hits.length === 0 };
}

/** What makes two addresses the same page for a reader. */
function identity(address: string): string {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()])
    if (/^(?:utm_\w+|ref|fbclid|gclid)$/.test(name)) url.searchParams.delete(name);
  return `${url.hostname.replace(/^www\./, "")}${url.pathname.replace(/\/+$/, "")}${url.search}`;
}

/** Each page once, in order. */
export function distinct(hits: readonly Hit[]): Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ url }) => {
    const key = identity(url);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
