// One server through all its connections: begun when it is first needed, begun again after an end, with a growing pause
// after failures, and never in anybody's way meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { MessageContext } from "../../runtime/index.ts";
import { asText } from "../shape.ts";
import { type Connection, listTools } from "./connection.ts";
import type { Dial, Dialled } from "./dial.ts";
import { McpFault } from "./errors.ts";
import { callFault, statusIn } from "./faults.ts";
import { readPins, settled, writePins } from "./pins.ts";
import type { McpCall, McpResult, McpServer, McpServerState } from "./protocol.ts";
import { readResult } from "./result.ts";
import { type Line, stateOf } from "./state.ts";
import { plainLine } from "./text.ts";

/** Milliseconds without a new attempt after a first failure; doubles with each further one, up to the most. */
const firstPauseMs = 1_000;
const mostPauseMs = 60_000;
/** Milliseconds in which several words of a server that its tools have changed count as one. */
const relistMs = 200;

/** Who waits for a call. */
export type Asking = Pick<MessageContext, "signal" | "progress">;

/** A server in our hands. */
export interface Holder {
  readonly config: McpServer;
  call(call: McpCall, message: Asking): Promise<McpResult>;
  /** Connects, if it is not connected; `fresh`: begins anew. Failures are in the state. */
  look(fresh: boolean): Promise<McpServerState>;
  state(): McpServerState;
  close(): Promise<void>;
}

/** What a holder needs of its surroundings. */
export interface Surroundings {
  dir: string;
  dial: Dial;
  /** The definitions on file are others now; `isFirst`: there were none before. */
  changed(server: string, isFirst: boolean): void;
  log(message: string, fields: Record<string, unknown>): void;
}

/** Takes a server in hand. Nothing is started by it. */
export function createHolder(config: McpServer, around: Surroundings): Holder {
  const line: Line = { trouble: null, title: null, cut: false, starting: false };
  let dialled: Dialled | null = null;
  let opening: Promise<Connection> | null = null;
  /** Counts the times that all was begun anew. */
  let generation = 0;
  let failures = 0;
  let notBefore = 0;
  let relisting = false;

  /** Puts a listing on file and says so when anything about it is new. */
  function note({ tools, title, cut }: Connection): void {
    line.title = title;
    line.cut = cut;
    const before = readPins(around.dir, config);
    const after = settled(before, [...tools.values()], config.trust);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    writePins(around.dir, config, after);
    around.changed(config.name, before === null);
  }

  async function begin(): Promise<Connection> {
    const mine = generation;
    line.starting = true;
    try {
      const made = await around.dial(config, {
        onTools: () => void relist(),
        onClose: (gone) => {
          if (dialled !== gone) return;
          dialled = null;
          opening = null;
          const ending = gone.ending();
          if (ending !== "") around.log("an MCP server has ended", { server: config.name, ending });
        },
      });
      if (mine !== generation) {
        await made.close();
        throw new McpFault("MCP_UNAVAILABLE", `The MCP server ${config.name} is being connected anew.`, "Try again.");
      }
      dialled = made;
      failures = 0;
      line.trouble = null;
      note(made.connection);
      return made.connection;
    } catch (error) {
      // Whoever has begun anew meanwhile is not to be held up by this.
      if (mine !== generation) throw error;
      opening = null;
      failures += 1;
      notBefore = Date.now() + Math.min(mostPauseMs, firstPauseMs * 2 ** (failures - 1));
      line.trouble =
        error instanceof McpFault ? error : new McpFault("MCP_UNAVAILABLE", plainLine(String(error), 400), "");
      around.log("an MCP server could not be used", { server: config.name, trouble: line.trouble.message });
      throw line.trouble;
    } finally {
      if (mine === generation) line.starting = false;
    }
  }

  function open(): Promise<Connection> {
    if (config.off !== null) {
      return Promise.reject(new McpFault("MCP_OFF", `The MCP server ${config.name} is off: ${config.off}.`, ""));
    }
    if (opening === null && Date.now() < notBefore && line.trouble !== null) {
      const seconds = Math.ceil((notBefore - Date.now()) / 1000);
      const { code, message, hint } = line.trouble;
      return Promise.reject(
        new McpFault(code, message, `${hint} It is tried again in ${seconds} s at the earliest.`.trim()),
      );
    }
    opening ??= begin();
    return opening;
  }

  async function relist(): Promise<void> {
    if (relisting) return;
    relisting = true;
    await sleep(relistMs, undefined, { ref: false });
    relisting = false;
    const connection = dialled?.connection;
    if (connection === undefined) return;
    try {
      const signal = AbortSignal.timeout(config.startMs);
      Object.assign(connection, await listTools(connection.client, config.name, signal));
      note(connection);
    } catch (error) {
      around.log("an MCP server did not list its tools", { server: config.name, error: String(error) });
    }
  }

  async function close(): Promise<void> {
    const closing = dialled;
    generation += 1;
    dialled = null;
    opening = null;
    await closing?.close();
  }

  function check({ tools }: Connection, call: McpCall): void {
    const known = tools.get(call.tool);
    if (known === undefined) {
      const words = `The MCP server ${config.name} has no tool ${plainLine(call.tool, 80)} any more.`;
      throw new McpFault("MCP_TOOL_GONE", words, "Do without it.");
    }
    if (known.hash === call.hash) return;
    const words = `The MCP server ${config.name} has changed what its tool ${plainLine(call.tool, 80)} says of itself, so it was not asked.`;
    throw new McpFault(
      "MCP_CHANGED",
      words,
      `The user can look at the change and approve it: /mcp approve ${config.name}`,
    );
  }

  async function ask(call: McpCall, message: Asking, isFirst = true): Promise<McpResult> {
    const connection = await open();
    message.signal.throwIfAborted();
    check(connection, call);
    const link = dialled;
    try {
      const answer = await connection.client.request(
        { method: "tools/call", params: { name: call.tool, arguments: call.arguments } },
        ResultSchema,
        {
          signal: message.signal,
          timeout: config.callMs,
          onprogress: ({ progress, total, message: words }) => {
            const share = total === undefined ? `${progress}` : `${progress}/${total}`;
            message.progress({ log: plainLine(`${share} ${asText(words)}`, 300) });
          },
        },
      );
      return readResult(answer);
    } catch (error) {
      if (message.signal.aborted) throw message.signal.reason;
      // A session that the server has forgotten: the call was refused before anything came of it.
      if (statusIn(error) === 404 && isFirst) {
        if (dialled === link) await close();
        return ask(call, message, false);
      }
      throw link?.fault() ?? callFault(config.name, error, link?.isOver() === true, link?.ending() ?? "");
    }
  }

  const state = () => stateOf(config, line, dialled !== null, readPins(around.dir, config));

  return {
    config,
    call: (call, message) => ask(call, message),
    async look(fresh) {
      if (fresh) {
        await close();
        notBefore = 0;
        failures = 0;
      }
      await open().catch(() => undefined);
      return state();
    },
    state,
    close,
  };
}
