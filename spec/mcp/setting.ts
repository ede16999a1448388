// The actor for MCP servers in a thread of its own, with a listener in the session's place.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceKeys, Services } from "../../actors/http/types.ts";
import { mcpChild } from "../../actors/mcp/child.ts";
import { offered } from "../../actors/mcp/offer.ts";
import type { McpArgs, McpOffer, McpProtocol, McpResult, McpServer, McpTool } from "../../actors/mcp/protocol.ts";
import { type ActorRef, createSystem, type Protocol, type System } from "../../runtime/index.ts";
import { servicesAt } from "../support/reach.ts";

const supervision = {
  strategy: "one_for_one" as const,
  intensity: 20,
  periodMs: 30_000,
  backoff: { minMs: 10, maxMs: 100, jitter: 0, resetAfterMs: 60_000 },
};

export interface Setting {
  actor: ActorRef<McpProtocol>;
  system: System;
  dir: string;
  workspace: string;
  /** What the session was told. */
  offers: McpOffer[];
  /** The definition of a tool on offer. */
  tool(name: string): McpTool;
  /** Calls a tool that is on offer. */
  call(name: string, args?: McpTool["parameters"], options?: CallOptions): Promise<McpResult>;
  close(): Promise<void>;
}

export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (update: unknown) => void;
}

export interface SettingOptions {
  env?: Record<string, string>;
  services?: Partial<Services>;
  hubToken?: ServiceKeys["hub"];
  secrets?: string[];
  /** An earlier setting's folder. */
  dir?: string;
}

/** What the actor is started with. */
export function argsFor(servers: McpServer[], options: SettingOptions = {}, workspace = "/nowhere"): McpArgs {
  return {
    servers,
    dir: options.dir ?? join(workspace, "mcp"),
    workspace,
    env: { PATH: process.env.PATH ?? "", HOME: workspace, ...options.env },
    services: servicesAt(options.services ?? {}),
    hubToken: options.hubToken ?? null,
    userAgent: "ml-intern/9.9 agent/ml-intern",
    secrets: options.secrets ?? [],
  };
}

/** Starts the actor for some servers. */
export async function holdServers(servers: McpServer[], options: SettingOptions = {}): Promise<Setting> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "mcp-spec-")));
  const dir = options.dir ?? join(root, "mcp");
  const offers: McpOffer[] = [];
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  const args = argsFor(servers, { ...options, dir }, root);
  const listener = () => ({
    tells: { tools: (offer: McpOffer) => void offers.push(offer) },
    asks: {},
  });
  await system.supervise(
    "all",
    [
      { id: "session", entry: listener, args: null, place: { at: "loop" }, restart: "permanent", shutdown: 100 },
      mcpChild(args),
    ],
    supervision,
  );
  const actor = system.ref<McpProtocol & Protocol>("mcp") as ActorRef<McpProtocol>;
  const tool = (name: string): McpTool => {
    const found = offered(dir, servers).find((each) => each.name === name);
    if (found === undefined) throw new Error(`${name} is not on offer`);
    return found;
  };
  return {
    actor,
    system,
    dir,
    workspace: root,
    offers,
    tool,
    call(name, args = {}, more = {}) {
      const { server, tool: raw, hash } = tool(name);
      return actor.ask(
        "call",
        { callId: "c1", server, tool: raw, hash, arguments: args },
        { deadlineMs: 30_000, ...more },
      );
    },
    async close() {
      await system.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
