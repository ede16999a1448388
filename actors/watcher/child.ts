import type { ChildSpec } from "../../runtime/index.ts";
import type { WatcherArgs, WatcherProtocol } from "./protocol.ts";

/**
 * The watcher shares a thread with others that follow the session. It keeps nothing that a replay does not bring back,
 * so it may be ended at any moment. Each session has one of its own: `id` is the watcher's, `session` the actor that it speaks to.
 */
export function watcherChild(id = "watcher", session = "session"): ChildSpec<WatcherProtocol, WatcherArgs> {
  return {
    id,
    entry: new URL("./actor-watcher.js", import.meta.url).href,
    args: { session },
    place: { at: "thread", host: "watch" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: "kill",
    mailbox: { capacity: 1024, whenFull: "reject" },
  };
}
