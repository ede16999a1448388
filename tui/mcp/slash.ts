// `/mcp`: the MCP servers of a conversation.
import type { Command } from "../chat/commands/outcome.ts";
import { FrontError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { approvedLine, serverLines, serversLines } from "./words.ts";

const verbs = ["reconnect", "approve"] as const;

/** The command; without words it shows how the servers stand. */
export const mcpCommands: readonly Command[] = [
  {
    name: "mcp",
    args: "[NAME | reconnect NAME | approve NAME [TOOL]]",
    summary: "the MCP servers and their tools; connect anew, approve what has changed",
    async run({ agent: { mcp } }, rest) {
      const [first = "", name = "", tool = null] = rest.split(/\s+/).filter((word) => word !== "");
      const servers = await mcp.servers();
      const verb = verbs.find((one) => one === first);
      if (first === "") return { kind: "mcp", lines: serversLines(servers, servers.length <= 2) };
      const wanted = verb === undefined ? first : name;
      const server = servers.find((one) => one.name === wanted);
      if (server === undefined) throw unknown(wanted, [...servers.map((one) => one.name), ...verbs]);
      if (verb === undefined) return { kind: "mcp", lines: serverLines(server, true) };
      if (verb === "reconnect") return { kind: "mcp", lines: serverLines(await mcp.look(wanted, true), true) };
      const approved = await mcp.approve(wanted, tool);
      const from = approved.length === 0 ? [] : ["on offer from your next message on"];
      return { kind: "mcp", lines: [approvedLine(wanted, approved), ...from] };
    },
  },
];

function unknown(word: string, names: readonly string[]): FrontError {
  const guess = nearest(word, names);
  const hint = guess === null ? "The servers: /mcp" : `Did you mean ${guess}?`;
  return new FrontError("USAGE", word === "" ? "Which server?" : `There is no MCP server "${word}".`, hint);
}
