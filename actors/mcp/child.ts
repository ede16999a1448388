import type { ChildSpec } from "../../runtime/index.ts";
import type { McpArgs, McpProtocol } from "./protocol.ts";

/** The servers' actor shares a thread with the notifier, which begins with the first of them that is needed. */
export function mcpChild(args: McpArgs): ChildSpec<McpProtocol, McpArgs> {
  return {
    id: "mcp",
    entry: new URL("./actor-mcp.js", import.meta.url).href,
    args,
    place: { at: "thread", host: "io" },
    launch: "on_demand",
    restart: "permanent",
    // A server's input is closed, and it gets a moment before its group is ended.
    shutdown: 1_500,
    mailbox: { capacity: 256, whenFull: "reject" },
    concurrency: 256,
  };
}
