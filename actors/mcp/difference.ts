// What has changed about a tool, for a person who is to approve it.
import { createTwoFilesPatch } from "diff";
import { ownWords } from "./definition.ts";
import type { McpTool } from "./protocol.ts";
import { plainText } from "./text.ts";

const mostLines = 60;
const lineChars = 200;

/** A definition as lines, so that a change shows where it is. */
function lines(tool: McpTool): string {
  const { parameters, hints } = tool;
  const words = ownWords(tool).replace(/(.{1,90})(?:\s+|$)/g, "$1\n");
  return `${words}${JSON.stringify({ parameters, hints }, null, 1)}\n`;
}

/** The change as a unified diff; `before` null: the tool is new. */
export function differenceOf(before: McpTool | null, after: McpTool): string {
  if (before === null)
    return cut(
      lines(after)
        .split("\n")
        .map((line) => `+${line}`),
    );
  const patch = createTwoFilesPatch("approved", "now", lines(before), lines(after), "", "", { context: 1 });
  const body = patch
    .split("\n")
    .slice(3)
    .filter((line) => !line.startsWith("@@"));
  // The server's own words differ where what is shown of them does not: beyond the cut, or in what was left out.
  if (body.every((line) => line.trim() === "")) return "(the change is in a part that models are not shown)";
  return cut(body);
}

function cut(all: readonly string[]): string {
  const kept = all.slice(0, mostLines).map((line) => plainText(line.replace(/\t/g, " "), lineChars));
  const left = all.length - kept.length;
  return [...kept.filter((line) => line !== ""), ...(left > 0 ? [`(${left} lines more)`] : [])].join("\n");
}
