// `ml-intern mcp list|test|approve|login`: the MCP servers, outside a session.
import type { McpServerState } from "../../actors/mcp/protocol.ts";
import { type McpDesk, openDesk } from "../../actors/root/mcp.ts";
import { codeOf } from "../../runtime/errors.ts";
import type { Answer } from "../cli/small.ts";
import { FrontError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { neutralise } from "../text/neutralise.ts";
import { mcpSettings, type Place } from "./settings.ts";
import { approvedLine, serverLines, serversLines } from "./words.ts";

const verbs = ["list", "test", "approve", "login"] as const;
type Verb = (typeof verbs)[number];

/** What the command says while it waits goes to standard error. */
export interface McpCommandOptions extends Place {
  tell(text: string): void;
}

function usage(message: string): FrontError {
  return new FrontError("USAGE", message, "Usage: ml-intern mcp [list | test NAME | approve NAME [TOOL] | login NAME]");
}

function read(words: readonly string[]): { verb: Verb; name: string; tool: string | null } {
  const [word = "list", name = "", tool = null, ...rest] = words;
  const verb = verbs.find((one) => one === word);
  if (verb === undefined) {
    const guess = nearest(word, verbs);
    throw usage(`mcp does not know "${word}".${guess === null ? "" : ` Did you mean ${guess}?`}`);
  }
  if (verb === "list" ? name !== "" : name === "")
    throw usage(`mcp ${verb} ${verb === "list" ? "takes no" : "needs a"} name.`);
  if (rest.length > 0 || (tool !== null && verb !== "approve")) throw usage(`mcp ${verb} takes fewer words.`);
  return { verb, name, tool };
}

/** Does what the words behind `mcp` say. Throws a `FrontError` for what cannot be done. */
export async function mcpCommand(words: readonly string[], options: McpCommandOptions): Promise<Answer> {
  const { verb, name, tool } = read(words);
  const { options: settings, notices } = await mcpSettings(options);
  for (const notice of notices) options.tell(`! ${neutralise(notice)}`);
  const { desk, close } = await openDesk(settings);
  try {
    return await answers[verb](desk, name, tool, options);
  } catch (error) {
    throw refusal(error);
  } finally {
    await close();
  }
}

const answers: Record<
  Verb,
  (desk: McpDesk, name: string, tool: string | null, options: McpCommandOptions) => Promise<Answer>
> = {
  async list(desk) {
    const servers = await desk.servers();
    return { data: { servers }, text: textOf(serversLines(servers, false)), exitCode: 0 };
  },
  async test(desk, name) {
    const server = await desk.look(name, true);
    return answerOf(server, server.state === "ready");
  },
  async approve(desk, name, tool) {
    // What is on file, and so what was shown: what the server says by now is compared when it is called.
    const waiting = (await desk.servers()).find((server) => server.name === name)?.waiting ?? [];
    const approved = await desk.approve(name, tool);
    const changes = waiting.filter((one) => approved.includes(one.tool));
    const shown = changes.flatMap((one) => [`  ${one.tool}`, ...one.diff.split("\n").map((line) => `    ${line}`)]);
    const text = textOf([approvedLine(name, approved), ...shown.map(neutralise)]);
    return { data: { server: name, approved, changes }, text, exitCode: 0 };
  },
  async login(desk, name, _tool, { tell }) {
    const control = new AbortController();
    const stop = () => control.abort();
    process.once("SIGINT", stop);
    try {
      await desk.login(
        name,
        (url) => tell(`Open this in a browser on this machine:\n  ${neutralise(url)}`),
        control.signal,
      );
    } finally {
      process.off("SIGINT", stop);
    }
    return answerOf(await desk.look(name, false), true);
  },
};

function answerOf(server: McpServerState, ok: boolean): Answer {
  return { data: { server }, text: textOf(serverLines(server, true)), exitCode: ok ? 0 : 1 };
}

function textOf(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function refusal(error: unknown): unknown {
  const code = codeOf(error) ?? "";
  if (!(error instanceof Error) || !(code.startsWith("MCP_") || code === "CANCELLED")) return error;
  const data = "data" in error ? (error.data as { hint?: unknown } | null) : null;
  return new FrontError(code, error.message, typeof data?.hint === "string" ? data.hint : undefined, 1);
}
