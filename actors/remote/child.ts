import type { ChildSpec } from "../../runtime/index.ts";
import type { RemoteArgs, RemoteProtocol } from "./protocol.ts";

/**
 * The remote actor shares a thread with others that wait for services. It begins with the first call that needs a machine;
 * `args` is asked at each start, for the machine that the session has by then.
 */
export function remoteChild(args: () => RemoteArgs): ChildSpec<RemoteProtocol, RemoteArgs> {
  return {
    id: "remote",
    entry: new URL("./actor-remote.js", import.meta.url).href,
    args,
    place: { at: "thread", host: "io" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: 200,
    mailbox: { capacity: 256, whenFull: "reject" },
    concurrency: 64,
  };
}
