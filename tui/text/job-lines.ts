// Jobs on the Hub that go on without the program, in words.
import type { RemoteJob } from "../../actors/session/state.ts";
import { oneLine } from "./neutralise.ts";

/** A line for each job that runs on: what it costs, until when at most, and how to get back to it. */
export function jobLines(jobs: readonly RemoteJob[], sessionId: string): string[] {
  return jobs.map(({ job_id, flavor, price_usd_per_hour: price, timeout_s, title, job_url }) => {
    const cost = price === null ? "" : ` at $${price.toFixed(2)} an hour`;
    const what = `Job ${oneLine(job_id)} (${oneLine(title, 60)}) runs on: ${oneLine(flavor)}${cost}, for ${Math.ceil(timeout_s / 60)} min at most.`;
    return `${what} ${oneLine(job_url)}; ml-intern --resume ${sessionId} follows it again.`;
  });
}
