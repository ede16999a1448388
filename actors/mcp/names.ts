// The names under which models call the tools of MCP servers.
import { createHash } from "node:crypto";

/** The most characters that every provider takes in a tool's name. */
const mostChars = 64;
const mark = "mcp__";

/** Whether a tool's name is one of these: no tool of the program's own begins like that. */
export function isMcpName(name: string): boolean {
  return name.startsWith(mark);
}

/** A name of letters, digits, `-` and `_`, with single underscores only, so that two of them show where they meet. */
function plain(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^_|_$/g, "");
}

/**
 * The name of a server's tool. One that had to be changed or cut gets a piece of its hash, so that no two are alike and
 * each keeps its own, whatever other tools there are.
 */
export function nameFor(server: string, tool: string): string {
  const readable = `${mark}${plain(server)}__${plain(tool)}`;
  const isWhole = plain(server) === server && plain(tool) === tool;
  if (isWhole && readable.length <= mostChars) return readable;
  const hash = createHash("sha256")
    .update(JSON.stringify([server, tool]))
    .digest("hex")
    .slice(0, 8);
  return `${readable.slice(0, mostChars - hash.length - 1)}_${hash}`;
}

/** What stands for a server in the names of its tools, as a pattern of the policy. */
export function patternFor(server: string): string {
  return `${mark}${plain(server)}__*`;
}

/** The host by which the policy speaks of a server: that of its address, or for a command a name on this machine. */
export function hostFor(server: string, url: string | null): string {
  if (url !== null) return new URL(url).host;
  const label = server
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return `${label || "server"}.mcp.localhost`;
}
