// Which tools there are in a run. Light, because the root asks before any tool is loaded.
import type { ToolsArgs } from "./protocol.ts";

/** Tools of this machine alone: on a machine of the Hub's, bash does what they do. */
const localOnly: ReadonlySet<string> = new Set(["glob", "grep", "list"]);
/** Tools that there are in the sandbox runtime only. */
const sandboxOnly: ReadonlySet<string> = new Set(["sandbox_create"]);

/** What decides it, beside what the user has set up: where tools work, and which the user has switched off. */
export type Offer = Pick<ToolsArgs, "runtime" | "off">;

/** Whether a name fits a pattern in which `*` stands for any run of characters. */
function fits(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

/** Whether a tool is on offer. */
export function isOffered(tool: string, { runtime, off }: Offer): boolean {
  if ((runtime === "local" ? sandboxOnly : localOnly).has(tool)) return false;
  return !off.some((pattern) => fits(pattern, tool));
}
