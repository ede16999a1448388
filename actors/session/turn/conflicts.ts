// Which calls of one reply may run at the same time. Calls that conflict run in the order in which the model wrote
// them; all others run together.
import { sep } from "node:path";
import type { Access } from "../../events.ts";
import type { CallState } from "../state.ts";

function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(b + sep) || b.startsWith(a + sep);
}

/**
 * The conflict rule. Two writers of one file, a writer and a reader of one file, and a writer and a command that runs
 * where the file lies are ordered; so are two that change one place elsewhere (a repository). Readers, commands among
 * themselves, and a reader beside a command are not.
 */
function conflict(a: Access, b: Access): boolean {
  if ("target" in a && "target" in b) return a.host === b.host && a.target === b.target;
  if (!("path" in a) || !("path" in b)) return false;
  if (a.kind !== "write" && b.kind !== "write") return false;
  return overlaps(a.path, b.path);
}

/** The calls that may start now, in call order, when at most `limit` run at once. */
export function startable(calls: readonly CallState[], limit: number): CallState[] {
  const running = calls.filter((call) => call.status === "running").length;
  const free = calls.filter((call, index) => {
    if (call.status !== "waiting") return false;
    const earlier = calls.slice(0, index).filter((other) => other.status !== "done");
    return !earlier.some((other) => other.touches.some((a) => call.touches.some((b) => conflict(a, b))));
  });
  return free.slice(0, Math.max(0, limit - running));
}
