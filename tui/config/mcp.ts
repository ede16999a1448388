// The MCP servers of a configuration: `mcpServers`, in the shape that such programs share.
import { homedir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../actors/events.ts";
import type { McpServer, McpTransport } from "../../actors/mcp/protocol.ts";
import { FrontError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { isObject, type JsonObject } from "./layers.ts";
import { substitute } from "./substitute.ts";
import type { Environment } from "./variables.ts";

/** The servers, and what the user should hear of those that cannot be used as they are written down. */
export interface McpConfig {
  servers: McpServer[];
  notices: string[];
}

/** The keys of one server. */
const known = [
  "command",
  "args",
  "env",
  "cwd",
  "url",
  "headers",
  "transport",
  "type",
  "trust",
  "enabled",
  "disabled",
  "requires",
  "allowed_tools",
  "denied_tools",
  "timeout_ms",
  "start_timeout_ms",
  "token_budget",
] as const;
/** Keys that other programs write and that mean nothing here: none of them keeps a tool from being used. */
const passedOver = new Set(["description", "icon", "keep_alive", "name", "note", "$comment", "unset"]);

const transports: Record<string, McpTransport["kind"]> = {
  stdio: "stdio",
  http: "http",
  "streamable-http": "http",
  streamableHttp: "http",
  sse: "sse",
};

/** A server that cannot be used as it is written down. */
class Misfit extends Error {}

/**
 * Fills the environment's variables into the servers of a config file. A variable that is not set switches off the
 * server that needs it, not the program.
 */
export function fillServers(value: Json, env: Environment, file: string): Json {
  if (!isObject(value)) return value;
  const filled = Object.entries(value).map(([name, entry]) => {
    try {
      return [name, substitute(entry, env, file, ["mcpServers", name])];
    } catch (error) {
      if (!(error instanceof FrontError) || !isObject(entry)) throw error;
      const { enabled } = entry;
      return [name, { ...(enabled === undefined ? {} : { enabled }), unset: error.message }];
    }
  });
  return Object.fromEntries(filled) as Json;
}

/** Reads the servers. One that makes no sense is switched off and said; the others go on. */
export function mcpConfig(config: JsonObject): McpConfig {
  const { mcpServers: entries = {} } = config;
  if (entries === null) return { servers: [], notices: [] };
  if (!isObject(entries)) {
    const hint = 'Write it as { "name": { "command": "…" } }.';
    throw new FrontError("CONFIG_INVALID", '"mcpServers" must be an object of servers by name.', hint);
  }
  const notices: string[] = [];
  const servers = Object.entries(entries).flatMap(([name, entry]): McpServer[] => {
    if (entry === null) return [];
    try {
      return [serverOf(name, entry, config)];
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const why = error.message;
      notices.push(`The MCP server ${JSON.stringify(name)} is off: ${why}.`);
      return [{ ...nothing, name, off: why }];
    }
  });
  return { servers, notices };
}

/** A server of which only the name is known. */
const nothing: Omit<McpServer, "name" | "off"> = {
  transport: { kind: "stdio", command: "", args: [], env: {}, cwd: null },
  trust: false,
  allowed: null,
  denied: [],
  callMs: 0,
  startMs: 0,
  tokens: 0,
  shipped: false,
};

function serverOf(name: string, entry: Json, config: JsonObject): McpServer {
  if (!isObject(entry)) throw new Misfit("it must be an object");
  if (typeof entry.unset === "string") {
    if (entry.enabled !== false) throw new Misfit(entry.unset.replace(/\.$/, ""));
    return { ...nothing, name, off: "the config says so" };
  }
  const stray = Object.keys(entry).find((key) => !known.some((one) => one === key) && !passedOver.has(key));
  if (stray !== undefined) {
    const guess = nearest(stray, [...known]);
    throw new Misfit(`"${stray}" is no known key${guess === null ? "" : `; did you mean "${guess}"`}`);
  }
  const transport = transportOf(entry);
  const limits = isObject(config.limits) ? config.limits : {};
  const usualMs = typeof limits.tool_timeout_ms === "number" ? limits.tool_timeout_ms : 120_000;
  return {
    name,
    transport,
    trust: booleanOf(entry, "trust", false),
    off: offBecause(entry, transport, config),
    allowed: entry.allowed_tools === undefined ? null : textsOf(entry, "allowed_tools"),
    denied: textsOf(entry, "denied_tools"),
    callMs: countOf(entry, "timeout_ms", usualMs),
    startMs: countOf(entry, "start_timeout_ms", 30_000),
    tokens: countOf(entry, "token_budget", 4_000),
    shipped: entry.requires === "hf_token",
  };
}

/** Why a server that could be used is not. */
function offBecause(entry: JsonObject, transport: McpTransport, config: JsonObject): string | null {
  if (!booleanOf(entry, "enabled", true) || booleanOf(entry, "disabled", false)) return "the config says so";
  if (entry.requires === undefined) return null;
  if (entry.requires !== "hf_token") throw new Misfit('"requires" can be hf_token only');
  const { hf_token: token, hf_endpoint: endpoint } = config;
  if (typeof token !== "string" || token === "") return "it needs a token of the Hugging Face Hub (HF_TOKEN)";
  const hub = typeof endpoint === "string" && URL.canParse(endpoint) ? endpoint : "https://huggingface.co";
  const isThere = transport.kind !== "stdio" && new URL(transport.url).origin === new URL(hub).origin;
  return isThere ? null : "it is not at the Hub that is in use (HF_ENDPOINT), whose token it needs";
}

function transportOf(entry: JsonObject): McpTransport {
  const named = entry.transport ?? entry.type;
  const kind = named === undefined ? null : (transports[String(named)] ?? null);
  if (named !== undefined && kind === null) throw new Misfit('"transport" must be stdio, http or sse');
  const { command, url } = entry;
  if (typeof command === "string" && command.trim() !== "" && url === undefined) {
    if (kind !== null && kind !== "stdio") throw new Misfit('a command has the transport "stdio"');
    const cwd = entry.cwd === undefined ? null : textOf(entry, "cwd").replace(/^~(?=\/|$)/, homedir());
    if (cwd !== null && !cwd.startsWith("/")) throw new Misfit('"cwd" must begin with / or ~/');
    const program = command.startsWith("~/") ? join(homedir(), command.slice(2)) : command;
    return { kind: "stdio", command: program, args: textsOf(entry, "args"), env: mapOf(entry, "env"), cwd };
  }
  if (typeof url !== "string" || command !== undefined) throw new Misfit('it needs either "command" or "url"');
  if (kind === "stdio") throw new Misfit('an address has the transport "http" or "sse"');
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^https?:$/.test(address.protocol) || address.username !== "" || address.password !== "") {
    throw new Misfit('"url" must be an http(s) address without a user name');
  }
  const guessed = /\/sse\/?$/.test(address.pathname) ? "sse" : "guess";
  return { kind: kind ?? guessed, url, headers: mapOf(entry, "headers") };
}

function textOf(entry: JsonObject, key: string): string {
  const value = entry[key];
  if (typeof value === "string" && !value.includes("\0")) return value;
  throw new Misfit(`"${key}" must be a text`);
}

function textsOf(entry: JsonObject, key: string): string[] {
  const value = entry[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string" && !item.includes("\0"))) {
    return value as string[];
  }
  throw new Misfit(`"${key}" must be a list of texts`);
}

function mapOf(entry: JsonObject, key: string): Record<string, string> {
  const value = entry[key] ?? {};
  const isMap = isObject(value) && Object.values(value).every((item) => typeof item === "string");
  if (isMap) return value as Record<string, string>;
  throw new Misfit(`"${key}" must be an object of texts`);
}

function booleanOf(entry: JsonObject, key: string, usual: boolean): boolean {
  const value = entry[key] ?? usual;
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new Misfit(`"${key}" must be true or false`);
}

function countOf(entry: JsonObject, key: string, usual: number): number {
  const value = Number(entry[key] ?? usual);
  // Above this a timer of the platform would fire at once.
  if (Number.isInteger(value) && value > 0 && value <= 2_000_000_000) return value;
  throw new Misfit(`"${key}" must be a whole number above 0`);
}
