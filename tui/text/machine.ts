// What is said of a machine on the Hub that runs on after the program's end.
import type { RemoteJob } from "../../actors/session/state.ts";

/** Which machine runs, at what price, until when, and where to end it. */
export function machineWords({
  flavor,
  price_usd_per_hour: price,
  submittedAt,
  timeout_s,
  job_url,
}: RemoteJob): string {
  const cost = price === null ? "" : ` at $${price} an hour`;
  const until = new Date(submittedAt + timeout_s * 1_000).toISOString().slice(0, 16).replace("T", " ");
  return `The sandbox (${flavor}) runs on${cost}, until ${until} UTC at the latest. Go on with --continue, or end it: ${job_url}`;
}
