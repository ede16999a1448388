import type { ChildSpec } from "../../runtime/index.ts";
import type { SandboxArgs, SandboxProtocol } from "./protocol.ts";

/** The sandbox has a thread of its own; the commands that it runs outlive it, and its next start attaches to them. */
export function sandboxChild(args: SandboxArgs): ChildSpec<SandboxProtocol, SandboxArgs> {
  return {
    id: "sandbox",
    entry: new URL("./actor-sandbox.js", import.meta.url).href,
    args,
    place: { at: "thread" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: 500,
    mailbox: { capacity: 256, whenFull: "reject" },
    concurrency: 256,
  };
}
