// A scripted HTTP server for model APIs: plays answers in order, streams them with the faults that real services
// show, and keeps every request that it got. Free of test libraries, so that specs and benchmarks share it.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate, setTimeout } from "node:timers/promises";

/** One step of a streamed answer. */
export type Step =
  /** A server-sent event; `data` is sent as JSON unless it is a string. */
  | { data: unknown; event?: string }
  /** Bytes as they are. */
  | { raw: string }
  | { waitMs: number }
  /** Runs while the stream is open, for a test that has to do something at exactly this point. */
  | { run: () => unknown }
  /** Says nothing more, with the connection open. */
  | { silence: true }
  /** Cuts the connection. */
  | { cut: true };

/** How a stream is delivered. */
export interface Delivery {
  /** Sends pieces of this many bytes, which splits lines and characters. */
  chunkBytes?: number;
  /** Ends lines with CRLF. */
  crlf?: boolean;
  /** Puts a comment before each event, as services do to keep a connection alive. */
  comments?: boolean;
}

/** What is answered to one request. */
export type Answer =
  | { status: number; body: unknown; headers?: Record<string, string> }
  | { steps: Step[]; delivery?: Delivery; headers?: Record<string, string> };

/** An answer, or how to find it from the request and its number (0 for the first). */
export type Entry = Answer | ((request: SeenRequest, index: number) => Answer | Promise<Answer>);

/** A request as it arrived. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** The body's exact text. */
  text: string;
  /** The body as JSON; empty when it is none. */
  body: Record<string, unknown>;
  /** Milliseconds since 1970. */
  at: number;
  /** Set when the client closed the connection before the answer was complete. */
  closedAt: number | null;
}

/** A running scripted server. */
export interface ScriptedServer {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** Requests of the scripted routes, in order. */
  readonly requests: SeenRequest[];
  /** What was asked for that nothing is scripted for; a good run leaves it empty. */
  readonly unexpected: string[];
  /** Adds entries to the script. */
  push(...entries: Entry[]): void;
  close(): Promise<void>;
}

/** Answers of fixed routes, by `METHOD /path`; null leaves the request to the script. */
export type FixedRoutes = (request: SeenRequest) => Answer | null;

/**
 * Starts a server on a free port of 127.0.0.1. Requests of the paths in `scripted` take the next entry of the script
 * (a script that is one function answers them all); all else, and requests beyond the script's end, get a 501.
 * `onUpgrade` takes requests for another protocol.
 */
export async function startScriptedServer(
  scripted: readonly string[],
  script: Entry | Entry[],
  fixed: FixedRoutes = () => null,
  onUpgrade: ((request: IncomingMessage, socket: Duplex) => void) | null = null,
): Promise<ScriptedServer> {
  const entries = Array.isArray(script) ? [...script] : [];
  const always = Array.isArray(script) ? null : script;
  const requests: SeenRequest[] = [];
  const unexpected: string[] = [];
  const sockets = new Set<Socket>();

  async function choose(request: SeenRequest): Promise<Answer> {
    const known = fixed(request);
    if (known !== null) return known;
    if (request.method === "POST" && scripted.includes(request.path)) {
      const index = requests.push(request) - 1;
      const entry = always ?? entries[index];
      if (entry !== undefined) return typeof entry === "function" ? await entry(request, index) : entry;
    }
    const line = `${request.method} ${request.path}`;
    unexpected.push(line);
    return fails(501, {
      error: { message: `The scripted server expected no (further) ${line}.`, type: "not_scripted" },
    });
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await read(incoming);
    response.on("close", () => {
      if (!response.writableFinished) seen.closedAt = Date.now();
    });
    const answer = await choose(seen);
    if ("steps" in answer) await stream(response, answer);
    else {
      const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(text);
    }
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      unexpected.push(`the script failed: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(501).end(String(error));
    });
  });
  if (onUpgrade !== null) server.on("upgrade", onUpgrade);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    unexpected,
    push: (...more) => void entries.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An answer with a status and a body (JSON, or text as it is). */
export function fails(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body, headers };
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  let body: Record<string, unknown> = {};
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch {
    // Left empty: the test that cares looks at the text.
  }
  return {
    method: incoming.method ?? "",
    path: (incoming.url ?? "").split("?")[0] ?? "",
    headers: incoming.headers,
    text,
    body,
    at: Date.now(),
    closedAt: null,
  };
}

async function stream(response: ServerResponse, answer: Extract<Answer, { steps: Step[] }>): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", ...answer.headers });
  response.flushHeaders();
  const delivery = answer.delivery ?? {};
  const pieces = delivery.chunkBytes;
  for (const step of answer.steps) {
    if (response.destroyed) return;
    if ("silence" in step) return;
    if ("cut" in step) {
      // What was written before must have left first, or the cut would come before it.
      await setImmediate();
      response.socket?.destroy();
      return;
    }
    if ("waitMs" in step) await setTimeout(step.waitMs);
    else if ("run" in step) await step.run();
    else if (pieces === undefined) response.write(textOf(step, delivery));
    else await dribble(response, Buffer.from(textOf(step, delivery)), pieces);
  }
  response.end();
}

async function dribble(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await setImmediate();
  }
}

function textOf(step: { data: unknown; event?: string } | { raw: string }, delivery: Delivery): string {
  if ("raw" in step) return step.raw;
  const end = delivery.crlf === true ? "\r\n" : "\n";
  const comment = delivery.comments === true ? `: keep-alive${end}${end}` : "";
  const name = step.event === undefined ? "" : `event: ${step.event}${end}`;
  const data = typeof step.data === "string" ? step.data : JSON.stringify(step.data);
  return `${comment}${name}data: ${data}${end}${end}`;
}

/** Cuts a text into pieces of at most `size` characters. */
export function cutUp(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces;
}
