// A scripted stand-in for a web service: a function answers each request, with all the faults that real services have,
// and every request is kept. Free of test libraries, so that specs and benchmarks share it.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate } from "node:timers/promises";

/** A request as it arrived. */
export interface Asked {
  method: string;
  /** The path, as it was written (percent-encoding and all). */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
  /** Milliseconds since 1970. */
  at: number;
}

/** What is answered. A body that is an object is sent as JSON. */
export type Reply =
  | {
      status?: number;
      headers?: Record<string, string>;
      body?: string | Uint8Array | object | null | AsyncIterable<string | Uint8Array>;
      /** Cuts the connection after the body instead of ending the answer. */
      cut?: boolean;
    }
  /** Never answers. */
  | "hang"
  /** Closes the connection without an answer. */
  | "cut";

export interface Service {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** Every request, in order. */
  readonly asked: Asked[];
  /** What nothing was scripted for; a good run leaves it empty. */
  readonly unexpected: string[];
  /** The requests of a path, in order. */
  to(path: string): Asked[];
  close(): Promise<void>;
}

/** What answers; undefined: nothing is scripted for it (a 501). `index` counts the requests of this method and path. */
export type Script = (asked: Asked, index: number) => Reply | undefined | Promise<Reply | undefined>;

/** Starts it on a free port of 127.0.0.1. */
export async function startService(script: Script): Promise<Service> {
  const asked: Asked[] = [];
  const unexpected: string[] = [];
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();

  const server = createServer((incoming, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of incoming) pieces.push(piece as Buffer);
      const bytes = Buffer.concat(pieces);
      const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
      const [path = "/"] = (incoming.url ?? "/").split("?");
      const method = incoming.method ?? "GET";
      const text = bytes.toString("utf8");
      const seen: Asked = {
        method,
        path,
        query: url.searchParams,
        headers: incoming.headers,
        bytes,
        text,
        json: jsonIn(text),
        at: Date.now(),
      };
      const line = `${method} ${path}`;
      const index = counts.get(line) ?? 0;
      counts.set(line, index + 1);
      asked.push(seen);
      const reply = await script(seen, index);
      if (reply === undefined) {
        unexpected.push(line);
        await answer(response, { status: 501, body: { error: `Nothing is scripted for ${line}.` } });
      } else await answer(response, reply);
    })().catch((error: unknown) => {
      unexpected.push(`the script failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(501).end(String(error));
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    unexpected,
    to: (path) => asked.filter((request) => request.path === path),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply === "hang") return;
  if (reply === "cut") {
    response.socket?.destroy();
    return;
  }
  const { status = 200, headers = {}, body = null, cut = false } = reply;
  if (isStream(body)) {
    response.writeHead(status, headers);
    response.flushHeaders();
    for await (const piece of body) {
      if (response.destroyed) return;
      if (!response.write(piece)) await new Promise<void>((resolve) => onceWritable(response, resolve));
    }
  } else {
    const plain = typeof body === "string" || body instanceof Uint8Array || body === null;
    const type = plain ? {} : { "content-type": "application/json" };
    response.writeHead(status, { ...type, ...headers });
    if (body !== null) response.write(plain ? body : JSON.stringify(body));
  }
  if (!cut) {
    response.end();
    return;
  }
  // What was written before must have left first, or the cut would come before it.
  await setImmediate();
  response.socket?.destroy();
}

function onceWritable(response: ServerResponse, resume: () => void): void {
  const go = () => {
    response.off("drain", go);
    response.off("close", go);
    resume();
  };
  response.on("drain", go);
  response.on("close", go);
}

function isStream(body: unknown): body is AsyncIterable<string | Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
