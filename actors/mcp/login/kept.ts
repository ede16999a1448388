// A login at a server, kept in the state folder and readable by the user alone. A running session uses it and has it
// renewed; only `ml-intern mcp login` makes one.
import { readFileSync, rmSync } from "node:fs";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { asObject, parseJson } from "../../shape.ts";
import { loginNeeded } from "../faults.ts";
import { fileOf, writePrivate } from "../pins.ts";
import type { McpServer } from "../protocol.ts";

/** What is on file. Both parts go back to the SDK unchanged: they name who has issued them. */
export interface KeptLogin {
  client?: OAuthClientInformationMixed;
  tokens?: OAuthTokens;
}

/** Reads the login of a server; empty when there is none. */
export function readLogin(dir: string, server: McpServer): KeptLogin {
  try {
    return (asObject(parseJson(readFileSync(fileOf(dir, server, "login.json"), "utf8"))) ?? {}) as KeptLogin;
  } catch {
    return {};
  }
}

/** Puts parts of a login on file. */
export function keepLogin(dir: string, server: McpServer, change: KeptLogin): void {
  writePrivate(dir, fileOf(dir, server, "login.json"), { ...readLogin(dir, server), ...change });
}

/** Forgets a login. */
export function dropLogin(dir: string, server: McpServer): void {
  rmSync(fileOf(dir, server, "login.json"), { force: true });
}

/** How the program introduces itself to servers of logins. */
export function clientMetadata(redirects: string[]): OAuthClientMetadata {
  return {
    client_name: "ml-intern",
    redirect_uris: redirects,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
}

/** Whether the configuration brings a server's own authorization along: then there is nothing to log in for. */
export function hasOwnAuthorization({ transport }: McpServer): boolean {
  return transport.kind !== "stdio" && Object.keys(transport.headers).some((name) => /^authorization$/i.test(name));
}

/** The kept login of a server as its connections use it; null when there is none. */
export function keptLogin(dir: string, server: McpServer): OAuthClientProvider | null {
  if (hasOwnAuthorization(server) || readLogin(dir, server).tokens === undefined) return null;
  return {
    redirectUrl: "http://127.0.0.1/callback",
    clientMetadata: clientMetadata(["http://127.0.0.1/callback"]),
    clientInformation: () => readLogin(dir, server).client,
    tokens: () => readLogin(dir, server).tokens,
    saveTokens: (tokens) => keepLogin(dir, server, { tokens }),
    // Nobody is asked to log in by a session: it says that somebody has to.
    redirectToAuthorization: () => {
      throw loginNeeded(server.name);
    },
    saveCodeVerifier: () => undefined,
    codeVerifier: () => {
      throw loginNeeded(server.name);
    },
    invalidateCredentials: (scope) => {
      if (scope !== "all" && scope !== "tokens") return;
      dropLogin(dir, server);
      // Else the SDK would begin a login of its own accord.
      throw loginNeeded(server.name);
    },
  };
}
