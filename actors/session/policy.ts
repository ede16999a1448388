// What each call needs before it may run: a table in configs/policy.json, judged by what the call touches. Stores of
// credentials and the program's own state are no matter of policy: the tools are closed to them in any case.
import { sep } from "node:path";
import policy from "../../configs/policy.json" with { type: "json" };
import type { Access } from "../events.ts";

/** What the policy says of a call, and why. */
export interface Verdict {
  verdict: "allow" | "ask" | "deny";
  reason: string;
}

/** A line of the table. Without a path it speaks of every access of its kind. */
export interface Rule {
  verdict: Verdict["verdict"];
  access: Access["kind"];
  /** This path and everything below it; `{workspace}` stands for that folder. */
  path?: string;
  reason?: string;
}

/** The folders that the table names. */
export interface PolicyScope {
  workspace: string;
}

const rank = { allow: 0, ask: 1, deny: 2 } as const;
const shipped = policy.rules as Rule[];

function below(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Judges one access. Among the rules that speak of it, one with a path counts before those without; among those left
 * deny counts before ask, and ask before allow. No rule means ask.
 */
function judgeAccess(access: Access, rules: readonly Rule[], scope: PolicyScope): Verdict {
  const place = (path: string) => path.replace("{workspace}", scope.workspace);
  const matching = rules.filter(
    (rule) =>
      rule.access === access.kind &&
      (rule.path === undefined || ("path" in access && below(access.path, place(rule.path)))),
  );
  const specific = matching.filter((rule) => rule.path !== undefined);
  const speaking = specific.length > 0 ? specific : matching;
  const rule = speaking.toSorted((a, b) => rank[b.verdict] - rank[a.verdict])[0];
  const object = "path" in access ? access.path : access.kind === "network" ? access.host : "a paid service";
  if (rule === undefined) return { verdict: "ask", reason: `no rule speaks of ${access.kind} on ${object}` };
  return { verdict: rule.verdict, reason: rule.reason === undefined ? "" : `${object} ${rule.reason}` };
}

/** Judges a call by all that it touches: the strictest verdict holds. */
export function judge(touches: readonly Access[], scope: PolicyScope, rules: readonly Rule[] = shipped): Verdict {
  const verdicts = touches.map((access) => judgeAccess(access, rules, scope));
  return verdicts.toSorted((a, b) => rank[b.verdict] - rank[a.verdict])[0] ?? { verdict: "allow", reason: "" };
}
