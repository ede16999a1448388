import type { ChildSpec } from "../../runtime/index.ts";
import type { ContextArgs, ContextProtocol } from "./protocol.ts";

/** A thread of its own, begun by the first compaction: reading through a long conversation takes time. */
export function contextChild(args: ContextArgs): ChildSpec<ContextProtocol, ContextArgs> {
  return {
    id: "context",
    entry: new URL("./actor-context.js", import.meta.url).href,
    args,
    place: { at: "thread" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: "kill",
    mailbox: { capacity: 16, whenFull: "reject" },
  };
}
