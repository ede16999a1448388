// One connection to a server: made, its tools listed, and what the server may ask of us in return.
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  ErrorCode,
  ListRootsRequestSchema,
  McpError,
  ResultSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { JsonSchemaValidatorResult, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation";
import { asList, asText } from "../shape.ts";
import { type Definition, readDefinition } from "./definition.ts";
import { McpFault } from "./errors.ts";
import { plainLine } from "./text.ts";

/** Pages of a listing, and tools of a server, that are looked at. */
const mostPages = 200;
const mostTools = 500;

/** What the server accepts anything as: its schemas are not ours to run, and one wrong tool must not hide the others. */
const noValidator: jsonSchemaValidator = {
  getValidator:
    <T>() =>
    (input: unknown) =>
      ({ valid: true, data: input as T, errorMessage: undefined }) as JsonSchemaValidatorResult<T>,
};

/** A server that answers. */
export interface Connection {
  client: Client;
  /** What it calls itself. */
  title: string;
  tools: Map<string, Definition>;
  /** The listing was cut, as there is more than anybody can use. */
  cut: boolean;
}

/** Who we are to servers. */
export interface Self {
  /** Name and version of the program, as in `ml-intern/1.0`. */
  userAgent: string;
  workspace: string;
}

/** Makes the client side of a connection. `onTools`: the server says that its tools are others now. */
export function createClient(self: Self, onTools: () => void): Client {
  const [name = "ml-intern", rest = ""] = self.userAgent.split("/");
  const client = new Client(
    { name, version: rest.split(" ")[0] || "0" },
    { capabilities: { roots: {} }, jsonSchemaValidator: noValidator },
  );
  client.setRequestHandler(ListRootsRequestSchema, () => ({
    roots: [{ uri: pathToFileURL(self.workspace).href, name: basename(self.workspace) }],
  }));
  client.fallbackRequestHandler = async ({ method }) => {
    const what =
      method === "sampling/createMessage" ? "call models for servers" : "put questions of servers to the user";
    const isKnown = method === "sampling/createMessage" || method === "elicitation/create";
    const words = isKnown ? `This client does not ${what}. Go on without it.` : "Method not found";
    throw new McpError(ErrorCode.MethodNotFound, words);
  };
  client.setNotificationHandler(ToolListChangedNotificationSchema, onTools);
  return client;
}

/** Shakes hands and lists the tools, for at most so long. Throws what the SDK throws; nothing is left open then. */
export async function connect(
  client: Client,
  transport: Transport,
  server: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  const control = new AbortController();
  const late = new McpFault(
    "MCP_UNAVAILABLE",
    `The server did not get ready within ${Math.round(limitMs / 1000)} s.`,
    "Look at what it does at its start, or give it longer (start_timeout_ms).",
  );
  const timer = setTimeout(() => control.abort(late), limitMs);
  const stop = () => control.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const cut = new Promise<never>((_, reject) => {
    control.signal.addEventListener("abort", () => reject(control.signal.reason), { once: true });
  });
  cut.catch(() => undefined);
  try {
    // A transport that never starts knows nothing of signals, so the race is ours.
    await Promise.race([client.connect(transport, { timeout: limitMs + 1_000, signal: control.signal }), cut]);
    const listed = await Promise.race([listTools(client, server, control.signal), cut]);
    const version = client.getServerVersion();
    const title = plainLine(`${asText(version?.title) || asText(version?.name)} ${asText(version?.version)}`, 100);
    return { client, title, ...listed };
  } catch (error) {
    void client.close().catch(() => undefined);
    throw control.signal.aborted ? control.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Every page of the listing, read with care. Of two tools with one name the first counts. */
export async function listTools(
  client: Client,
  server: string,
  signal: AbortSignal,
): Promise<Pick<Connection, "tools" | "cut">> {
  const tools = new Map<string, Definition>();
  if (client.getServerCapabilities()?.tools === undefined) return { tools, cut: false };
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: "tools/list", params }, ResultSchema, { signal });
    for (const raw of asList(answer.tools)) {
      if (tools.size >= mostTools) return { tools, cut: true };
      const definition = readDefinition(server, raw);
      if (definition !== null && !tools.has(definition.tool)) tools.set(definition.tool, definition);
    }
    const next = answer.nextCursor;
    if (typeof next !== "string" || next === "") return { tools, cut: false };
    // A server that leads in circles.
    if (seen.has(next)) return { tools, cut: true };
    seen.add(next);
    cursor = next;
  }
  return { tools, cut: true };
}
