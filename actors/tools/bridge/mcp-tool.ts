// A tool of an MCP server as the executor knows tools: checked, judged, run, cut and marked like any other.
import { codeOf } from "../../../runtime/errors.ts";
import type { Access, Json } from "../../events.ts";
import type { McpCall, McpResult, McpTool } from "../../mcp/protocol.ts";
import { oneLine } from "../cap.ts";
import type { Tool, ToolContext } from "../contract.ts";
import { describeError, ToolError } from "../errors.ts";
import type { McpGround, ToolResult } from "../protocol.ts";
import { objectCheck } from "./input.ts";

type Arguments = { [key: string]: Json };

/** Milliseconds by which the executor's own limit comes after that of the server's actor. */
const marginMs = 5_000;
/** Starts of a call that may be repeated, when the actor for MCP servers dies over it. */
const mostStarts = 3;

/** Failures before the server was asked, all in our own words. */
const unasked = new Set(["MCP_UNKNOWN_SERVER", "MCP_OFF", "MCP_LOGIN", "MCP_TOOL_GONE", "MCP_CHANGED"]);

/** Makes the tool. `ground` null: the server is not configured any more. */
export function bridgeTo(definition: McpTool, ground: McpGround | null): Tool<Arguments> {
  const { name, server, tool, hints, parameters } = definition;
  const isTrusted = ground?.trust === true;
  const mayRepeat = isTrusted && (hints.readOnly || hints.idempotent);
  return {
    name,
    description: definition.description,
    input: objectCheck(parameters) as Tool<Arguments>["input"],
    schema: parameters,
    onCrash: mayRepeat ? "pure" : "effect",
    touches: () => touchesOf(definition, onGround(definition, ground)),
    title: (args) => `${oneLine(server, 40)}: ${oneLine(tool, 60)} ${oneLine(JSON.stringify(args), 200)}`,
    timeoutMs: () => (ground === null ? 0 : ground.callMs + ground.startMs) + marginMs,
    async run(args, context) {
      onGround(definition, ground);
      const call: McpCall = { callId: context.callId, server, tool, hash: definition.hash, arguments: args };
      return ask(call, context, mayRepeat);
    },
  };
}

/** The server's settings, where the user lets the tool be used. */
function onGround({ server, tool }: McpTool, ground: McpGround | null): McpGround {
  const why =
    ground === null
      ? "it is not in the config any more"
      : ground.off !== null
        ? ground.off
        : ground.denied.includes(tool) || ground.allowed?.includes(tool) === false
          ? `the config does not allow its tool ${oneLine(tool, 60)}`
          : null;
  if (ground !== null && why === null) return ground;
  throw new ToolError("FORBIDDEN", `The MCP server ${oneLine(server, 60)} is not used: ${why}.`, "Work without it.");
}

/**
 * What a call touches. Of a server that the user trusts, its own word counts; of any other nothing it says: each call
 * may do anything, and is asked about unless a rule of the user's says otherwise.
 */
function touchesOf({ server, tool, hints }: McpTool, { host, trust }: McpGround): Access[] {
  const target = `the tool ${oneLine(tool, 60)} of the MCP server ${oneLine(server, 60)}`;
  if (trust && hints.readOnly) return [{ kind: "network", host }];
  if (trust && hints.destructive) return [{ kind: "delete", host, target: `behind ${target}`, what: "data" }];
  return [{ kind: "publish", host, target, what: "mcp_call" }];
}

async function ask(call: McpCall, context: ToolContext, mayRepeat: boolean): Promise<ToolResult> {
  const options = {
    // The executor's own limit ends a call earlier.
    deadlineMs: 24 * 3600 * 1000,
    signal: context.signal,
    onProgress: (update: unknown) => context.log((update as { log: string }).log),
  };
  const untrusted = `MCP server ${oneLine(call.server, 60)}`;
  for (let start = 1; ; start += 1) {
    try {
      return resultOf(await context.mcp.ask("call", call, options), untrusted);
    } catch (error) {
      context.signal.throwIfAborted();
      const code = codeOf(error) ?? "";
      if (unasked.has(code)) throw new ToolError("UNAVAILABLE", describeError(error), hintOf(error));
      const isLost = code === "ACTOR_GONE" || code === "MCP_LOST";
      if (isLost && mayRepeat && start < mostStarts) continue;
      const text = `${describeError(error)} ${hintOf(error) ?? ""}`.trim();
      // From here on the words may be the server's.
      if (!isLost) return { ok: false, text, untrusted, ...(code === "MCP_TIMEOUT" ? { outcome: "timeout" } : {}) };
      const words = "The connection to the MCP server was lost while this call ran.";
      const said =
        code === "MCP_LOST" ? text : `${words} It may or may not have taken effect. Check before you repeat it.`;
      return {
        ok: false,
        text: said,
        ...(code === "MCP_LOST" ? { untrusted } : {}),
        ...(mayRepeat ? {} : { outcome: "unknown" }),
      };
    }
  }
}

function hintOf(error: unknown): string | undefined {
  const data = error instanceof Error && "data" in error ? (error.data as { hint?: unknown } | null) : null;
  return typeof data?.hint === "string" && data.hint !== "" ? data.hint : undefined;
}

function resultOf({ ok, text, data, images }: McpResult, untrusted: string): ToolResult {
  return {
    ok,
    text,
    untrusted,
    ...(data === null ? {} : { data }),
    ...(images.length === 0 ? {} : { images }),
  };
}
