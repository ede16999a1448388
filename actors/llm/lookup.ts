// Small questions to a service beside the model calls: what models it has, what they can do.
import { bodyOf, exchange } from "../http/exchange.ts";

/** Bytes that an answer may have. */
const mostBytes = 16 * 1024 * 1024;

/** What is asked. */
export interface Lookup {
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON by POST; without it the question is a GET. */
  body?: unknown;
}

/**
 * Asks, and returns the answer as parsed JSON. Throws on any status but success: a redirect is not followed, so that
 * no header goes to another host than the one it was meant for.
 */
export async function lookUp({ url, headers = {}, body }: Lookup, signal: AbortSignal): Promise<unknown> {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const message = await exchange(new URL(url), {
    ...sent,
    headers: { accept: "application/json", ...type, ...headers },
    signal,
  });
  const status = message.statusCode ?? 0;
  if (status < 200 || status > 299) {
    message.destroy();
    throw new Error(`status ${status}`);
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of bodyOf(message, signal, () => undefined)) {
    bytes += piece.length;
    if (bytes > mostBytes) {
      message.destroy();
      throw new Error(`an answer of more than ${mostBytes} bytes`);
    }
    text += decoder.decode(piece, { stream: true });
  }
  return JSON.parse(text + decoder.decode());
}
