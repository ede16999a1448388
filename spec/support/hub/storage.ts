// The object store behind the Hub: another host, that signs its addresses and must never see the Hub's token. Bodies
// are hashed as they come, so that hundreds of megabytes pass without being kept.
import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as it arrived, without its body. */
export interface Stored {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  bytes: number;
  /** False when the connection went away in the middle of the body. */
  whole: boolean;
}

export interface Storage {
  readonly url: string;
  readonly requests: Stored[];
  /** Objects by their SHA-256, with their bytes where they are few. */
  readonly objects: Map<string, { size: number; content: Buffer | null }>;
  /** Statuses for the next requests that send something, taken one by one. */
  readonly failNext: number[];
  /** Milliseconds between two pieces of a body that is taken; 0: as fast as it comes. */
  pieceMs: number;
  close(): Promise<void>;
}

/** Objects up to this many bytes are kept whole. */
const keptBytes = 8 << 20;

export async function startStorage(): Promise<Storage> {
  const requests: Stored[] = [];
  const objects: Storage["objects"] = new Map();
  const failNext: number[] = [];
  const parts = new Map<string, Map<number, Buffer | number>>();
  const sockets = new Set<Socket>();
  let pieceMs = 0;

  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const seen: Stored = { method: request.method ?? "", path, headers: request.headers, bytes: 0, whole: false };
    requests.push(seen);
    const [, kind = "", oid = "", part = ""] = path.split("/");
    if (seen.method === "GET") {
      const found = objects.get(oid);
      seen.whole = true;
      if (found?.content == null) return void response.writeHead(404).end();
      const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
      if (range === null) return void response.end(found.content);
      const from = Number(range[1]);
      const to = Math.min(range[2] === "" ? found.size - 1 : Number(range[2]), found.size - 1);
      const headers = { "content-range": `bytes ${from}-${to}/${found.size}` };
      return void response.writeHead(206, headers).end(found.content.subarray(from, to + 1));
    }
    const status = failNext.shift();
    if (seen.method === "PUT" && request.headers["content-length"] === undefined) {
      // As S3 does: it wants to know how long an object is before it comes.
      return void response.writeHead(411).end("MissingContentLength");
    }
    const hash = createHash("sha256");
    const pieces: Buffer[] = [];
    void (async () => {
      for await (const piece of request as AsyncIterable<Buffer>) {
        hash.update(piece);
        seen.bytes += piece.length;
        if (seen.bytes <= keptBytes) pieces.push(piece);
        if (pieceMs > 0) await new Promise((resolve) => setTimeout(resolve, pieceMs));
      }
      seen.whole = true;
      if (status !== undefined) return void response.writeHead(status).end("told to fail");
      const content = seen.bytes <= keptBytes ? Buffer.concat(pieces) : null;
      if (kind === "basic") {
        const isRight = hash.digest("hex") === oid;
        if (isRight) objects.set(oid, { size: seen.bytes, content });
        return void response.writeHead(isRight ? 200 : 400).end();
      }
      const known = parts.get(oid) ?? new Map<number, Buffer | number>();
      parts.set(oid, known);
      if (kind === "part") {
        known.set(Number(part), content ?? seen.bytes);
        return void response.writeHead(200, { etag: `"etag-${part}"` }).end();
      }
      // Completion: the parts, in their order, are the object.
      const body = JSON.parse(Buffer.concat(pieces).toString()) as { parts: { partNumber: number; etag: string }[] };
      const all = body.parts.map(({ partNumber }) => known.get(partNumber));
      const isWhole = all.every((one) => one !== undefined) && body.parts.every(({ etag }) => etag.includes("etag-"));
      if (!isWhole) return void response.writeHead(400).end("missing parts");
      const size = all.reduce((sum: number, one) => sum + (typeof one === "number" ? one : (one?.length ?? 0)), 0);
      const bytes = all.every((one) => Buffer.isBuffer(one)) ? Buffer.concat(all as Buffer[]) : null;
      const isRight = bytes === null || createHash("sha256").update(bytes).digest("hex") === oid;
      if (isRight) objects.set(oid, { size, content: bytes });
      response.writeHead(isRight ? 200 : 400, { "content-type": "application/json" }).end("{}");
    })().catch(() => response.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    objects,
    failNext,
    get pieceMs() {
      return pieceMs;
    },
    set pieceMs(value) {
      pieceMs = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
