// What a job says while it runs: its log and its metrics, as server-sent events. A stream may break off early or never
// end; whether the job has ended is only said by its stage (see `follow.ts`).
import { serverSentEvents } from "../../http/sse.ts";
import { parseJson } from "../../shape.ts";
import type { JobsReach } from "./client.ts";
import { readLine, readMetric } from "./read.ts";
import type { JobLine, JobMetric } from "./types.ts";

/** The Hub sends a comment every 30 seconds, so a stream that is silent for longer is dead; in milliseconds. */
const idleMs = 75_000;
/** The line with which the Hub opens each log; it is not the job's. */
const opening = /^=+ Job started at .* =+$/;

async function* eventsAt(reach: JobsReach, url: string): AsyncGenerator<unknown, void> {
  const headers = { accept: "text/event-stream" };
  const answer = await reach.door.expect(url, { signal: reach.signal, headers, idleMs, attempts: 1 });
  try {
    for await (const { data } of serverSentEvents(answer.bytes())) yield parseJson(data);
  } finally {
    answer.close();
  }
}

const streamOf = ({ door }: JobsReach, namespace: string, id: string, name: string): string =>
  `${door.services.hub}/api/jobs/${encodeURIComponent(namespace)}/${encodeURIComponent(id)}/${name}`;

/** The lines of a job's log from its beginning, or the last `tail`, then those that are written. */
export async function* jobLog(
  reach: JobsReach,
  namespace: string,
  id: string,
  tail: number | null = null,
): AsyncGenerator<JobLine, void> {
  const url = streamOf(reach, namespace, id, tail === null ? "logs" : `logs?tail=${tail}`);
  for await (const event of eventsAt(reach, url)) {
    const line = readLine(event);
    if (line !== null && !opening.test(line.text)) yield line;
  }
}

/** What a running job uses, about once a second, without an end; the Hub answers 500 for one that is over. */
export async function* jobMetrics(reach: JobsReach, namespace: string, id: string): AsyncGenerator<JobMetric, void> {
  for await (const event of eventsAt(reach, streamOf(reach, namespace, id, "metrics"))) {
    const metric = readMetric(event);
    if (metric !== null) yield metric;
  }
}
