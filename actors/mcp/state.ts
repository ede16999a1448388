// A server as people are shown it.
import { ownWords } from "./definition.ts";
import { differenceOf } from "./difference.ts";
import type { McpFault } from "./errors.ts";
import { standings } from "./offer.ts";
import type { Pins } from "./pins.ts";
import type { McpServer, McpServerState } from "./protocol.ts";
import { plainLine } from "./text.ts";

/** What is known of a server's connections. */
export interface Line {
  trouble: McpFault | null;
  title: string | null;
  /** Its listing was cut. */
  cut: boolean;
  starting: boolean;
}

/** Puts it together. */
export function stateOf(config: McpServer, line: Line, isReady: boolean, pins: Pins | null): McpServerState {
  const state =
    config.off !== null
      ? "off"
      : isReady
        ? "ready"
        : line.starting
          ? "starting"
          : line.trouble === null
            ? "idle"
            : "failed";
  const trouble =
    config.off !== null
      ? { code: "MCP_OFF" as const, message: `It is off: ${config.off}.`, hint: "" }
      : line.trouble === null
        ? null
        : { code: line.trouble.code, message: line.trouble.message, hint: line.trouble.hint };
  const approved = new Map(pins?.approved.map((pin) => [pin.tool.tool, pin.tool]));
  return {
    name: config.name,
    where: whereOf(config),
    state,
    trusted: config.trust,
    trouble,
    title: line.title === null ? null : `${line.title}${line.cut ? " (it has more tools than were read)" : ""}`,
    tools:
      pins === null
        ? []
        : standings(config, pins).map(({ tool, standing }) => ({
            name: tool.name,
            tool: plainLine(tool.tool, 100),
            standing,
            summary: plainLine(ownWords(tool), 160),
          })),
    waiting:
      pins?.waiting.map(({ tool }) => ({
        tool: plainLine(tool.tool, 100),
        name: tool.name,
        diff: differenceOf(approved.get(tool.tool) ?? null, tool),
      })) ?? [],
  };
}

/** Where it is, without what may be secret: arguments, user names, queries. */
function whereOf({ transport }: McpServer): string {
  if (transport.kind === "stdio") return plainLine(transport.command, 120);
  const { origin, pathname } = new URL(transport.url);
  return plainLine(`${origin}${pathname}`, 160);
}
