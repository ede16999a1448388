// Stand-ins for the search engines that speak JSON, which refuse what the real ones refuse.
import { asObject } from "../../actors/shape.ts";
import type { Asked, Reply, Script } from "./service.ts";

/** The keys that they know. */
export const braveKey = "BSA-brave-key-0123456789";
export const tavilyKey = "tvly-tavily-key-0123456789";
export const marginaliaKey = "marginalia-key-0123456789";

/** A hit as specs write it. */
export interface Entry {
  url: string;
  title: string;
  snippet?: string;
  date?: string;
}

/** What a service answers in its own way: hits, or another reply. */
export type Answering = (asked: Asked, index: number) => readonly Entry[] | Reply;

const isReply = (answer: readonly Entry[] | Reply): answer is Reply => !Array.isArray(answer);

function braveFailure(status: number, code: string, detail: string): Reply {
  return { status, body: { type: "ErrorResponse", error: { id: "1", status, code, detail, meta: {} }, time: 1 } };
}

const braveParameters = ["q", "count", "offset", "result_filter", "text_decorations", "country", "search_lang"];

/** Brave's: `GET /res/v1/web/search`. */
export function braveScript(answering: Answering): Script {
  return (asked, index) => {
    const { method, path, query, headers } = asked;
    if (method !== "GET" || path !== "/res/v1/web/search") return undefined;
    if (headers["x-subscription-token"] !== braveKey) {
      return braveFailure(422, "SUBSCRIPTION_TOKEN_INVALID", "The provided subscription token is invalid.");
    }
    const unknown = [...query.keys()].filter((name) => ![...braveParameters, "freshness"].includes(name));
    const words = (query.get("q") ?? "").split(/\s+/).length;
    const isValid =
      unknown.length === 0 &&
      (query.get("q") ?? "").length <= 400 &&
      words <= 50 &&
      Number(query.get("count")) <= 20 &&
      Number(query.get("offset")) <= 9 &&
      /^(?:[A-Z]{2})?$/.test(query.get("country") ?? "") &&
      /^(?:p[dwmy])?$/.test(query.get("freshness") ?? "");
    if (!isValid) return braveFailure(422, "VALIDATION", "Unable to validate request parameter(s)");
    const answer = answering(asked, index);
    if (isReply(answer)) return answer;
    const results = answer.map(({ url, title, snippet, date }) => ({
      type: "search_result",
      url,
      title,
      description: snippet,
      page_age: date,
    }));
    const web = results.length === 0 ? {} : { web: { type: "search", results, family_friendly: true } };
    return { body: { type: "search", query: { original: query.get("q"), more_results_available: false }, ...web } };
  };
}

const tavilyFailure = (status: number, error: string): Reply => ({ status, body: { detail: { error } } });

/** Tavily's: `POST /search`. */
export function tavilyScript(answering: Answering): Script {
  return (asked, index) => {
    const { method, path, json, headers } = asked;
    if (method !== "POST" || path !== "/search") return undefined;
    if (headers.authorization !== `Bearer ${tavilyKey}`) {
      return tavilyFailure(401, "Unauthorized: missing or invalid API key.");
    }
    const body = asObject(json) ?? {};
    if (String(body.query).length > 400) {
      return tavilyFailure(400, "Query is too long. Max query length is 400 characters.");
    }
    const isValid =
      Number(body.max_results) <= 20 &&
      (body.country === undefined || /^[a-z ]+$/.test(String(body.country))) &&
      [undefined, "day", "week", "month", "year"].includes(body.time_range as string | undefined);
    if (!isValid) return tavilyFailure(400, "Invalid parameter.");
    const answer = answering(asked, index);
    if (isReply(answer)) return answer;
    const results = answer.map(({ url, title, snippet, date }) => ({
      url,
      title,
      content: snippet,
      score: 0.5,
      raw_content: null,
      ...(date === undefined ? {} : { published_date: date }),
    }));
    return { body: { query: body.query, answer: null, images: [], results, response_time: 0.1 } };
  };
}

/** Marginalia's: `GET /search`. */
export function marginaliaScript(answering: Answering): Script {
  return (asked, index) => {
    const { path, headers } = asked;
    if (path !== "/search") return undefined;
    if (headers["api-key"] === undefined) return { status: 400, body: "" };
    if (!["public", marginaliaKey].includes(String(headers["api-key"]))) return { status: 401, body: "" };
    const answer = answering(asked, index);
    if (isReply(answer)) return answer;
    const results = answer.map(({ url, title, snippet }) => ({ url, title, description: snippet, quality: 3.1 }));
    return { body: { license: "CC-BY-NC-SA 4.0", query: asked.query.get("query"), results } };
  };
}

/** SearXNG's: `GET /search?format=json`. */
export function searxngScript(answering: Answering): Script {
  return (asked, index) => {
    if (asked.path !== "/search") return undefined;
    const answer = answering(asked, index);
    if (isReply(answer)) return answer;
    const results = answer.map(({ url, title, snippet, date }) => ({
      url,
      title,
      content: snippet,
      publishedDate: date,
    }));
    return { body: { query: asked.query.get("q"), number_of_results: 0, results } };
  };
}
