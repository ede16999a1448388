// What the actor for MCP servers understands, and how servers and their tools are written down.
import type { Json } from "../events.ts";
import type { Services } from "../http/types.ts";

/** How a server is reached. */
export type McpTransport =
  | { kind: "stdio"; command: string; args: string[]; env: Record<string, string>; cwd: string | null }
  /** `guess`: streamable HTTP, and where the server refuses that, the older SSE. */
  | { kind: "http" | "sse" | "guess"; url: string; headers: Record<string, string> };

/** A server of the user's configuration. */
export interface McpServer {
  name: string;
  transport: McpTransport;
  /** What the server says of its own tools (that one only reads, that one may be repeated) is believed. */
  trust: boolean;
  /** Why the server is not used, in words for people; null: it is. */
  off: string | null;
  /** Names of tools, as the server calls them. `allowed` null: all that are not denied. */
  allowed: string[] | null;
  denied: string[];
  /** Milliseconds that a call may take. */
  callMs: number;
  /** Milliseconds until it must be connected and have named its tools. */
  startMs: number;
  /** Tokens that the definitions of its tools may have together in each request to a model, as estimated. */
  tokens: number;
  /** It came with the program and may be given the Hub's token, if it is at the Hub's own address. */
  shipped: boolean;
}

/**
 * A tool as it was recorded: what models are offered, and what a call is checked against. `hash` stands for the
 * server's own words; a server that says anything else by the time of a call is not asked.
 */
export interface McpTool {
  /** As models call it: `mcp__<server>__<tool>`. */
  name: string;
  server: string;
  /** As the server calls it. */
  tool: string;
  description: string;
  /** An object schema (JSON Schema) of the few words that every provider takes. */
  parameters: { [key: string]: Json };
  /** What the server says of it; unsaid is taken as the worst. */
  hints: { readOnly: boolean; destructive: boolean; idempotent: boolean };
  hash: string;
}

/** A call of a tool. */
export interface McpCall {
  callId: string;
  server: string;
  tool: string;
  /** Of the definition that the call was made on. */
  hash: string;
  arguments: { [key: string]: Json };
}

/** What a call came to. */
export interface McpResult {
  ok: boolean;
  text: string;
  /** The structured content, where there is any. */
  data: Json | null;
  images: { media_type: string; base64: string }[];
}

/** Why something with a server did not work. */
export type McpErrorCode =
  | "MCP_UNKNOWN_SERVER"
  | "MCP_OFF"
  /** It cannot be started or reached, or does not speak the protocol. */
  | "MCP_UNAVAILABLE"
  | "MCP_LOGIN"
  /** It has no such tool any more. */
  | "MCP_TOOL_GONE"
  /** The tool is not what was approved. */
  | "MCP_CHANGED"
  /** It was lost in mid-call. */
  | "MCP_LOST"
  | "MCP_TIMEOUT"
  | "MCP_CANCELLED"
  | "MCP_TOO_LARGE"
  /** It refused the call itself. */
  | "MCP_REFUSED";

/** How a tool of a server stands. */
export type McpToolStanding =
  | "offered"
  /** Another definition than the approved one, or a tool that was not there at first: waits for a person. */
  | "changed"
  | "new"
  /** Left out by the configuration, for want of room, or because its schema cannot be shown to models. */
  | "denied"
  | "no_room"
  | "unusable";

/** A server as people are shown it. */
export interface McpServerState {
  name: string;
  /** The command or the address, without arguments or headers that may be secret. */
  where: string;
  state: "off" | "idle" | "starting" | "ready" | "failed";
  trusted: boolean;
  /** What went wrong last, and what to do; or why it is off. */
  trouble: { code: McpErrorCode; message: string; hint: string } | null;
  /** What it calls itself; null before it was asked. */
  title: string | null;
  tools: { name: string; tool: string; standing: McpToolStanding; summary: string }[];
  /** What waits for an approval, as a difference to what was approved before. */
  waiting: { tool: string; name: string; diff: string }[];
}

/** What the session is told: all tools on offer, in their order, and news for people. */
export interface McpOffer {
  tools: McpTool[];
  notices: string[];
}

export interface McpProtocol {
  tells: {
    /** Asks servers that have never been seen what they offer, in the background. */
    discover: { servers: string[] };
  };
  asks: {
    /** Runs one call. Progress is `{ log }`. Fails with a `McpErrorCode`. */
    call: [McpCall, McpResult];
    /** The servers as they stand; nobody is asked for it. */
    servers: [null, McpServerState[]];
    /** Connects to a server, anew with `fresh`, and answers how it stands then. Never fails for a server's fault. */
    look: [{ server: string; fresh: boolean }, McpServerState];
    /** Takes the waiting definitions of a server for approved, of one tool or of all. Answers which. */
    approve: [{ server: string; tool: string | null }, string[]];
    /** Has a person log in at a server. Progress is `{ url }`, the address to open. */
    login: [{ server: string }, null];
  };
}

/** What the actor is started with. */
export interface McpArgs {
  servers: McpServer[];
  /** The actor's own folder of the state: definitions and logins. */
  dir: string;
  /** Told to servers that ask. */
  workspace: string;
  /** The environment of commands, already reduced to the allow-list. */
  env: Record<string, string>;
  services: Services;
  /** For the shipped server alone. */
  hubToken: string | null;
  userAgent: string;
  /** Values that must not be told to people or models. */
  secrets: string[];
}

/** Where the actor keeps its things in a state folder. */
export const mcpFolder = "mcp";
