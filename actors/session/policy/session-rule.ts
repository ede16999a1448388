// The rule that "allow for this session" would add: as narrow as it can be and still be of use.
import { dirname } from "node:path";
import type { Access } from "../../events.ts";
import type { PolicyRule } from "../../policy.ts";
import { canonicalHost } from "./host.ts";
import { below, canonicalPath, type Folders } from "./place.ts";
import type { JudgedCall } from "./types.ts";

/** The folder of a file, or the file alone where that folder holds the workspace or the home. */
function folderOf(path: string, { workspace, home }: Folders): string {
  const folder = dirname(path);
  return below(workspace, folder) || below(home, folder) ? path : folder;
}

/** What a command's rule asks of the arguments; null when this very command cannot be written as a pattern. */
function thisCommand(call: JudgedCall): Record<string, string> | null {
  const given = call.arguments;
  if (typeof given !== "object" || given === null || Array.isArray(given)) return null;
  const { command } = given;
  return typeof command === "string" && !command.includes("*") ? { command } : null;
}

/**
 * The rule for one access of a call, or null. Spending and deleting have none: no rule can bound the sum of what a
 * session spends, and what is deleted is gone. A command outside the workspace, where nothing confines it, is allowed
 * word for word only.
 */
function ruleFor(call: JudgedCall, access: Access, folders: Folders): PolicyRule | null {
  const rule = { verdict: "allow" as const, tool: call.tool, access: access.kind };
  switch (access.kind) {
    case "read":
    case "write": {
      const path = canonicalPath(access.path);
      return path === null ? null : { ...rule, path: folderOf(path, folders) };
    }
    case "run": {
      const path = canonicalPath(access.path);
      if (path === null) return null;
      const reach = access.open === true ? "/" : path;
      if (below(path, folders.workspace)) return { ...rule, path: reach };
      const command = thisCommand(call);
      return command === null ? null : { ...rule, path: reach, arguments: command };
    }
    case "network":
    case "publish": {
      const host = canonicalHost(access.host);
      if (host === null) return null;
      const name = host.port === "" ? host.name : `${host.name}:${host.port}`;
      if (access.kind === "network") return { ...rule, host: name };
      return access.target.includes("*") ? null : { ...rule, host: name, what: access.what, target: access.target };
    }
    case "spend":
    case "delete":
      return null;
  }
}

/** One rule for all accesses that were asked about, or null when one rule cannot be for all of them. */
export function sessionRuleFor(call: JudgedCall, asked: readonly Access[], folders: Folders): PolicyRule | null {
  if (call.tool.includes("*")) return null;
  const [first, ...others] = asked.map((access) => ruleFor(call, access, folders));
  if (first === undefined || first === null) return null;
  const text = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === text) ? first : null;
}
