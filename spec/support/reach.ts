// What the tools reach outside this machine in specs: nothing, unless a spec sets up a service.
import { noKeys } from "../../actors/http/keys.ts";
import type { SearchEngine, ServiceKeys, Services } from "../../actors/http/types.ts";
import type { McpDesk } from "../../actors/root/mcp.ts";
import type { ToolsArgs } from "../../actors/tools/protocol.ts";

/** An address at which nobody listens: a request to a service that a spec has not set up fails at once. */
const nowhere = "http://127.0.0.1:1";

/** The services of a spec: those that it has set up, and nobody else. */
export function servicesAt(own: Partial<Services>): Services {
  return {
    hub: nowhere,
    datasetsServer: nowhere,
    github: nowhere,
    arxiv: nowhere,
    semanticScholar: nowhere,
    webSearch: [],
    gradio: nowhere,
    openHosts: [],
    ...own,
  };
}

/** A search engine of a spec: it is called by its kind. */
export function searchEngine(kind: SearchEngine["kind"], address: string): SearchEngine {
  return { kind, name: kind, address };
}

/** The keys of a spec. */
export function keysOf(own: Partial<ServiceKeys>): ServiceKeys {
  return { ...noKeys, ...own };
}

/** A part of the executor's arguments that reaches nothing. */
export const nothingOutside: Pick<
  ToolsArgs,
  "services" | "keys" | "cacheDir" | "userAgent" | "secrets" | "jobSecrets" | "artifactMetadata" | "sharing" | "mcp"
> = {
  secrets: [],
  jobSecrets: {},
  artifactMetadata: true,
  sharing: { dataset: "{user}/ml-intern-sessions", consentFile: "/nowhere/sharing.json" },
  services: servicesAt({}),
  keys: keysOf({}),
  cacheDir: null,
  mcp: {},
  userAgent: "ml-intern/spec",
};

/** The desk of an agent without MCP servers. */
export const noServers: McpDesk = {
  servers: async () => [],
  look: () => Promise.reject(new Error("There is no server.")),
  approve: async () => [],
  newcomers: () => [],
  meet: async () => undefined,
  login: () => Promise.reject(new Error("There is no server.")),
};
