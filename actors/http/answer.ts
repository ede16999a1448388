// An answer as its readers see it, made of a message from the wire or of a kept one.
import type { IncomingMessage } from "node:http";
import { decode, parse, readAll, readHead, usualMostBytes, withIdleLimit } from "./body.ts";
import type { KeptAnswer } from "./cache.ts";
import { HttpError } from "./errors.ts";
import { bodyOf } from "./exchange.ts";
import type { Arrived } from "./hop.ts";
import type { HttpAnswer } from "./types.ts";

interface Source {
  url: string;
  status: number;
  headers: Headers;
  staleSince: number | null;
  bytes: () => AsyncIterable<Uint8Array>;
  close: () => void;
}

function answerOf({ bytes, ...source }: Source): HttpAnswer {
  const what = new URL(source.url).host;
  const all = (mostBytes: number) => readAll(bytes(), mostBytes, what);
  return {
    ...source,
    ok: source.status >= 200 && source.status < 300,
    bytes,
    head: (mostBytes) => readHead(bytes(), mostBytes),
    text: async (mostBytes = usualMostBytes) => decode(await all(mostBytes)),
    json: async (mostBytes = usualMostBytes) => parse(decode(await all(mostBytes)), what),
  };
}

/** The answer that has arrived. `done` is called once nothing more is read from it. */
export function liveAnswer(arrived: Arrived, signal: AbortSignal, idleMs: number, done: () => void): HttpAnswer {
  const { url, message, headers } = arrived;
  const close = (): void => {
    // What was read to its end has freed its connection already.
    if (!message.complete || !message.readableEnded) message.destroy();
    done();
  };
  return answerOf({
    url: url.href,
    status: message.statusCode ?? 0,
    headers,
    staleSince: null,
    bytes: () => withIdleLimit(uncut(message, signal, url.host), idleMs, url.host, close),
    close,
  });
}

async function* uncut(message: IncomingMessage, signal: AbortSignal, host: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bodyOf(message, signal, () => undefined);
  } catch (cause) {
    signal.throwIfAborted();
    const hint = "Try again; when it happens each time, ask for a part of it.";
    throw new HttpError("HTTP_CUT", `The connection to ${host} was cut in the middle of its answer.`, { hint, cause });
  }
}

/** A kept answer. `staleSince`: when it was fetched, if it could not be confirmed. */
export function keptAnswer(kept: KeptAnswer, staleSince: number | null): HttpAnswer {
  return answerOf({
    url: kept.url,
    status: 200,
    headers: new Headers(kept.headers),
    staleSince,
    async *bytes() {
      yield kept.body;
    },
    close: () => undefined,
  });
}
