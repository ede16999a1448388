// A server that is a command: JSON-RPC on its standard streams, a message a line.
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type JSONRPCMessage, JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { parseJson } from "../../shape.ts";
import { McpFault } from "../errors.ts";
import { leash } from "./leash.ts";
import { createLines, type Line } from "./lines.ts";
import { mostMessageBytes, tooLarge } from "./size.ts";

/** Milliseconds that a server gets to end after its input was closed. */
const politeMs = 500;
/** Characters of what it wrote to its error stream last. */
const lastWordsChars = 2_000;
/** Lines that are no messages, before it counts as a program that speaks something else. */
const mostStrayLines = 1_000;

/** A transport that can say how its server ended. */
export interface StdioTransport extends Transport {
  /** The end of the process in words; null while it runs. */
  ending(): string | null;
  /** What the server wrote to its error stream last. */
  lastWords(): string;
}

/** What to start. */
export interface StdioCommand {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
}

/** Makes the transport; `start` starts the command. `fail` hears of what ends the connection from our side. */
export function stdioTransport(
  { command, args, cwd, env }: StdioCommand,
  fail: (fault: McpFault) => void,
): StdioTransport {
  let running: ReturnType<typeof leash> | null = null;
  let ended: string | null = null;
  let words = "";
  let stray = 0;
  let closed = false;

  function over(): void {
    if (closed) return;
    closed = true;
    // What the server has started and left behind goes with it.
    running?.release();
    transport.onclose?.();
  }

  function take(text: string): void {
    const read = JSONRPCMessageSchema.safeParse(parseJson(text));
    if (read.success) {
      transport.onmessage?.(read.data);
      return;
    }
    if (text.trim() === "") return;
    stray += 1;
    if (stray > mostStrayLines) fail(noProtocol());
  }

  /**
   * One after the other: the SDK looks at a notification a moment after it was handed over, and what a call has said of
   * its progress must not come after its answer.
   */
  async function takeAll(lines: readonly Line[]): Promise<void> {
    for (const line of lines) {
      if (closed) return;
      if ("text" in line) take(line.text);
      else passOver(line.tooLong.bytes, line.tooLong.answers);
      await Promise.resolve();
      await Promise.resolve();
    }
  }

  function passOver(bytes: number, answers: number | null): void {
    const fault = tooLarge(bytes);
    if (answers === null) {
      fail(fault);
      return;
    }
    const error = { code: -32603, message: fault.message, data: { tooLarge: true } };
    transport.onmessage?.({ jsonrpc: "2.0", id: answers, error } as JSONRPCMessage);
  }

  const transport: StdioTransport = {
    ending: () => ended,
    lastWords: () => words.slice(-lastWordsChars).trim(),
    async start() {
      const leashed = leash(command, args, cwd, env);
      running = leashed;
      const { child } = leashed;
      const lines = createLines(mostMessageBytes);
      child.stdout?.on("data", (piece: Buffer) => void takeAll(lines(piece)));
      child.stderr?.on("data", (piece: Buffer) => {
        words = (words + piece.toString("utf8")).slice(-2 * lastWordsChars);
      });
      child.once("error", (error) => {
        ended = `it could not be started (${error.message})`;
        over();
      });
      child.once("exit", (code, signal) => {
        ended = code === null ? `it was ended by ${signal}` : `it ended with code ${code}`;
        if (code !== 127) return;
        // The shell that should have become the command says so, in words of its own (POSIX, 2.8.2).
        ended = `there is no command ${command}`;
        words = "";
      });
      // What it has written before is still to be read; who holds its streams open for longer than a moment is ended.
      child.once("exit", () => setTimeout(over, politeMs).unref());
      child.once("close", over);
    },
    async send(message) {
      const input = running?.child.stdin;
      if (closed || !input?.writable) throw new McpFault("MCP_LOST", "The server has ended.", "Try again.");
      if (!input.write(`${JSON.stringify(message)}\n`)) {
        // A server that does not read its input must not make us gather it.
        await new Promise<void>((resolve) => {
          const go = () => resolve();
          input.once("drain", go);
          input.once("close", go);
        });
      }
    },
    async close() {
      const child = running?.child;
      if (closed || child === undefined) return;
      child.stdin?.end();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, politeMs);
        child.once("exit", () => {
          clearTimeout(timer);
          resolve();
        });
      });
      over();
    },
  };
  return transport;
}

function noProtocol(): McpFault {
  const message = "The server writes to its standard output what is no message of the protocol.";
  return new McpFault("MCP_UNAVAILABLE", message, "Is it the right command?");
}
