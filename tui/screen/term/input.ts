// Reading from the terminal: bytes go through the decoder, and time decides what an unfinished sequence was.
import { createDecoder, type Waiting } from "./decoder.ts";
import type { After, InputEvent } from "./events.ts";

/** What is listened to; `process.stdin` is one. */
export interface ByteSource {
  on(event: "data", listener: (bytes: Buffer) => void): unknown;
  off(event: "data", listener: (bytes: Buffer) => void): unknown;
}

/**
 * Milliseconds after which an unfinished input is all there is. A lone ESC waits as long as the parts of a key may lie
 * apart on a slow line, and no longer than a person notices; a report waits longer, since half of one means nothing.
 */
const patienceMs: Readonly<Record<Exclude<Waiting, null>, number>> = { key: 40, sequence: 500, paste: 2_000 };

/** Reads events from bytes until the function that comes back is called. */
export function readInput(source: ByteSource, after: After, take: (event: InputEvent) => void): () => void {
  const decoder = createDecoder();
  let cancel = () => {};

  function wait(): void {
    cancel();
    const { waiting } = decoder;
    cancel = waiting === null ? () => {} : after(patienceMs[waiting], onSilence);
  }

  function onSilence(): void {
    const events = decoder.flush();
    cancel = () => {};
    for (const event of events) take(event);
  }

  function onData(bytes: Buffer): void {
    const events = decoder.push(bytes);
    wait();
    for (const event of events) take(event);
  }

  source.on("data", onData);
  return () => {
    source.off("data", onData);
    cancel();
  };
}
