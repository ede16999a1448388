import type { ChildSpec } from "../../runtime/index.ts";
import type { NotifierArgs, NotifierProtocol } from "./protocol.ts";

/**
 * The notifier has a thread of its own, which begins with the first message. Many messages wait in it at once, so it
 * takes every one as it comes and keeps their order itself.
 */
export function notifierChild(args: NotifierArgs): ChildSpec<NotifierProtocol, NotifierArgs> {
  return {
    id: "notifier",
    entry: new URL("./actor-notifier.js", import.meta.url).href,
    args,
    place: { at: "thread", host: "io" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: 200,
    mailbox: { capacity: 1024, whenFull: "reject" },
    concurrency: 1024,
  };
}
