// MCP servers for specs: a scripted one that is a command, and one over HTTP on the SDK's own server.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { McpServer } from "../../actors/mcp/protocol.ts";

/** A tool as a server names it. */
export interface ServerTool {
  name: string;
  description?: string;
  inputSchema?: object;
  annotations?: object;
}

/** What a scripted command does. */
export interface StdioScript {
  name?: string;
  tools: ServerTool[];
  pageSize?: number;
  /** Each page of the listing leads back to the first. */
  loops?: boolean;
  start?: "hang" | "exit" | "garbage" | "endless" | "stubborn";
  stderr?: string;
  /** Starts two processes at its own start, one of which leaves the group. */
  child?: boolean;
  calls?: Record<
    string,
    {
      result?: object;
      error?: object;
      hang?: boolean;
      exit?: number;
      lastWords?: string;
      bytes?: number;
      progress?: string[];
      requests?: string[];
      announce?: boolean;
    }
  >;
}

/** What the command has written down of its life. */
export interface StdioNote {
  started?: number;
  children?: number[];
  env?: Record<string, string>;
  cwd?: string;
  closed?: boolean;
  got?: { id?: number; method?: string; params?: Record<string, unknown>; result?: unknown; error?: unknown };
}

/** A scripted command. */
export interface StdioServer {
  command: string;
  args: string[];
  /** Changes its script from now on. */
  write(script: StdioScript): void;
  notes(): StdioNote[];
  /** The requests of a method, by their parameters. */
  got(method: string): Record<string, unknown>[];
  remove(): void;
}

/** Writes the script; the server is started by whoever runs the command. */
export function scriptStdio(script: StdioScript): StdioServer {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "mcp-server-")));
  const file = join(dir, "script.json");
  const write = (next: StdioScript) => writeFileSync(file, JSON.stringify(next));
  write(script);
  const notes = () =>
    existsSync(`${file}.log`)
      ? readFileSync(`${file}.log`, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as StdioNote)
      : [];
  return {
    command: process.execPath,
    args: [fileURLToPath(new URL("./mcp-stdio.js", import.meta.url)), file],
    write,
    notes,
    got: (method) => notes().flatMap(({ got }) => (got?.method === method ? [got.params ?? {}] : [])),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A server of a configuration, with the usual settings. */
export function serverOf(name: string, transport: McpServer["transport"], more: Partial<McpServer> = {}): McpServer {
  return {
    name,
    transport,
    trust: false,
    off: null,
    allowed: null,
    denied: [],
    callMs: 10_000,
    startMs: 10_000,
    tokens: 4_000,
    shipped: false,
    ...more,
  };
}

/** A scripted command as a server of a configuration. */
export function commandOf(name: string, { command, args }: StdioServer, more: Partial<McpServer> = {}): McpServer {
  return serverOf(name, { kind: "stdio", command, args, env: {}, cwd: null }, more);
}

/** A server over HTTP. */
export interface HttpServer {
  url: string;
  /** Every request: method, path and headers. */
  asked: { method: string; path: string; headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
}

/** What a server over HTTP does. */
export interface HttpScript {
  tools: ServerTool[];
  call?: (name: string, args: Record<string, unknown>) => object | Promise<object>;
  /** Answers before the protocol does; true: it has. */
  before?: (request: IncomingMessage, response: ServerResponse, body: string) => boolean | Promise<boolean>;
}

/** Starts a stateless server over HTTP at `/mcp`. */
export async function startHttpServer(script: HttpScript): Promise<HttpServer> {
  const asked: HttpServer["asked"] = [];
  const http = createServer((request, response) => {
    void (async () => {
      asked.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers });
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const body = Buffer.concat(pieces).toString();
      if ((await script.before?.(request, response, body)) === true) return;
      if (request.method !== "POST") {
        response.writeHead(405).end();
        return;
      }
      const server = new Server({ name: "fake-http", version: "1" }, { capabilities: { tools: {} } });
      server.setRequestHandler(ListToolsRequestSchema, () => ({
        tools: script.tools.map((tool) => ({ inputSchema: { type: "object" as const }, ...tool })) as never,
      }));
      server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
        const answer = await script.call?.(params.name, params.arguments ?? {});
        return (answer ?? { content: [{ type: "text", text: `${params.name} ran` }] }) as never;
      });
      const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true } as never);
      await server.connect(transport as never);
      response.on("close", () => void server.close());
      await transport.handleRequest(request, response, JSON.parse(body));
    })().catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
