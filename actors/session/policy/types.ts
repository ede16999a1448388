// What the policy is asked, what it is asked with, and what it answers.
import type { Access, Json } from "../../events.ts";
import type { PolicyRule } from "../../policy.ts";

/** A call as it would run. */
export interface JudgedCall {
  tool: string;
  /** As checked and completed with defaults. What is no object never fits a rule that allows. */
  arguments: Json;
  touches: readonly Access[];
}

/** A rule with the name by which a verdict and the audit cite it, for example `user:3`. */
export interface NamedRule {
  name: string;
  rule: PolicyRule;
}

/** The rules that hold for a whole run, by who made them. */
export interface PolicyRules {
  /** What a person has to answer for every time: nothing can allow it. Only a denial goes before. */
  always: NamedRule[];
  /** What comes with the program: the rules of every preset, and those of the chosen one. */
  shipped: NamedRule[];
  /** The user's own. */
  user: NamedRule[];
  /** Of the workspace's file. They can only tighten: an `allow` among them does not count. */
  project: NamedRule[];
}

/** What a call is judged against. */
export interface PolicySetting {
  /** The workspace and the user's home: absolute, without symbolic links. */
  workspace: string;
  home: string;
  /** Whether somebody is there to answer. */
  mode: "interactive" | "headless";
  /** `session`: what a person has allowed until the program ends. */
  rules: PolicyRules & { session: readonly PolicyRule[] };
  /** Where text came from that the model has read and nobody vouches for; null when there was none. */
  tainted: string | null;
  /** Whether the user wrote this address, or a web search answered it. */
  isFound: (address: string) => boolean;
}

/** What the policy says of a call. */
export interface Verdict {
  verdict: "allow" | "ask" | "deny";
  /** What stands against the call, as a clause without a full stop; empty when it is allowed. */
  reason: string;
  /**
   * What decided: a rule's name, `default` where no rule speaks, `taint` where rules do not count after untrusted
   * text, `invalid` where the call names a place that is none.
   */
  rule: string;
  /** With `ask`: no rule and no way of running passes it, a person has to answer each time. */
  always: boolean;
  /** With `ask`: the narrowest rule that would let this call run for the rest of the session; null: not on offer. */
  sessionRule: PolicyRule | null;
  /** With `ask`: the untrusted source that may have put the wish there. */
  source: string | null;
}
