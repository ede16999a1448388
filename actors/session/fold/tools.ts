// The fold of what MCP servers offer. It changes between turns only, so that within one every request to a model begins
// with the same bytes.
import type { McpTool } from "../../mcp/protocol.ts";
import { specOf } from "../mcp-spec.ts";
import type { SessionState } from "../state.ts";
import type { Handlers } from "./fold.ts";

/** Begins to offer what was found since the last turn began. */
export function takeTools(state: SessionState): void {
  const { next } = state.mcp;
  if (next === null) return;
  state.mcp = { offered: next, chars: next.length === 0 ? 0 : charsOf(next), next: null };
  // What the caller of the model holds begins with the tools as they were.
  state.revision += 1;
}

function charsOf(tools: readonly McpTool[]): number {
  return JSON.stringify(tools.map(specOf)).length;
}

export const foldTools: Handlers<"tools_changed"> = {
  tools_changed(state, data) {
    state.mcp = { ...state.mcp, next: data.tools };
  },
};
