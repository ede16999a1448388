// Whether a rule speaks of a call and of one thing that the call touches.
import type { Access, Json } from "../../events.ts";
import type { PolicyRule } from "../../policy.ts";
import { canonicalHost, hostFits } from "./host.ts";
import { matches } from "./pattern.ts";
import { below, belowInAnySpelling, canonicalPath, type Folders, rulePath } from "./place.ts";
import type { JudgedCall, PolicySetting } from "./types.ts";

/** True, false, or null: cannot be told. Doubt counts for a rule that restricts and against one that allows. */
type Answer = boolean | null;

function argumentText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function argumentsFit(wanted: Record<string, string>, given: Json): Answer {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return null;
  return Object.entries(wanted).every(([name, pattern]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    return value !== undefined && matches(pattern, argumentText(value));
  });
}

function pathFits(rule: PolicyRule & { path: string }, access: Access, folders: Folders): Answer {
  if (!("path" in access)) return false;
  const isOpen = access.kind === "run" && access.open === true;
  // What may run in a folder may change that folder, and no more than that.
  const path = isOpen && rule.verdict === "allow" ? "/" : canonicalPath(access.path);
  if (path === null) return null;
  const folder = rulePath(rule.path, folders);
  return rule.verdict === "allow" ? below(path, folder) : belowInAnySpelling(path, folder);
}

function accessFits(rule: PolicyRule, access: Access, setting: PolicySetting): Answer {
  const answers: Answer[] = [];
  if (rule.access !== undefined) answers.push(rule.access === access.kind);
  if (rule.path !== undefined) answers.push(pathFits({ ...rule, path: rule.path }, access, setting));
  if (rule.found !== undefined) {
    answers.push(access.kind === "network" && access.address !== undefined && setting.isFound(access.address));
  }
  if (rule.what !== undefined) answers.push("what" in access && matches(rule.what, access.what));
  if (rule.target !== undefined) answers.push("target" in access && matches(rule.target, access.target));
  if (rule.over_usd !== undefined) {
    // Written so that what is no number counts as more.
    answers.push(access.kind === "spend" && !(access.usd !== null && access.usd >= 0 && access.usd <= rule.over_usd));
  }
  if (rule.up_to_usd !== undefined) {
    answers.push(access.kind === "spend" && access.usd !== null && access.usd >= 0 && access.usd <= rule.up_to_usd);
  }
  if (rule.host !== undefined) {
    const host = "host" in access ? canonicalHost(access.host) : undefined;
    answers.push(host === undefined ? false : host === null ? null : hostFits(rule.host, host));
  }
  return all(answers);
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

/** Whether a rule says anything about what is touched; otherwise it speaks of the call as a whole. */
function isAboutAccess(rule: PolicyRule): boolean {
  return [rule.access, rule.path, rule.host, rule.found, rule.what, rule.target, rule.over_usd, rule.up_to_usd].some(
    (member) => member !== undefined,
  );
}

/** Whether a rule speaks of a call and of this access of it; `null` stands for a call that touches nothing. */
export function fits(rule: PolicyRule, call: JudgedCall, access: Access | null, setting: PolicySetting): boolean {
  if (rule.mode !== undefined && rule.mode !== setting.mode) return false;
  if (rule.tainted === true && setting.tainted === null) return false;
  if (rule.tool !== undefined && !matches(rule.tool, call.tool)) return false;
  const answers: Answer[] = [];
  if (rule.arguments !== undefined) answers.push(argumentsFit(rule.arguments, call.arguments));
  if (isAboutAccess(rule)) answers.push(access === null ? false : accessFits(rule, access, setting));
  return all(answers) ?? rule.verdict !== "allow";
}
