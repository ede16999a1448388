// `ml-intern mcp`: the program's own tools for other agents, over standard input and output. Nothing but the protocol
// may be written to standard output.
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import type { Json } from "../../actors/events.ts";
import { type Client, openWorkbench, type Proposal, type Workbench } from "../../actors/root/workbench.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { version } from "../cli/version.ts";
import { neutralise } from "../text/neutralise.ts";
import { served } from "./served.ts";
import { mcpSettings, type Place } from "./settings.ts";

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Characters of a question to a person. What does not fit could not be approved with open eyes. */
const mostQuestionChars = 4_000;

/** Serves until standard input ends or a signal comes, and returns the exit code. */
export async function serve(place: Place): Promise<number> {
  const { options, notices } = await mcpSettings(place);
  for (const notice of notices) process.stderr.write(`ml-intern: ${neutralise(notice)}\n`);
  const bench = await openWorkbench(options, Object.keys(served));
  const server = serverOver(bench);
  let finish: (code: number) => void = () => undefined;
  const over = new Promise<number>((resolve) => {
    finish = resolve;
  });
  server.onclose = () => finish(0);
  process.stdin.once("end", () => finish(0));
  process.stdin.once("close", () => finish(0));
  // A client that is gone is the end, not a failure.
  process.stdout.once("error", () => finish(0));
  process.once("SIGTERM", () => finish(143));
  process.once("SIGHUP", () => finish(129));
  process.once("SIGINT", () => finish(130));
  await server.connect(new StdioServerTransport());
  const code = await over;
  await server.close().catch(() => undefined);
  await bench.close();
  return code;
}

/** The protocol's side of it. */
function serverOver(bench: Workbench): Server {
  const info = { name: "ml-intern", title: "ML Intern", version: version() };
  const server = new Server(info, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: bench.specs.map(({ name, description, parameters }) => ({
      name,
      description,
      inputSchema: { ...parameters, type: "object" as const },
      annotations: served[name],
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const asked = server.getClientCapabilities()?.elicitation !== undefined;
    const client: Client = {
      signal: extra.signal,
      onLog: progressTo(extra),
      approve: asked ? (proposal) => putTo(server, proposal, extra.signal) : null,
    };
    try {
      return resultOf(await bench.call(params.name, (params.arguments ?? {}) as Json, client));
    } catch (error) {
      extra.signal.throwIfAborted();
      const text = error instanceof Error ? error.message : String(error);
      return { content: [{ type: "text", text }], isError: true };
    }
  });
  return server;
}

/** Passes on what a call logs, where the client wants to hear of progress. */
function progressTo(extra: Extra): (text: string) => void {
  const progressToken = extra._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  return (message) => {
    progress += 1;
    const params = { progressToken, progress, message: neutralise(message) };
    extra.sendNotification({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

/** Puts a call to the person at the client, with everything that would run. */
async function putTo(server: Server, { title, reason, arguments: args, preview }: Proposal, signal: AbortSignal) {
  const shown =
    preview === null ? JSON.stringify(args, null, 1) : `${JSON.stringify(args, null, 1)}\n\n${preview.text}`;
  const message = neutralise(`ml-intern asks: ${title}\nWhy it asks: ${reason}\n\n${shown}`);
  if (message.length > mostQuestionChars) return false;
  const answer = await server.elicitInput(
    {
      message,
      requestedSchema: {
        type: "object",
        properties: { allow: { type: "boolean", title: "Allow this call", default: false } },
        required: ["allow"],
      },
    },
    { signal },
  );
  return answer.action === "accept" && answer.content?.allow === true;
}

function resultOf({ ok, text, data, images = [] }: ToolResult): CallToolResult {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  return {
    content: [
      { type: "text", text },
      ...images.map(({ media_type, base64 }) => ({ type: "image" as const, data: base64, mimeType: media_type })),
    ],
    ...(isObject ? { structuredContent: data } : {}),
    isError: !ok,
  };
}
