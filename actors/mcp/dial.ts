// Making a connection to a server of any kind.
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Redactor } from "../redaction/redactor.ts";
import { type Connection, connect, createClient } from "./connection.ts";
import type { McpFault } from "./errors.ts";
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
  /** Why it was ended by us; null: it was not, or nobody waited for an answer. */
  fault(): McpFault | null;
}

/** Who hears of what becomes of it. */
export interface Hooks {
  onTools(): void;
  onClose(gone: Dialled): void;
}

/** Connects to a server. Throws `McpFault`. */
export type Dial = (server: McpServer, hooks: Hooks) => Promise<Dialled>;

/** How one attempt is made. */
interface Attempt {
  /** `refuse` ends the connection for a fault. */
  transport(refuse: (fault: McpFault) => void): Transport;
  /** Lets go of everything that the transport may still hold. */
  end(): void;
  ending(): string;
}

/** Makes the dialler. `signal` ends everything that it has made. */
export function createDial(args: McpArgs, redactor: Redactor, signal: AbortSignal): Dial {
  async function attempt(server: McpServer, { transport, end, ending }: Attempt, hooks: Hooks): Promise<Dialled> {
    const client = createClient(args, hooks.onTools);
    let over = false;
    let made: Dialled | null = null;
    let fault: McpFault | null = null;
    const refuse = (why: McpFault) => {
      fault = why;
      void client.close().catch(() => undefined);
    };
    client.onclose = () => {
      over = true;
      if (made !== null) hooks.onClose(made);
    };
    try {
      const connection = await connect(client, transport(refuse), server.name, server.startMs, signal);
      const close = async () => {
        await client.close().catch(() => undefined);
        end();
      };
      made = { connection, close, isOver: () => over, ending, fault: () => fault };
      return made;
    } catch (error) {
      end();
      throw fault ?? error;
    }
  }

  function endingOf(transport: StdioTransport): string {
    const how = transport.ending();
    const [words = ""] = redactor.text(transport.lastWords()).split("\n").slice(-1);
    const said = plainLine(words, 300);
    if (how === null) return "";
    return said === "" ? how : `${how}, and its last words were: ${said}`;
  }

  async function dialCommand(server: McpServer, transport: Command, hooks: Hooks): Promise<Dialled> {
    const { command, args: words, cwd, env } = transport;
    const way = { command, args: words, cwd: cwd ?? args.workspace, env: { ...args.env, ...env } };
    let made: StdioTransport | null = null;
    const ending = () => (made === null ? "" : endingOf(made));
    try {
      const open = (refuse: (fault: McpFault) => void) => {
        made = stdioTransport(way, refuse);
        return made;
      };
      return await attempt(server, { transport: open, end: () => undefined, ending }, hooks);
    } catch (error) {
      throw connectFault(server.name, error, ending());
    }
  }

  function overHttp(kind: "http" | "sse", server: McpServer, transport: Address, hooks: Hooks): Promise<Dialled> {
    const end = new AbortController();
    const until = AbortSignal.any([signal, end.signal]);
    const login = keptLogin(args.dir, server);
    const open = (refuse: (fault: McpFault) => void) =>
      httpTransport(kind, { server: { ...server, transport }, args, signal: until, login, refuse });
    return attempt(server, { transport: open, end: () => end.abort(), ending: () => "" }, hooks);
  }

  async function dialAddress(server: McpServer, transport: Address, hooks: Hooks): Promise<Dialled> {
    try {
      return await overHttp(transport.kind === "sse" ? "sse" : "http", server, transport, hooks);
    } catch (error) {
      const isOlder = transport.kind === "guess" && ofOlder.has(statusIn(error) ?? 0);
      if (!isOlder) throw connectFault(server.name, error, "");
    }
    try {
      return await overHttp("sse", server, transport, hooks);
    } catch (error) {
      throw connectFault(server.name, error, "");
    }
  }

  return (server, hooks) => {
    const { transport } = server;
    return transport.kind === "stdio" ? dialCommand(server, transport, hooks) : dialAddress(server, transport, hooks);
  };
}

type Command = Extract<McpServer["transport"], { kind: "stdio" }>;
type Address = Extract<McpServer["transport"], { url: string }>;

/** What a server that knows the older transport only answers to the newer. */
const ofOlder = new Set([400, 404, 405, 406, 415]);
