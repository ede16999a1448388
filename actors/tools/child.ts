import type { ChildSpec } from "../../runtime/index.ts";
import type { ToolsArgs, ToolsProtocol } from "./protocol.ts";

/** The tool executor has a thread of its own and works on many calls at once; a crash of it loses no session. */
export function toolsChild(args: ToolsArgs): ChildSpec<ToolsProtocol, ToolsArgs> {
  return {
    id: "tools",
    entry: new URL("./actor-tools.js", import.meta.url).href,
    args,
    place: { at: "thread" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: 200,
    mailbox: { capacity: 256, whenFull: "reject" },
    concurrency: 256,
  };
}
