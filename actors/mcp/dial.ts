// Making a connection to a server of any kind.
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Redactor } from "../redaction/redactor.ts";
import { type Connection, connect, createClient } from "./connection.ts";
import { connectFault, statusIn } from "./faults.ts";
import { keptLogin } from "./login/kept.ts";
import type { McpArgs, McpServer } from "./protocol.ts";
import { plainLine } from "./text.ts";
import { httpTransport } from "./transport/http.ts";
import { type StdioTransport, stdioTransport } from "./transport/stdio.ts";

/** A connection with its end. */
export interface Dialled {
  connection: Connection;
  close(): Promise<void>;
  isOver(): boolean;
  /** How it ended, as far as the server has shown it; empty for nothing known. */
  ending(): string;
}

/** Who hears of what becomes of it. */
export interface Hooks {
  onTools(): void;
  onClose(gone: Dialled): void;
}

/** Connects to a server. Throws `McpFault`. */
export type Dial = (server: McpServer, hooks: Hooks) => Promise<Dialled>;

/** Makes the dialler. `signal` ends everything that it has made. */
export function createDial(args: McpArgs, redactor: Redactor, signal: AbortSignal): Dial {
  /** One attempt with one transport. */
  async function attempt(
    server: McpServer,
    transport: Transport,
    hooks: Hooks,
    end: () => void,
    ending: () => string,
  ): Promise<Dialled> {
    const client = createClient(args, hooks.onTools);
    let over = false;
    let made: Dialled | null = null;
    client.onclose = () => {
      over = true;
      if (made !== null) hooks.onClose(made);
    };
    // What is too large to be read answers nobody, and who waits for it would wait in vain.
    client.onerror = (error) => {
      if ("code" in error && error.code === "MCP_TOO_LARGE") void client.close();
    };
    try {
      const connection = await connect(client, transport, server.name, server.startMs, signal);
      const close = async () => {
        await client.close().catch(() => undefined);
        end();
      };
      made = { connection, close, isOver: () => over, ending };
      return made;
    } catch (error) {
      end();
      throw error;
    }
  }

  function endingOf(transport: StdioTransport): string {
    const how = transport.ending();
    const [words = ""] = redactor.text(transport.lastWords()).split("\n").slice(-1);
    const said = plainLine(words, 300);
    if (how === null) return "";
    return said === "" ? how : `${how}, and its last words were: ${said}`;
  }

  async function dialCommand(server: McpServer, hooks: Hooks): Promise<Dialled> {
    if (server.transport.kind !== "stdio") throw new Error("no command");
    const { command, args: words, cwd, env } = server.transport;
    const way = { command, args: words, cwd: cwd ?? args.workspace, env: { ...args.env, ...env } };
    const transport = stdioTransport(way);
    try {
      return await attempt(
        server,
        transport,
        hooks,
        () => undefined,
        () => endingOf(transport),
      );
    } catch (error) {
      throw connectFault(server.name, error, endingOf(transport));
    }
  }

  async function dialAddress(server: McpServer, hooks: Hooks): Promise<Dialled> {
    const { transport } = server;
    if (transport.kind === "stdio") throw new Error("no address");
    const end = new AbortController();
    const until = AbortSignal.any([signal, end.signal]);
    const way = { server: { ...server, transport }, args, signal: until, login: keptLogin(args.dir, server) };
    const first = transport.kind === "sse" ? "sse" : "http";
    try {
      return await attempt(
        server,
        httpTransport(first, way),
        hooks,
        () => end.abort(),
        () => "",
      );
    } catch (error) {
      const status = statusIn(error) ?? 0;
      const isOther = transport.kind === "guess" && [400, 404, 405, 406, 415].includes(status);
      if (!isOther) throw connectFault(server.name, error, "");
    }
    const again = new AbortController();
    const older = { ...way, signal: AbortSignal.any([signal, again.signal]) };
    try {
      return await attempt(
        server,
        httpTransport("sse", older),
        hooks,
        () => again.abort(),
        () => "",
      );
    } catch (error) {
      throw connectFault(server.name, error, "");
    }
  }

  return (server, hooks) => (server.transport.kind === "stdio" ? dialCommand : dialAddress)(server, hooks);
}
