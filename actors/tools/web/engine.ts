// Asks the configured search engine: an HTML page such as DuckDuckGo's, or a SearXNG-like JSON API.
import { decode } from "../../http/body.ts";
import type { HttpAnswer } from "../../http/types.ts";
import { parseJson } from "../../shape.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { isChallenge } from "./challenge.ts";
import { hitsInJson, type Results } from "./hits.ts";
import type { ResultsInput } from "./results.ts";

/** A question to the engine. */
export interface Question {
  query: string;
  /** From 1. */
  page: number;
  /** Country and language, as `us-en`. */
  region?: string | undefined;
  recency?: "day" | "week" | "month" | "year" | undefined;
}

/** Milliseconds for which an answer is not asked for again. */
const freshMs = 10 * 60_000;
/** Bytes of an answer that are looked at. */
const mostBytes = 3 << 20;
const poolMs = 15_000;

/** Pages of results of an HTML engine can be reached one after the other only. */
export const mostPages = 5;

/** DuckDuckGo's plain pages, wherever they stand, want its own parameters. */
function isHtmlEngine(address: string): boolean {
  const { hostname, pathname } = new URL(address);
  return /(?:^|\.)duckduckgo\.com$/.test(hostname) || /\/(?:html|lite)\/?$/.test(pathname);
}

/** Asks. Throws `ToolError` where the engine turns us away or is no search engine, and what the door throws. */
export async function askEngine(question: Question, context: ToolContext): Promise<Results> {
  const { webSearch } = context.door.services;
  // A configured address comes without a slash at its end, which these pages want.
  const address = webSearch.replace(/\/(?:html|lite)$/, "$&/");
  if (!isHtmlEngine(address)) return await ask(address, jsonParameters(question), context);
  const own = htmlParameters(question);
  let results = await ask(address, own, context);
  for (let page = 2; page <= question.page; page += 1) {
    if (results.next === null) return { hits: [], ads: 0, next: null, saysNone: true };
    results = await ask(address, { ...own, ...results.next }, context);
  }
  return results;
}

function htmlParameters({ query, region, recency }: Question): Record<string, string> {
  return {
    q: query,
    ...(region === undefined ? {} : { kl: region.toLowerCase() }),
    ...(recency === undefined ? {} : { df: recency.charAt(0) }),
  };
}

function jsonParameters({ query, page, region, recency }: Question): Record<string, string> {
  const [country = "", language = ""] = (region ?? "").split("-");
  return {
    q: query,
    format: "json",
    pageno: String(page),
    ...(region === undefined ? {} : { language: language === "" ? country : `${language}-${country.toUpperCase()}` }),
    ...(recency === undefined ? {} : { time_range: recency }),
  };
}

async function ask(address: string, parameters: Record<string, string>, context: ToolContext): Promise<Results> {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { signal, log } = context;
  const headers = { accept: "text/html, application/json;q=0.9", "accept-language": "en" };
  const answer = await context.door.send(url, {
    signal,
    headers,
    anonymous: true,
    attempts: 3,
    keep: { freshMs },
    onWait: log,
  });
  const { bytes } = await answer.head(mostBytes).finally(() => answer.close());
  return await resultsIn(decode(bytes), answer, url, context);
}

async function resultsIn(text: string, answer: HttpAnswer, url: URL, context: ToolContext): Promise<Results> {
  const { host } = url;
  // DuckDuckGo sends its riddle with a status of success that is not 200.
  if (isChallenge(text, answer.status) || answer.status === 202) {
    const message = `${host} takes this program for a bot and shows a riddle in place of results.`;
    throw new ToolError(
      "FORBIDDEN",
      message,
      "Wait some minutes, or use other sources. The user can set another engine (web_search_url).",
    );
  }
  if (!answer.ok) throw refused(answer.status, host);
  const body = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
  const results = body === undefined ? await inPage({ html: text, url: answer.url }, context) : hitsInJson(body);
  if (results !== null && (results.hits.length > 0 || results.ads > 0 || results.saysNone)) return results;
  const message = `${host} answered with something that holds no list of results.`;
  throw new ToolError("NOT_FOUND", message, "It may be down, or web_search_url leads elsewhere.");
}

function inPage(input: ResultsInput, context: ToolContext): Promise<Results> {
  return context.pool<Results>("readResults", input, poolMs);
}

function refused(status: number, host: string): ToolError {
  if (status === 403) {
    const hint = "A SearXNG engine has to have the format json switched on in its settings.";
    return new ToolError("FORBIDDEN", `${host} does not permit the search (403).`, hint);
  }
  if (status === 429) return new ToolError("FORBIDDEN", `${host} limits searches (429).`, "Wait some minutes.");
  return new ToolError("NOT_FOUND", `${host} answered ${status}.`, "Try again later, or use other sources.");
}
