// What a search engine found, from the page or the JSON that it answered with.
import { lineOf } from "../../markdown/clean.ts";

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

/** The hits of a list, each with an address of the web and a title; what they say comes as text or HTML. */
export function hitsOf(entries: readonly Hit[]): Results {
  const hits = entries.flatMap((entry): Hit[] => {
    const url = entry.url === "" ? null : targetOf(entry.url, "https://localhost/");
    const title = lineOf(entry.title, 200);
    if (url === null || title === "") return [];
    return [{ title, url, snippet: lineOf(entry.snippet, 400), date: lineOf(entry.date, 40) }];
  });
  return { hits: distinct(hits), ads: 0, next: null, saysNone: hits.length === 0 };
}

/** Whether what was read from a page is a list of results, be it an empty one that says so. */
export function isList({ hits, ads, saysNone }: Results): boolean {
  return hits.length > 0 || ads > 0 || saysNone;
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
