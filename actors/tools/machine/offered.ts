// Which tools there are in which runtime. Light, because the root asks before any tool is loaded.
import type { ToolRuntime } from "../protocol.ts";

/** Tools of this machine alone: on the machine of the Hub's, bash does what they do. */
const localOnly: ReadonlySet<string> = new Set(["glob", "grep", "list"]);
/** Tools that there are in the sandbox runtime only. */
const sandboxOnly: ReadonlySet<string> = new Set(["sandbox_create"]);

/** Whether a tool is on offer in a runtime. */
export function isOffered(runtime: ToolRuntime, tool: string): boolean {
  return !(runtime === "local" ? sandboxOnly : localOnly).has(tool);
}
