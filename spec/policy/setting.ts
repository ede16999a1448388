import type { Access, Json } from "../../actors/events.ts";
import type { PolicyRule } from "../../actors/policy.ts";
import type { JudgedCall, PolicySetting } from "../../actors/session/policy/types.ts";
import { policyRules } from "../../tui/config/policy.ts";

/** A workspace without a policy of its own. */
export const place = { workspace: "/home/u/work", home: "/home/u" };

export const named = (source: string, rules: readonly PolicyRule[]) =>
  rules.map((rule, index) => ({ name: `${source}:${index + 1}`, rule }));

/** The rules that come with the program, for a preset. */
export async function shippedSetting(preset: string, more: Partial<PolicySetting> = {}): Promise<PolicySetting> {
  const { rules } = await policyRules({ policy: { preset } }, place);
  return {
    ...place,
    mode: "interactive",
    tainted: null,
    isFound: () => false,
    rules: { ...rules, session: [] },
    ...more,
  };
}

/** A setting of rules by who made them. */
export function settingOf(
  rules: { [S in "always" | "shipped" | "user" | "project" | "session"]?: PolicyRule[] },
  more: Partial<PolicySetting> = {},
): PolicySetting {
  const { always = [], shipped = [], user = [], project = [], session = [] } = rules;
  return {
    ...place,
    mode: "interactive",
    tainted: null,
    isFound: () => false,
    rules: {
      always: named("always", always),
      shipped: named("shipped", shipped),
      user: named("user", user),
      project: named("project", project),
      session,
    },
    ...more,
  };
}

/** A call that touches these things. */
export const call = (touches: Access[], tool = "some_tool", args: Json = {}): JudgedCall => ({
  tool,
  arguments: args,
  touches,
});

export const read = (path: string): Access => ({ kind: "read", path });
export const write = (path: string): Access => ({ kind: "write", path });
export const run = (path: string): Access => ({ kind: "run", path });
/** The same where nothing holds it there. */
export const free = (path: string): Access => ({ kind: "run", path, open: true });
export const network = (host: string): Access => ({ kind: "network", host });
export const spend = (usd: number | null): Access => ({ kind: "spend", usd });
export const publish = (what: Extract<Access, { kind: "publish" }>["what"], host = "huggingface.co"): Access => ({
  kind: "publish",
  host,
  target: "me/model",
  what,
});
export const remove = (what: string): Access => ({ kind: "delete", host: "huggingface.co", target: "me/model", what });
