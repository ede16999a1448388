// The calls that the explorer's model makes: their arguments say what the policy makes of them, what the end of a
// process means for them, and what they cost.
import type { Json, OnCrash } from "../../../../actors/events.ts";
import type { Verdict } from "../../../../actors/session/policy/types.ts";
import { verdict } from "../../../support/turn.ts";
import type { Chance } from "./chance.ts";

/** What the policy says of a call. */
export type Kind = "harmless" | "asked" | "denied" | "always_asked";

export interface CallPlan {
  kind: Kind;
  onCrash: OnCrash;
  /** US dollars at most; 0 for a call that spends nothing. */
  spend: number;
  /** Tells one set of arguments from another. */
  mark: number;
}

const kinds: readonly Kind[] = ["harmless", "harmless", "asked", "denied", "always_asked"];
const classes: readonly OnCrash[] = ["pure", "keyed", "probe", "adopt", "effect"];

/** Arguments of a call at random, as the model writes them. */
export function callPlan(chance: Chance, mark: number): { [key: string]: Json } {
  const spend = chance.sometimes(0.35) ? chance.pick([0.5, 12, 12, 30]) : 0;
  return { kind: chance.pick(kinds), onCrash: chance.pick(classes), spend, mark };
}

/** The same call with another verdict and mark, as a person changes it. */
export function changed(chance: Chance, args: Json, mark: number): { [key: string]: Json } {
  return { ...planOf(args), kind: chance.pick(kinds), mark };
}

/** What the arguments of a call say. */
export function planOf(args: Json): CallPlan {
  const none: CallPlan = { kind: "harmless", onCrash: "effect", spend: 0, mark: 0 };
  return typeof args === "object" ? { ...none, ...(args as Partial<CallPlan>) } : none;
}

/** The explorer's policy. */
export function judge(call: { arguments: Json }): Verdict {
  switch (planOf(call.arguments).kind) {
    case "harmless":
      return verdict("allow");
    case "asked":
      return verdict("ask", { reason: "r", sessionRule: { verdict: "allow", tool: "bash" } });
    case "denied":
      return verdict("deny", { reason: "no" });
    case "always_asked":
      return verdict("ask", { reason: "r", always: true });
  }
}
