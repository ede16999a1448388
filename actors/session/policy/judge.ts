// The judge: what the rules of every source, taken together, say of a call. Pure, and quick enough to ask each time.
//
// A denial goes before the always-ask list, that before any other `ask`, and that before an `allow`, whoever made the
// rule and however exact it is. What no rule speaks of asks. Each thing that a call touches is judged by itself, and the
// strictest verdict holds.
import type { Access } from "../../events.ts";
import { fits } from "./fits.ts";
import { canonicalHost, isAnyHost } from "./host.ts";
import { canonicalPath } from "./place.ts";
import { sessionRuleFor } from "./session-rule.ts";
import type { JudgedCall, NamedRule, PolicySetting, Verdict } from "./types.ts";
import { clauseOf, joined, objectOf, withSource } from "./words.ts";

/** What is said of one access; null stands for a call that touches nothing. */
type Finding = Omit<Verdict, "sessionRule"> & { access: Access | null };

const severity = ({ verdict, always }: Pick<Verdict, "verdict" | "always">): number =>
  verdict === "deny" ? 3 : verdict === "allow" ? 0 : always ? 2 : 1;

/**
 * What allowing rules do not reach once untrusted text was read. `passable`: a run that approves by itself may still
 * pass it, for what a run may spend has a limit of its own.
 */
const privileged: Partial<Record<Access["kind"], "passable" | "person">> = {
  network: "person",
  publish: "person",
  delete: "person",
  spend: "passable",
};

/** Why a call that touches this cannot be judged, or null. Tools declare whole paths and hosts: this one did not. */
function faultOf(access: Access): string | null {
  if ("path" in access && canonicalPath(access.path) === null) return `${access.path} is no absolute path`;
  if ("host" in access && canonicalHost(access.host) === null) return `${JSON.stringify(access.host)} is no host`;
  return null;
}

/** Whether it is known to cost nothing. */
function isFree(access: Access): boolean {
  return access.kind === "spend" && access.usd === 0;
}

/** Every rule that restricts or allows, in the order in which they are cited. */
function rulesOf({ rules }: PolicySetting): NamedRule[] {
  return [
    ...rules.shipped,
    ...rules.user,
    ...rules.project.filter(({ rule }) => rule.verdict !== "allow"),
    ...rules.session.map((rule, index) => ({ name: `session:${index + 1}`, rule })),
  ];
}

/**
 * Whether an allowing rule counts after untrusted text: for a host that it names, which is then no new one; for pages that
 * were found, whose address says nothing; and for what
 * is published where the user's own rule says that it may go.
 */
function holdsWhenTainted(named: NamedRule, access: Access, { rules }: PolicySetting): boolean {
  const { host, found, target } = named.rule;
  if (access.kind === "network") return found === true || (host !== undefined && !isAnyHost(host));
  return access.kind === "publish" && target !== undefined && isNamedTarget(target) && rules.user.includes(named);
}

/** Whether a pattern names a place: whole, or at least whose it is (`me/*`). */
function isNamedTarget(pattern: string): boolean {
  const [fixed = "", ...rest] = pattern.split("*");
  return rest.length === 0 ? fixed !== "" : /^[^/]+\//.test(fixed);
}

function find(call: JudgedCall, access: Access | null, rules: readonly NamedRule[], setting: PolicySetting): Finding {
  const found = (verdict: Verdict["verdict"], name: string, reason: string, more: Partial<Finding> = {}): Finding => ({
    verdict,
    reason,
    rule: name,
    always: false,
    source: null,
    access,
    ...more,
  });
  const clause = access === null ? `the tool ${call.tool} would be used` : clauseOf(access, setting.workspace);
  const because = ({ rule }: NamedRule) =>
    rule.reason === undefined ? clause : `${access === null ? call.tool : objectOf(access)} ${rule.reason}`;
  const fault = access === null ? null : faultOf(access);
  if (fault !== null) return found("deny", "invalid", fault);

  const fitting = rules.filter(({ rule }) => fits(rule, call, access, setting));
  const denying = fitting.find(({ rule }) => rule.verdict === "deny");
  if (denying !== undefined) return found("deny", denying.name, because(denying));

  const source = access === null || isFree(access) || privileged[access.kind] === undefined ? null : setting.tainted;
  const ask = (name: string, reason: string, always: boolean, by = source): Finding => {
    if (access === null || by === null) return found("ask", name, reason, { always });
    const person = always || privileged[access.kind] === "person";
    return found("ask", name, withSource(reason, by), { always: person, source: by });
  };
  /** What was read is behind the question of a rule for that, even where it would cost nothing. */
  const askBy = (named: NamedRule, always: boolean): Finding =>
    ask(named.name, because(named), always, named.rule.tainted === true ? setting.tainted : source);
  // The list asks, whatever its entries call themselves.
  const listed = setting.rules.always.find(({ rule }) => fits({ ...rule, verdict: "ask" }, call, access, setting));
  if (listed !== undefined) return askBy(listed, true);
  const asking = fitting.find(({ rule }) => rule.verdict === "ask");
  if (asking !== undefined) return askBy(asking, false);

  const allowing = fitting.filter(({ rule }) => rule.verdict === "allow");
  const holding =
    access === null || source === null
      ? allowing
      : allowing.filter((named) => holdsWhenTainted(named, access, setting));
  if (holding[0] !== undefined) return found("allow", holding[0].name, "");
  if (access === null || isFree(access)) return found("allow", "default", "");
  return ask(allowing.length > 0 ? "taint" : "default", clause, false);
}

/** What is said of each thing that a call touches. */
function findings(call: JudgedCall, setting: PolicySetting): Finding[] {
  const touched = call.touches.length > 0 ? call.touches : [null];
  const rules = rulesOf(setting);
  return touched.map((access) => find(call, access, rules, setting));
}

/** Judges a call. A person who is asked reads everything that was found to ask about, for they answer for all of it. */
export function judge(call: JudgedCall, setting: PolicySetting): Verdict {
  const all = findings(call, setting).toSorted((a, b) => severity(b) - severity(a));
  const [worst] = all;
  if (worst === undefined) throw new Error("a call without a finding");
  const same = all.filter(({ verdict }) => verdict === worst.verdict);
  const { verdict, rule, always } = worst;
  return {
    verdict,
    reason: verdict === "allow" ? "" : joined(same.map(({ reason }) => reason)),
    rule,
    always,
    source: same.find(({ source }) => source !== null)?.source ?? null,
    sessionRule: verdict === "ask" ? sessionRuleOf(call, same, setting) : null,
  };
}

/** The session rule on offer: one is offered only where the call would then run. */
function sessionRuleOf(call: JudgedCall, asked: readonly Finding[], setting: PolicySetting): Verdict["sessionRule"] {
  const accesses = asked.flatMap(({ access }) => (access === null ? [] : [access]));
  const rule = sessionRuleFor(call, accesses, setting);
  if (rule === null) return null;
  const rules = { ...setting.rules, session: [...setting.rules.session, rule] };
  return findings(call, { ...setting, rules }).every(({ verdict }) => verdict === "allow") ? rule : null;
}
