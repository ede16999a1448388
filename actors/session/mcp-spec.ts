// The tools of MCP servers, as models see them and as calls of them find them.
import type { ToolSpec } from "../llm/protocol.ts";
import type { McpTool } from "../mcp/protocol.ts";
import type { SessionState } from "./state.ts";

/** A tool as models see it. */
export function specOf({ name, description, parameters }: McpTool): ToolSpec {
  return { name, description, parameters };
}

/** The definition that a call of a name is made on: a member for the executor's request, or none. */
export function definitionFor(state: SessionState, name: string): { definition?: McpTool } {
  const definition = state.mcp.offered.find((tool) => tool.name === name);
  return definition === undefined ? {} : { definition };
}
