// Which tools of MCP servers models are offered: those on file that nothing stands against. The one place that says so.
import { type Pin, type Pins, readPins } from "./pins.ts";
import type { McpServer, McpTool, McpToolStanding } from "./protocol.ts";

/** Characters of JSON that make a token, about. */
const charsPerToken = 4;

/** A tool on file and how it stands. */
export interface Standing {
  tool: McpTool;
  standing: McpToolStanding;
}

const byName = (a: { tool: McpTool }, b: { tool: McpTool }) => (a.tool.name < b.tool.name ? -1 : 1);

/** Every tool of a server that is there, in the order of their names, and how each stands. */
export function standings(server: McpServer, pins: Pins): Standing[] {
  const waiting = new Set(pins.waiting.map((pin) => pin.tool.tool));
  const known = new Set(pins.approved.map((pin) => pin.tool.tool));
  let left = server.tokens * charsPerToken;
  const fixed = ({ tool, usable }: Pin): McpToolStanding | null => {
    if (server.denied.includes(tool.tool) || server.allowed?.includes(tool.tool) === false) return "denied";
    if (waiting.has(tool.tool)) return known.has(tool.tool) ? "changed" : "new";
    return usable ? null : "unusable";
  };
  const there = [
    ...pins.approved.filter((pin) => pin.present),
    ...pins.waiting.filter((pin) => !known.has(pin.tool.tool)),
  ];
  return there.toSorted(byName).map((pin) => {
    const standing = fixed(pin);
    if (standing !== null) return { tool: pin.tool, standing };
    const { name, description, parameters } = pin.tool;
    const chars = JSON.stringify({ name, description, parameters }).length;
    // Once one has found no room, a smaller one behind it is not let in either: the cut has one place.
    left = chars <= left ? left - chars : -1;
    return { tool: pin.tool, standing: left < 0 ? "no_room" : "offered" };
  });
}

/** The tools that models are offered, of all servers, sorted by name, each name once. */
export function offered(dir: string, servers: readonly McpServer[]): McpTool[] {
  const all = servers.flatMap((server) => {
    const pins = server.off === null ? readPins(dir, server) : null;
    return pins === null ? [] : standings(server, pins).filter(({ standing }) => standing === "offered");
  });
  const names = new Map(all.toSorted(byName).map(({ tool }) => [tool.name, tool]));
  return [...names.values()];
}

/** The servers in use that have never been seen. */
export function unseen(dir: string, servers: readonly McpServer[]): McpServer[] {
  return servers.filter((server) => server.off === null && readPins(dir, server) === null);
}
