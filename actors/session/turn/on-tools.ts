// The turn machine: what MCP servers offer.
import { isDeepStrictEqual } from "node:util";
import type { NewEvent } from "../../events.ts";
import type { McpTool } from "../../mcp/protocol.ts";
import type { SessionState } from "../state.ts";

/** States the tools that are on offer from the next turn on; nothing, when they are those already. */
export function onToolsFound(state: SessionState, tools: McpTool[]): NewEvent[] {
  const known = state.mcp.next ?? state.mcp.offered;
  return isDeepStrictEqual(known, tools) ? [] : [{ type: "tools_changed", data: { tools } }];
}
