// Reading bytes as a terminal would send them.
import { createDecoder } from "../../../tui/screen/term/decoder.ts";
import type { InputEvent } from "../../../tui/screen/term/events.ts";

/** Everything that bytes come to, when nothing follows them. */
export function decodeAll(bytes: string | Uint8Array, limit?: number): InputEvent[] {
  return decodeChunks([typeof bytes === "string" ? Buffer.from(bytes) : bytes], limit);
}

/** The same, of bytes that come in several reads with no pause between them. */
export function decodeChunks(chunks: readonly Uint8Array[], limit?: number): InputEvent[] {
  const decoder = createDecoder(limit);
  const events = chunks.flatMap((chunk) => decoder.push(chunk));
  events.push(...decoder.flush());
  return joined(events);
}

/** Events with neighbouring texts made one: where a text is cut depends on the reads. */
export function joined(events: readonly InputEvent[]): InputEvent[] {
  const out: InputEvent[] = [];
  for (const event of events) {
    const before = out.at(-1);
    if (event.type === "text" && before?.type === "text") {
      out[out.length - 1] = { type: "text", text: before.text + event.text };
    } else out.push(event);
  }
  return out;
}

/** The chords and texts of bytes, in short: `ctrl+c`, `"abc"`; other events by their type. */
export function keysIn(bytes: string | Uint8Array): string[] {
  return decodeAll(bytes).map((event) => {
    if (event.type === "key") return event.chord;
    return event.type === "text" ? `"${event.text}"` : event.type;
  });
}
