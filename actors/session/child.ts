import type { ChildSpec } from "../../runtime/index.ts";
import type { SessionProtocol } from "./protocol.ts";
import { type SessionOptions, sessionFactory } from "./session.ts";

/** The session runs on the main loop: microseconds of work a message, and nothing to wait for. */
export function sessionChild(options: () => SessionOptions, id = "session"): ChildSpec<SessionProtocol, null> {
  return {
    id,
    entry: sessionFactory(options),
    args: null,
    place: { at: "loop" },
    restart: "permanent",
    shutdown: 100,
    mailbox: { capacity: 1024, whenFull: "reject" },
  };
}
