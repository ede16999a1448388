// The tools of MCP servers, from the root's side: what is on offer when a session is opened, who is asked for the first
// time, and what people can do about it.
import { join } from "node:path";
import { createSystem, type SupervisorOptions, type System } from "../../runtime/index.ts";
import { mcpChild } from "../mcp/child.ts";
import { hostFor, patternFor } from "../mcp/names.ts";
import { offered, unseen } from "../mcp/offer.ts";
import { type McpArgs, type McpProtocol, type McpServer, type McpServerState, mcpFolder } from "../mcp/protocol.ts";
import type { NamedRule } from "../session/policy/types.ts";
import { onToolsFound } from "../session/turn/on-tools.ts";
import type { McpGround } from "../tools/protocol.ts";
import type { Store } from "./store.ts";
import type { StartOptions } from "./types.ts";
import { userAgentOf } from "./user-agent.ts";

/** The servers have a supervisor of their own: when their actor cannot be kept alive, the session goes on without it. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

const askMs = 5_000;
/** A login waits for a person. */
const loginMs = 600_000;

/** What people can ask of the servers. */
export interface McpDesk {
  servers(): Promise<McpServerState[]>;
  /** Connects to a server, anew with `fresh`, and answers how it stands then. */
  look(server: string, fresh: boolean): Promise<McpServerState>;
  /** Takes what waits for approved, of one tool or of all of the server's. */
  approve(server: string, tool: string | null): Promise<string[]>;
  /** The user's servers that were never seen. */
  newcomers(): string[];
  /** Waits until each of them has said what it offers, or cannot be had, at most so long in milliseconds. */
  meet(limitMs: number): Promise<void>;
  login(server: string, onUrl: (url: string) => void, signal: AbortSignal): Promise<void>;
}

/** What the start of the actor needs. */
export type McpSetting = Pick<
  StartOptions,
  "cwd" | "stateDir" | "mcp" | "commandEnv" | "services" | "serviceKeys" | "secrets"
>;

function argsOf(setting: McpSetting, userAgent: string): McpArgs {
  return {
    servers: setting.mcp,
    dir: join(setting.stateDir, mcpFolder),
    workspace: setting.cwd,
    env: setting.commandEnv,
    services: setting.services,
    hubToken: setting.serviceKeys.hub,
    userAgent,
    secrets: [...setting.secrets, ...setting.mcp.flatMap(valuesOf)],
  };
}

/** Those of them that the user has put there. */
function newcomersOf(setting: Pick<McpSetting, "stateDir" | "mcp">): string[] {
  return neverSeen(setting).flatMap(({ name, shipped }) => (shipped ? [] : [name]));
}

function neverSeen({ stateDir, mcp }: Pick<McpSetting, "stateDir" | "mcp">): McpServer[] {
  return unseen(join(stateDir, mcpFolder), mcp);
}

/** What follows for the policy from a server being trusted: its tools that only read may be called. */
export function mcpRules(servers: readonly McpServer[]): NamedRule[] {
  const grounds = mcpGrounds(servers);
  return servers.flatMap(({ name, trust }) => {
    const host = grounds[name]?.host;
    if (!trust || host === undefined) return [];
    const rule = { verdict: "allow" as const, access: "network" as const, host, tool: patternFor(name) };
    return [{ name: `mcp:${name}`, rule }];
  });
}

/** What a server is given may be a key, whatever its name is. */
function valuesOf({ transport }: McpServer): string[] {
  const given = Object.values(transport.kind === "stdio" ? transport.env : transport.headers);
  return given.flatMap((value) => [value, value.replace(/^\S+\s+/, "")]).filter((value) => value.length >= 8);
}

/** What the executor needs to know of each server. */
export function mcpGrounds(servers: readonly McpServer[]): Record<string, McpGround> {
  return Object.fromEntries(
    servers.map(({ name, transport, trust, off, allowed, denied, callMs, startMs }) => [
      name,
      {
        host: hostFor(name, transport.kind === "stdio" ? null : transport.url),
        ...{ trust, off, allowed, denied, callMs, startMs },
      },
    ]),
  );
}

/** States what is on offer as this process begins, where it is not what the session has. */
export function announceTools(store: Store, { stateDir, mcp }: Pick<McpSetting, "stateDir" | "mcp">): void {
  for (const event of onToolsFound(store.state, offered(join(stateDir, mcpFolder), mcp))) store.publish(event, false);
}

/** Launches the actor, to be started by the first call, and hands out what people can ask of it. */
export async function launchMcp(system: System, setting: McpSetting, userAgent: string): Promise<McpDesk> {
  if (setting.mcp.length > 0) await system.supervise("mcp", [mcpChild(argsOf(setting, userAgent))], supervision);
  const actor = system.ref<McpProtocol>("mcp");
  const lookMs = Math.max(0, ...setting.mcp.map(({ startMs }) => startMs)) + askMs;
  return {
    servers: async () => (setting.mcp.length === 0 ? [] : actor.ask("servers", null, { deadlineMs: askMs })),
    look: (server, fresh) => actor.ask("look", { server, fresh }, { deadlineMs: lookMs }),
    approve: (server, tool) => actor.ask("approve", { server, tool }, { deadlineMs: askMs }),
    newcomers: () => newcomersOf(setting),
    async meet(deadlineMs) {
      const asked = newcomersOf(setting).map((server) => actor.ask("look", { server, fresh: false }, { deadlineMs }));
      await Promise.allSettled(asked);
    },
    async login(server, onUrl, signal) {
      const onProgress = (update: unknown) => onUrl((update as { url: string }).url);
      await actor.ask("login", { server }, { deadlineMs: loginMs, signal, onProgress });
    },
  };
}

/** Has servers that were never seen asked for their tools, beside whatever else goes on. */
export function discoverTools(system: System, setting: Pick<McpSetting, "stateDir" | "mcp">): void {
  const servers = neverSeen(setting).map(({ name }) => name);
  if (servers.length > 0) system.ref<McpProtocol>("mcp").tell("discover", { servers });
}

/** The servers without a session, for commands about them. */
export async function openDesk(options: StartOptions): Promise<{ desk: McpDesk; close(): Promise<void> }> {
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  const desk = await launchMcp(system, options, userAgentOf(options.createdBy));
  return { desk, close: () => system.stop() };
}
