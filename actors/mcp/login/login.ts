// A person logs in at a server: the program waits on an address of this machine for the browser to come back.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { auth, type OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type { OAuthClientInformationMixed } from "@modelcontextprotocol/sdk/shared/auth.js";
import { McpFault } from "../errors.ts";
import { connectFault } from "../faults.ts";
import type { McpArgs, McpServer } from "../protocol.ts";
import { plainLine } from "../text.ts";
import { fetchFor } from "../transport/http.ts";
import { clientMetadata, hasOwnAuthorization, keepLogin } from "./kept.ts";

const path = "/callback";

/** What the browser brings back. */
interface Brought {
  code: string;
}

/** Logs a person in. `onUrl` hears the address to open. Throws `McpFault`. */
export async function logIn(
  args: McpArgs,
  server: McpServer,
  onUrl: (url: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { transport } = server;
  if (transport.kind === "stdio") throw nothingToDo(server.name, "it is a command of this machine");
  if (hasOwnAuthorization(server)) throw nothingToDo(server.name, "the config gives it an Authorization header");
  const state = randomBytes(24).toString("base64url");
  const callback = await listen(state);
  const end = new AbortController();
  try {
    const provider = providerFor(args.dir, server, callback.url, state, onUrl);
    const until = AbortSignal.any([signal, end.signal]);
    const fetchFn = fetchFor({ server: { ...server, transport }, args, signal: until, refuse: () => undefined });
    const about = await challenge(fetchFn, transport.url);
    const begun = await auth(provider, { serverUrl: transport.url, fetchFn, ...about });
    if (begun === "AUTHORIZED") return;
    const { code } = await untilAborted(callback.brought, signal);
    const done = await auth(provider, { serverUrl: transport.url, fetchFn, authorizationCode: code, ...about });
    if (done !== "AUTHORIZED") throw new McpFault("MCP_LOGIN", "The server did not accept the login.", "Try again.");
  } catch (error) {
    throw error instanceof McpFault ? error : connectFault(server.name, error, "");
  } finally {
    end.abort();
    callback.close();
  }
}

function nothingToDo(name: string, why: string): McpFault {
  return new McpFault("MCP_LOGIN", `There is nothing to log in for at ${name}: ${why}.`, "See: ml-intern mcp list");
}

/** Where the server says who logs people in for it; it says so when it is asked without a login (RFC 9728). */
async function challenge(fetchFn: ReturnType<typeof fetchFor>, url: string): Promise<{ resourceMetadataUrl?: URL }> {
  const answer = await fetchFn(url, { method: "GET", headers: { accept: "text/event-stream" } });
  await answer.body?.cancel();
  const named = /resource_metadata="([^"]+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1];
  return named !== undefined && URL.canParse(named) ? { resourceMetadataUrl: new URL(named) } : {};
}

function providerFor(
  dir: string,
  server: McpServer,
  redirectUrl: string,
  state: string,
  onUrl: (url: string) => void,
): OAuthClientProvider {
  let verifier = "";
  let client: OAuthClientInformationMixed | undefined;
  return {
    redirectUrl,
    clientMetadata: clientMetadata([redirectUrl]),
    state: () => state,
    // Registered anew at each login: the port on which we wait is another one each time.
    clientInformation: () => client,
    saveClientInformation: (registered) => {
      client = registered;
    },
    tokens: () => undefined,
    saveTokens: (tokens) => keepLogin(dir, server, { tokens, ...(client === undefined ? {} : { client }) }),
    redirectToAuthorization: (url) => {
      if (url.protocol !== "https:" && url.protocol !== "http:") {
        const words = `The server wants to open an address of the kind ${plainLine(url.protocol, 20)}.`;
        throw new McpFault("MCP_LOGIN", words, "Do not log in there.");
      }
      onUrl(url.href);
    },
    saveCodeVerifier: (made) => {
      verifier = made;
    },
    codeVerifier: () => verifier,
  };
}

/** Waits for the browser. Requests that do not know the state are not answered with anything of use. */
async function listen(state: string): Promise<{ url: string; brought: Promise<Brought>; close(): void }> {
  let take: (brought: Brought) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  const brought = new Promise<Brought>((resolve, reject) => {
    take = resolve;
    refuse = reject;
  });
  brought.catch(() => undefined);
  const server: Server = createServer((request, response) => {
    const asked = new URL(request.url ?? "/", "http://127.0.0.1");
    const code = asked.searchParams.get("code");
    const failed = asked.searchParams.get("error");
    const isOurs = asked.pathname === path && isSame(asked.searchParams.get("state") ?? "", state);
    response.setHeader("connection", "close");
    if (!isOurs || (code === null && failed === null)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
    response.end(failed === null ? "You are logged in. Go back to ml-intern.\n" : "The login was refused.\n");
    if (code !== null && failed === null) take({ code });
    else refuse(new McpFault("MCP_LOGIN", `The login was refused: ${plainLine(failed ?? "", 200)}.`, "Try again."));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${path}`, brought, close: () => server.close() };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return await Promise.race([work, aborted]);
}
