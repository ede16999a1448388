// Server-sent events of a body, as they come.
import { createParser, type EventSourceMessage } from "eventsource-parser";

/** Bytes of one event beyond which the stream is no event stream. */
const mostEventBytes = 8 * 1024 * 1024;

/** The events of a body. Comments, such as those that keep a connection alive, are passed over. */
export async function* serverSentEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<EventSourceMessage, void> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event), maxBufferSize: mostEventBytes });
  const decoder = new TextDecoder();
  for await (const piece of bytes) {
    parser.feed(decoder.decode(piece, { stream: true }));
    yield* ready.splice(0);
  }
  // An event whose last line was sent but not its end has said what it had to say.
  parser.feed(`${decoder.decode()}\n\n`);
  yield* ready.splice(0);
}
