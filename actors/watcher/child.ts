import type { ChildSpec } from "../../runtime/index.ts";
import type { WatcherProtocol } from "./protocol.ts";

/**
 * The watcher shares a thread with others that follow the session. It keeps nothing that a replay does not bring back,
 * so it may be ended at any moment.
 */
export function watcherChild(): ChildSpec<WatcherProtocol, null> {
  return {
    id: "watcher",
    entry: new URL("./actor-watcher.js", import.meta.url).href,
    args: null,
    place: { at: "thread", host: "watch" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: "kill",
    mailbox: { capacity: 1024, whenFull: "reject" },
  };
}
