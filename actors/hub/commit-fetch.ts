// The fetch under a commit: the SDK says what to send, the door sends it. What may be sent twice is sent again after a
// failure; the commit itself only where the Hub says that it has not begun, for else nobody knows whether it happened.
import { HttpError } from "../http/errors.ts";
import type { Door, HttpAnswer, HttpRequest } from "../http/types.ts";

/** Milliseconds in which nothing of an object moves, or the store does not answer after its last byte. */
const stillMs = 60_000;
/** Milliseconds for the commit: the Hub checks every file of it before it answers. */
const commitMs = 300_000;
const objectAttempts = 4;
/** The door's clock covers the whole of a request; for an object only standing still counts. */
const noLimitMs = 24 * 3_600_000;

/** What hears of the progress of a commit's objects. */
export interface CommitWatch {
  signal: AbortSignal;
  /** Bytes of objects that went out; negative when they have to go out again. */
  onBytes: (count: number) => void;
  onWait: (words: string) => void;
}

/** Makes it. A refusal is thrown as the door's `HttpError`, with its headers, before the SDK can make less of it. */
export function commitFetch(door: Door, watch: CommitWatch): typeof fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const own = init.signal ?? null;
    const signal = own === null ? watch.signal : AbortSignal.any([watch.signal, own]);
    const { body } = init;
    const answer =
      body instanceof Blob
        ? await sendObject(door, url, body, { ...watch, signal })
        : await door.expect(url, {
            method: (init.method ?? "GET") as NonNullable<HttpRequest["method"]>,
            headers: Object.fromEntries(new Headers(init.headers)),
            ...(typeof body === "string" ? { body } : {}),
            signal,
            onWait: watch.onWait,
            repeatable: !/\/commit\/[^/]+(\?|$)/.test(url),
            timeoutMs: commitMs,
          });
    return new Response(await answer.text(), { status: answer.status, headers: plainHeaders(answer) });
  };
}

/** The body is handed out unpacked and whole, so what was said of it on the way no longer holds. */
function plainHeaders({ headers }: HttpAnswer): Headers {
  const plain = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) plain.delete(name);
  return plain;
}

/** Puts an object, or a part of one, into the store. Its size goes along: stores refuse what comes in chunks. */
async function sendObject(door: Door, url: string, blob: Blob, watch: CommitWatch): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    let sent = 0;
    const still = createStillness(new URL(url).host);
    const signal = AbortSignal.any([watch.signal, still.signal]);
    async function* pieces(): AsyncGenerator<Uint8Array, void> {
      // The door may begin again by itself.
      watch.onBytes(-sent);
      sent = 0;
      for await (const piece of blob.stream() as unknown as AsyncIterable<Uint8Array>) {
        still.moved();
        sent += piece.length;
        watch.onBytes(piece.length);
        yield piece;
      }
    }
    try {
      return await door.expect(url, {
        method: "PUT",
        headers: { "content-length": String(blob.size) },
        body: pieces,
        signal,
        onWait: watch.onWait,
        repeatable: true,
        timeoutMs: noLimitMs,
      });
    } catch (error) {
      watch.signal.throwIfAborted();
      watch.onBytes(-sent);
      if (!still.signal.aborted || attempt >= objectAttempts) throw error;
      watch.onWait(`nothing moved for ${stillMs / 1000} s; attempt ${attempt + 1} of ${objectAttempts}`);
    } finally {
      still.end();
    }
  }
}

function createStillness(host: string): { signal: AbortSignal; moved: () => void; end: () => void } {
  const control = new AbortController();
  const message = `${host} took nothing for ${stillMs / 1000} s.`;
  const stop = () => control.abort(new HttpError("HTTP_STALLED", message, { hint: "Try again later." }));
  let timer = setTimeout(stop, stillMs);
  return {
    signal: control.signal,
    moved() {
      clearTimeout(timer);
      timer = setTimeout(stop, stillMs);
    },
    end: () => clearTimeout(timer),
  };
}
