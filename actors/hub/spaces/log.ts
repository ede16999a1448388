// What a Space writes, as server-sent events: all that the Hub has kept, then what comes, without an end.
import { serverSentEvents } from "../../http/sse.ts";
import { parseJson } from "../../shape.ts";
import { readLine } from "../jobs/read.ts";
import { type SpaceReach, spaceUrl } from "./client.ts";
import type { LogKind } from "./types.ts";

/** Milliseconds for which the stream may say nothing, not even that it is still there. */
const idleMs = 75_000;

/** Its lines from the first that is kept. An event without text only says that the stream is still there. */
export async function* spaceLog(reach: SpaceReach, kind: LogKind): AsyncGenerator<string, void> {
  const { door, signal } = reach;
  const headers = { accept: "text/event-stream" };
  const answer = await door.expect(spaceUrl(reach, `/logs/${kind}`), { signal, headers, idleMs, attempts: 2 });
  try {
    for await (const { data } of serverSentEvents(answer.bytes())) {
      const text = readLine(parseJson(data))?.text ?? "";
      if (text.trim() !== "") yield* text.replace(/\r?\n$/, "").split("\n");
    }
  } finally {
    answer.close();
  }
}
