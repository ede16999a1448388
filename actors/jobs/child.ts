import type { ChildSpec } from "../../runtime/index.ts";
import type { JobsArgs, JobsProtocol } from "./protocol.ts";

/** The follower of jobs has a thread of its own, which begins with the first job that no call waits for. */
export function jobsChild(args: JobsArgs): ChildSpec<JobsProtocol, JobsArgs> {
  return {
    id: "jobs",
    entry: new URL("./actor-jobs.js", import.meta.url).href,
    args,
    place: { at: "thread" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: 200,
    mailbox: { capacity: 256, whenFull: "reject" },
    concurrency: 256,
  };
}
