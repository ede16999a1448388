// The fetch that the SDKs are given. They have no idle limit and hide keep-alive bytes, so it reports every byte.
import type { IncomingMessage } from "node:http";
import { bodyOf, exchange, headersOf } from "../http/exchange.ts";
import { asObject, parseJson } from "../shape.ts";

/** How one attempt follows its response. */
export interface Wire {
  onSent: () => void;
  onBytes: () => void;
  onHeaders?: (headers: Headers) => void;
  /** The error for a success that is no reply: a web page, such as a login or a wrong address gets, or nothing. */
  noReply: (detail: string) => Error;
  /**
   * For the many servers that speak OpenAI's dialect in their own way: a JSON answer to a request for a stream becomes
   * a stream of one event, and an error body without an `error` member gets one, where the SDK looks for it.
   */
  lenient?: { stream: boolean };
}

/** Milliseconds for the SDKs' own limit on response headers: beyond any call; interrupting and idling are ours. */
export const sdkTimeoutMs = 24 * 3600 * 1000;

/** Statuses that send a request elsewhere. */
const redirects = new Set([301, 302, 303, 307, 308]);

/** A fetch for one attempt, for what the SDKs ask of one: an address, and a body that is text. */
export function fetchFor(wire: Wire): typeof fetch {
  return async (input, init = {}) => {
    const url = String(input);
    const message = await exchange(new URL(url), { ...init, body: textOf(init) }, wire.onSent);
    wire.onBytes();
    const { statusCode: status = 0, statusMessage: statusText = "" } = message;
    if (redirects.has(status) && message.headers.location !== undefined) {
      // Nothing has been done yet, so it may be sent again; the rules of following are the platform's.
      message.destroy();
      const response = await fetch(url, init);
      if (response.ok && isPage(response.headers)) throw wire.noReply("a web page");
      return response;
    }
    const headers = headersOf(message);
    if (isSuccess(status) && isPage(headers)) {
      message.destroy();
      throw wire.noReply("a web page");
    }
    wire.onHeaders?.(headers);
    const bytes = bodyOf(message, init.signal, wire.onBytes);
    const body = isSuccess(status) ? notEmpty(bytes, wire) : bytes;
    const response = responseOf(url, message, headers, body);
    const isJson = /^application\/json/i.test(headers.get("content-type") ?? "");
    if (wire.lenient?.stream === true && response.ok && isJson) {
      // Raw line ends cannot be part of a JSON string, so this changes the layout only.
      const text = (await response.text()).replace(/[\r\n]+/g, " ");
      return new Response(`data: ${text}\n\n`, { status, headers: { "content-type": "text/event-stream" } });
    }
    if (wire.lenient !== undefined && !response.ok) {
      const text = await response.text();
      const stated = asObject(parseJson(text));
      const wrapped = stated !== null && !("error" in stated) ? JSON.stringify({ error: stated }) : text;
      return new Response(wrapped === "" ? null : wrapped, { status, statusText, headers });
    }
    return response;
  };
}

/** The SDKs send text only. */
function textOf({ body }: RequestInit): string | undefined {
  return typeof body === "string" ? body : undefined;
}

/** As much of a response as the SDKs use. Its body is an iterable of bytes: web streams cost more than all the rest. */
function responseOf(
  url: string,
  message: IncomingMessage,
  headers: Headers,
  body: AsyncIterable<Uint8Array>,
): Response {
  const { statusCode: status = 0, statusMessage: statusText = "" } = message;
  const text = async (): Promise<string> => {
    const decoder = new TextDecoder();
    let whole = "";
    for await (const bytes of body) whole += decoder.decode(bytes, { stream: true });
    return whole + decoder.decode();
  };
  const json = async (): Promise<unknown> => JSON.parse(await text());
  const ok = isSuccess(status);
  return { url, ok, status, statusText, headers, body, text, json } as unknown as Response;
}

/** The same bytes; throws when there are none. */
async function* notEmpty(body: AsyncIterable<Uint8Array>, wire: Wire): AsyncGenerator<Uint8Array, void> {
  let empty = true;
  for await (const bytes of body) {
    if (bytes.length > 0) empty = false;
    yield bytes;
  }
  if (empty) throw wire.noReply("nothing at all");
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isPage(headers: Headers): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(headers.get("content-type") ?? "");
}

/** Headers that the OpenAI SDK would add from the environment, set to null, which keeps them from being sent. */
export function withoutEnvironmentHeaders(variable: string | undefined): Record<string, null> {
  const names = (variable ?? "").split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon > 0 ? [line.slice(0, colon).trim()] : [];
  });
  return Object.fromEntries(names.map((name) => [name, null]));
}
