// The fold of what MCP servers offer. It changes between turns only, so that within one every request to a model begins
// with the same bytes.
import type { McpTool } from "../../mcp/protocol.ts";
import { specOf } from "../mcp-spec.ts";
import { charsPerToken } from "../size.ts";
import type { SessionState } from "../state.ts";
import type { Handlers } from "./fold.ts";

/** Begins to offer what was found since the last turn began. */
export function takeTools(state: SessionState): void {
  const { next, chars: before } = state.mcp;
  if (next === null) return;
  const chars = next.length === 0 ? 0 : charsOf(next);
  state.mcp = { offered: next, chars, next: null };
  // What the newest reply has reported was counted with the tools as they were.
  if (state.measured !== null) {
    const rate = charsPerToken(state, 0);
    const tokens = Math.max(0, state.measured.tokens + Math.ceil((chars - before) / rate));
    state.measured = { ...state.measured, tokens, estimated: true };
  }
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
