// One HTTP exchange over Node's own client. The platform's fetch would do the same, at three times the work for each
// call; it gives up after 300 s of silence, where idling is ours to judge; and it cannot be told where not to connect.
import http from "node:http";
import type { LookupFunction } from "node:net";
import { pipeline, Readable, type Transform } from "node:stream";

/** Milliseconds until a connection must stand. */
const connectLimitMs = 15_000;
/** Milliseconds for which an idle connection is kept: servers close theirs after 5 s. */
const keepMs = 4_000;

interface Client {
  request: typeof http.request;
  agent: http.Agent;
}

const plain: Client = { request: http.request, agent: new http.Agent({ keepAlive: true, timeout: keepMs }) };
let secure: Client | undefined;

/** What goes out: a text, bytes, or bytes that come piece by piece. */
export type OutgoingBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** What is sent. */
export interface Outgoing {
  method?: string;
  headers?: HeadersInit;
  body?: OutgoingBody | null | undefined;
  signal?: AbortSignal | null | undefined;
  /** Finds the address of a host; connections to one that it refuses are not made. Default: the system's. */
  lookup?: LookupFunction;
}

/** The client for a protocol; TLS is loaded on first use. */
async function clientFor(protocol: string): Promise<Client> {
  if (protocol !== "https:") return plain;
  const https = await import("node:https");
  secure ??= { request: https.request, agent: new https.Agent({ keepAlive: true, timeout: keepMs }) };
  return secure;
}

/**
 * Sends a request and resolves with the head of its answer. Rejects as fetch does: with the signal's reason, or with a
 * `TypeError` whose cause says what failed. `onSent` is called when there is a connection and the request goes out on it.
 */
export async function exchange(
  url: URL,
  outgoing: Outgoing,
  onSent: () => void = () => undefined,
): Promise<http.IncomingMessage> {
  const client = await clientFor(url.protocol);
  outgoing.signal?.throwIfAborted();
  try {
    return await send(client, url, outgoing, onSent);
  } catch (cause) {
    outgoing.signal?.throwIfAborted();
    throw new TypeError("fetch failed", { cause });
  }
}

function send(client: Client, url: URL, outgoing: Outgoing, onSent: () => void): Promise<http.IncomingMessage> {
  const { method = "GET", body, signal, lookup } = outgoing;
  const headers = Object.fromEntries(new Headers(outgoing.headers));
  // Node says how long a body is for POST and PUT only; a DELETE's would reach the server as the next request.
  if (typeof body === "string" || body instanceof Uint8Array) {
    headers["content-length"] ??= String(Buffer.byteLength(body));
  }
  return new Promise((resolve, reject) => {
    // A connection that is kept was made for another request's idea of where one may connect.
    const agent = lookup === undefined ? client.agent : false;
    const request = client.request(url, { method, headers, agent, ...(lookup === undefined ? {} : { lookup }) });
    const slow = setTimeout(() => request.destroy(tooSlow(url)), connectLimitMs);
    const connected = (): void => {
      clearTimeout(slow);
      onSent();
    };
    const abort = (): void => {
      request.destroy(new Error("aborted"));
    };
    signal?.addEventListener("abort", abort, { once: true });
    request.on("socket", (socket) => {
      if (socket.connecting) socket.once(client === plain ? "connect" : "secureConnect", connected);
      else connected();
    });
    request.on("response", resolve);
    // After the answer has begun, its own stream says what is wrong.
    request.on("error", reject);
    request.on("close", () => {
      clearTimeout(slow);
      signal?.removeEventListener("abort", abort);
    });
    if (body === undefined || body === null) request.end();
    else if (typeof body === "string" || body instanceof Uint8Array) request.end(body);
    else pipeline(Readable.from(body), request, (error) => error && reject(error));
  });
}

function tooSlow({ host }: URL): Error {
  return Object.assign(new Error(`no connection to ${host} within ${connectLimitMs} ms`), { code: "ETIMEDOUT" });
}

/**
 * The bytes of an answer, unpacked. Throws as fetch does: the signal's reason, or `TypeError: terminated` when the
 * connection is cut. `onBytes` hears of every piece as it comes.
 */
export async function* bodyOf(
  message: http.IncomingMessage,
  signal: AbortSignal | null | undefined,
  onBytes: () => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    const unpacker = await unpackerFor(message.headers["content-encoding"]);
    // The iterator below reports what goes wrong.
    const source: Readable = unpacker === null ? message : pipeline(message, unpacker, () => undefined);
    for await (const bytes of source) {
      onBytes();
      yield bytes;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new TypeError("terminated", { cause });
  }
}

/** We ask for nothing packed; some servers pack all the same. */
async function unpackerFor(encoding: string | undefined): Promise<Transform | null> {
  if (encoding === undefined || encoding === "identity") return null;
  const zlib = await import("node:zlib");
  // As soon as something can be unpacked, it is: a stream must not wait for a full buffer.
  if (encoding === "br") return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
  return zlib.createUnzip({ flush: zlib.constants.Z_SYNC_FLUSH });
}

/** The headers of an answer; repeated ones joined as the platform does. */
export function headersOf({ rawHeaders }: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  return headers;
}
