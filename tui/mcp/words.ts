// MCP servers in words.
import type { McpServerState, McpToolStanding } from "../../actors/mcp/protocol.ts";
import { neutralise, oneLine } from "../text/neutralise.ts";

const states: Record<McpServerState["state"], string> = {
  off: "off",
  idle: "not started",
  starting: "starting",
  ready: "connected",
  failed: "not to be had",
};

const standingWords: Partial<Record<McpToolStanding, string>> = {
  changed: "changed, off until approved",
  new: "new, off until approved",
  denied: "not allowed by the config",
  no_room: "left out, no room",
  unusable: "cannot be shown to models",
};

/** Tools of a server that a list shows. */
const mostTools = 40;

/** One server on several lines; `whole`: with its tools and what has changed about them. */
export function serverLines(server: McpServerState, whole: boolean): string[] {
  const { name, where, state, trusted, trouble, title, tools, waiting } = server;
  const offered = tools.filter(({ standing }) => standing === "offered").length;
  const counts = tools.length === 0 ? "" : `, ${offered} of ${tools.length} tools on offer`;
  const held = waiting.length === 0 ? "" : `, ${waiting.length} to be approved`;
  const called = title === null || title === "" ? "" : ` (${oneLine(title)})`;
  return [
    `${oneLine(name)}${called}: ${states[state]}${counts}${held}${trusted ? ", trusted" : ""}`,
    ...(where === "" ? [] : [`  ${oneLine(where)}`]),
    ...(trouble === null ? [] : [`  ${oneLine(`${trouble.message} ${trouble.hint}`, 400)}`]),
    ...(whole ? toolLines(server) : []),
  ];
}

function toolLines({ name, tools, waiting }: McpServerState): string[] {
  const shown = tools.slice(0, mostTools).map(({ tool, standing, summary }) => {
    const note = standingWords[standing];
    return `  ${oneLine(tool, 60)}${note === undefined ? "" : ` [${note}]`}  ${oneLine(summary, 90)}`;
  });
  const more = tools.length > mostTools ? [`  … ${tools.length - mostTools} more`] : [];
  const changes = waiting.flatMap(({ tool, diff }) => [
    `  ${oneLine(tool, 60)} waits for you: approve ${oneLine(name)} ${oneLine(tool, 60)}`,
    ...neutralise(diff)
      .split("\n")
      .map((line) => `    ${line}`),
  ]);
  return [...shown, ...more, ...changes];
}

const oneServer = "the tools of one server: /mcp NAME, or ml-intern mcp test NAME";

/** All servers. */
export function serversLines(servers: readonly McpServerState[], whole: boolean): string[] {
  if (servers.length === 0) return ["there are no MCP servers (mcpServers in the config)"];
  const tools = servers.some((server) => server.tools.length > 0);
  return [...servers.flatMap((server) => serverLines(server, whole)), ...(tools && !whole ? [oneServer] : [])];
}

/** What an approval came to. */
export function approvedLine(server: string, names: readonly string[]): string {
  if (names.length === 0) return `nothing of ${oneLine(server)} waits for an approval`;
  return `approved of ${oneLine(server)}: ${names.map((name) => oneLine(name, 60)).join(", ")}`;
}
