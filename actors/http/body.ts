// The readers of an answer's body: every one knows how much it will take, and none waits for ever.
import { asObject } from "../shape.ts";
import { HttpError } from "./errors.ts";

/** Bytes that `text` and `json` take when nobody says otherwise. */
export const usualMostBytes = 16 * 1024 * 1024;

/** Ends a body that says nothing for so long, in milliseconds, by `HTTP_STALLED`. `what` names it to people. */
export async function* withIdleLimit(
  bytes: AsyncIterable<Uint8Array>,
  idleMs: number,
  what: string,
  cut: () => void,
): AsyncGenerator<Uint8Array, void> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(stalled(what, idleMs)), idleMs);
      });
      const next = source.next();
      // Nobody hears of what comes after the limit.
      next.catch(() => undefined);
      const { done, value } = await Promise.race([next, late]).finally(() => clearTimeout(timer));
      if (done === true) return;
      yield value;
    }
  } finally {
    cut();
  }
}

function stalled(what: string, idleMs: number): HttpError {
  const message = `${what} stopped sending: nothing came for ${Math.round(idleMs / 1000)} s.`;
  return new HttpError("HTTP_STALLED", message, { hint: "Try again later." });
}

/** The beginning of a body, and whether there was more. */
export async function readHead(
  bytes: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<{ bytes: Uint8Array; more: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece.subarray(0, mostBytes - length));
    length += piece.length;
    if (length > mostBytes) return { bytes: Buffer.concat(pieces), more: true };
  }
  return { bytes: Buffer.concat(pieces), more: false };
}

/** A whole body. Throws `HTTP_TOO_LARGE`. */
export async function readAll(bytes: AsyncIterable<Uint8Array>, mostBytes: number, what: string): Promise<Uint8Array> {
  const { bytes: all, more } = await readHead(bytes, mostBytes);
  if (!more) return all;
  const message = `The answer of ${what} has more than ${Math.round(mostBytes / 1024)} KiB.`;
  throw new HttpError("HTTP_TOO_LARGE", message, { hint: "Ask for a part of it." });
}

/** A body as text: UTF-8, with what is not valid replaced. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A text as JSON. Throws `HTTP_NO_JSON`. */
export function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const begin = text.trimStart().slice(0, 60).replace(/\s+/g, " ");
    throw new HttpError("HTTP_NO_JSON", `${what} did not answer with JSON (it begins: ${JSON.stringify(begin)}).`, {
      hint: "The service may be down, or the address is another one.",
      cause,
    });
  }
}

/** What a server says in the body of a failure, in one line; empty when it says nothing that people read. */
export function saidIn(text: string, contentType: string): string {
  if (/html/i.test(contentType)) return "";
  let said = text;
  try {
    const body = asObject(JSON.parse(text));
    const stated = body?.error ?? body?.message ?? body?.detail;
    if (typeof stated === "string") said = stated;
    else if (typeof asObject(stated)?.message === "string") said = String(asObject(stated)?.message);
  } catch {
    // No JSON: the text itself is what it says.
  }
  const line = said.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
