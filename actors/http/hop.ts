// One attempt at a request: the exchange itself, and the redirects that it meets. Each place on the way is checked
// anew, and gets the key of its own service or none.
import type { IncomingMessage } from "node:http";
import { checkLiteral, publicLookup } from "./address.ts";
import { HttpError } from "./errors.ts";
import { exchange, headersOf } from "./exchange.ts";
import type { HttpRequest } from "./types.ts";

/** Redirects that are followed for one request. */
const mostRedirects = 8;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Headers that speak for the user, and so stay with the origin that they were meant for. */
const personal = /^(authorization|cookie|proxy-authorization|x-api-key|x-sandbox-token)$/i;
/** Headers that describe a body. */
const ofBody = /^content-(type|length|encoding)$/i;

/** What a hop needs to know of its surroundings. */
export interface Way {
  userAgent: string;
  /** Origins that the user has configured. */
  own: ReadonlySet<string>;
  keysFor: (url: URL) => Record<string, string>;
  /** Waits for one's turn at an origin. */
  pace: (origin: string, signal: AbortSignal) => Promise<void>;
}

/** The head of an answer, and where it came from. */
export interface Arrived {
  url: URL;
  message: IncomingMessage;
  headers: Headers;
}

/** Sends once and follows redirects. Throws `HTTP_ADDRESS`, `HTTP_REDIRECT`, and what `exchange` throws. */
export async function travel(way: Way, start: URL, request: HttpRequest, signal: AbortSignal): Promise<Arrived> {
  let url = start;
  let method = request.method ?? "GET";
  let given = { ...request.headers };
  let body = bodyOf(request);
  if (request.json !== undefined) given = { "content-type": "application/json", ...given };
  for (let hops = 0; ; hops += 1) {
    const isOwn = way.own.has(url.origin);
    const isStrange = (request.foreign === true || hops > 0) && !isOwn;
    if (isStrange) checkLiteral(url);
    const keys = request.anonymous === true || request.foreign === true ? {} : way.keysFor(url);
    await way.pace(url.origin, signal);
    const message = await exchange(url, {
      method,
      headers: { "user-agent": way.userAgent, accept: "*/*", "accept-encoding": "gzip", ...keys, ...given },
      body: body?.(),
      signal,
      ...(isStrange ? { lookup: publicLookup } : {}),
    });
    const headers = headersOf(message);
    const location = headers.get("location");
    const isLed = redirects.has(message.statusCode ?? 0) && location !== null;
    if (!isLed || request.redirect === "manual") return { url, message, headers };
    message.resume();
    if (hops >= mostRedirects) throw astray(`${start.host} sends requests on and on.`);
    const next = followed(url, location);
    const isSafe = method === "GET" || method === "HEAD";
    const status = message.statusCode ?? 0;
    if (status === 303 || (!isSafe && status < 307)) {
      method = "GET";
      body = null;
      given = withoutHeaders(given, ofBody);
    } else if (!isSafe && next.origin !== url.origin) {
      // What was meant for one host must not be carried out by another.
      throw astray(`${url.host} sends a ${method} on to ${next.host}.`);
    }
    if (next.origin !== url.origin) given = withoutHeaders(given, personal);
    url = next;
  }
}

function bodyOf({ json, body }: HttpRequest): (() => string | Uint8Array | AsyncIterable<Uint8Array>) | null {
  if (json !== undefined) {
    const text = JSON.stringify(json);
    return () => text;
  }
  if (body === undefined) return null;
  return typeof body === "function" ? body : () => body;
}

function followed(from: URL, location: string): URL {
  if (!URL.canParse(location, from)) throw astray(`${from.host} sends the request to ${JSON.stringify(location)}.`);
  const next = new URL(location, from);
  const isWeb = next.protocol === "https:" || next.protocol === "http:";
  if (!isWeb || next.username !== "" || next.password !== "") {
    throw astray(`${from.host} sends the request to an address that is not fetched.`);
  }
  if (from.protocol === "https:" && next.protocol === "http:") {
    throw astray(`${from.host} sends the request to ${next.host} without encryption.`);
  }
  return next;
}

function astray(message: string): HttpError {
  return new HttpError("HTTP_REDIRECT", message, { hint: "Use another address." });
}

function withoutHeaders(headers: Record<string, string>, pattern: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !pattern.test(name)));
}
