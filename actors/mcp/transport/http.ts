// A server with an address. Its own headers go to its own origin and nowhere else; so does the Hub's token, and only
// where the server is the one that came with the program.
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike, Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createDoor } from "../../http/door.ts";
import { noKeys } from "../../http/keys.ts";
import type { FetchOptions } from "../../http/types.ts";
import type { McpFault } from "../errors.ts";
import type { McpArgs, McpServer } from "../protocol.ts";
import { withinLimit } from "./size.ts";

type Address = Extract<McpServer["transport"], { url: string }>;

/** Milliseconds for which an answer may be on its way: calls have limits of their own, streams stay open for hours. */
const patientMs = 24 * 3600 * 1000;

/**
 * Streams of a server's own messages that are opened on one connection. The SDK opens another whenever one ends, once a
 * second and for ever: from a server that ends each at once, or shows a page there, nothing is to be had.
 */
const mostStreams = 20;

/** What a server answers that has no such stream. */
function noStream(): Response {
  return new Response(null, { status: 405 });
}

/** What a transport over HTTP is made with. */
export interface HttpWay {
  server: McpServer & { transport: Address };
  args: McpArgs;
  /** Ends every request. */
  signal: AbortSignal;
  /** Hears of an answer that is too large: whoever waits for it would wait in vain. */
  refuse: (fault: McpFault) => void;
  /** The user's login at this server, where there is one. */
  login: OAuthClientProvider | null;
}

/** Makes the fetch of one server. */
export function fetchFor({ server, args, signal, refuse }: Omit<HttpWay, "login">): FetchLike {
  const own = new URL(server.transport.url).origin;
  const isHub = server.shipped && own === new URL(args.services.hub).origin;
  const door = createDoor({
    services: args.services,
    keys: { ...noKeys, hub: isHub ? args.hubToken : null },
    cacheDir: null,
    userAgent: args.userAgent,
    waits: { firstMs: 1_000, mostMs: 10_000 },
  });
  // Where a request is sent on to is the SDK's to decide: it follows within one origin only.
  const manner: FetchOptions = { attempts: 1, timeoutMs: patientMs, idleMs: patientMs, redirect: "manual" };
  const atHome = door.fetchFor(signal, manner);
  const abroad = door.fetchFor(signal, { ...manner, foreign: true, timeoutMs: 30_000, idleMs: 30_000 });
  const personal = Object.keys(server.transport.headers);
  let streams = 0;
  return async (input, init = {}) => {
    const isHome = new URL(input).origin === own;
    const headers = new Headers(init.headers);
    // A login may lead to another host; what was meant for the server is not for that one.
    if (!isHome) for (const name of personal) headers.delete(name);
    const wantsStream = isHome && init.method === "GET" && headers.get("accept") === "text/event-stream";
    if (wantsStream && !headers.has("last-event-id")) streams += 1;
    if (wantsStream && streams > mostStreams) return noStream();
    const answer = await (isHome ? atHome : abroad)(input, { ...init, headers });
    if (answer.body === null) return answer;
    const isEvents = answer.headers.get("content-type")?.includes("event-stream") === true;
    if (wantsStream && answer.ok && !isEvents) {
      await answer.body.cancel();
      return noStream();
    }
    const bounded = new Response(withinLimit(answer.body, isEvents, refuse), {
      status: answer.status,
      headers: answer.headers,
    });
    Object.defineProperty(bounded, "url", { value: answer.url });
    return bounded;
  };
}

/** Makes a transport of one of the two kinds. */
export function httpTransport(kind: "http" | "sse", way: HttpWay): Transport {
  const { url, headers } = way.server.transport;
  const options = {
    fetch: fetchFor(way),
    requestInit: { headers },
    ...(way.login === null ? {} : { authProvider: way.login }),
  };
  const address = new URL(url);
  return (
    kind === "sse" ? new SSEClientTransport(address, options) : new StreamableHTTPClientTransport(address, options)
  ) as Transport;
}
