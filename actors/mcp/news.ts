// What people are told once about a server's tools.
import type { McpServerState } from "./protocol.ts";

/** Lines of a difference that a notice shows; the whole is in /mcp. */
const mostLines = 14;

/** The news of a server: that it is there, what waits for a person, with the change, and what found no room. */
export function newsOf({ name, tools, waiting }: McpServerState, isFirst: boolean): string[] {
  const held = waiting.map(({ tool, diff }) => {
    const lines = diff.split("\n");
    const shown = lines.slice(0, mostLines).join("\n");
    const more = lines.length > mostLines ? `\n(${lines.length - mostLines} lines more: /mcp)` : "";
    const isKnown = tools.some((each) => each.tool === tool && each.standing === "changed");
    const what = isKnown ? "has changed and is switched off" : "is new and stays off";
    return `The tool ${tool} of the MCP server ${name} ${what} until you approve it: /mcp approve ${name}\n${shown}${more}`;
  });
  const offered = tools.filter(({ standing }) => standing === "offered").length;
  const left = tools.filter(({ standing }) => standing === "no_room").length;
  const unusable = tools.filter(({ standing }) => standing === "unusable").length;
  const count = offered === 1 ? "1 tool" : `${offered} tools`;
  return [
    ...(isFirst
      ? [`The MCP server ${name} was met for the first time; ${count} of it can be used from the next message on.`]
      : []),
    ...(held.length > 3 ? [...held.slice(0, 3), `${held.length - 3} more tools of ${name} wait for you: /mcp`] : held),
    ...(left > 0
      ? [
          `The MCP server ${name} has more tools than there is room for: ${offered} are offered, ${left} are not. ` +
            "Choose with allowed_tools, or raise token_budget.",
        ]
      : []),
    ...(unusable > 0
      ? [`${unusable} tools of the MCP server ${name} have parameters that models cannot be shown.`]
      : []),
  ];
}
