// The turn machine: what comes before a model call. The limit of calls, a conversation that fits, money that suffices.

import { remaining, worstCase } from "../money.ts";
import { mostTokensOf, tokensOf } from "../size.ts";
import { maxTruncated, type SessionState, type TurnState } from "../state.ts";
import { type TurnLimits, triggerTokens } from "./limits.ts";
import { compact, complete, nothing, type Step, type UnderWay } from "./step.ts";

/** Attempts at one call that money is set aside for when there is enough: the second may follow a paid first. */
const attemptsReserved = 2;

/** Has the model called, or does first what must come first. */
export function beforeModelCall(state: SessionState, turn: TurnState, underWay: UnderWay, limits: TurnLimits): Step {
  if (underWay.has("model")) return { effects: [{ kind: "model", key: "model" }] };
  // Which model answers is being decided.
  if (state.wanted !== null) return nothing;
  if (turn.stop !== null) return complete(state, turn, turn.stop, null);
  if (turn.truncatedReplies >= maxTruncated) return complete(state, turn, "truncated", turn.text || null);
  if (limits.maxIterations >= 0 && turn.replies >= limits.maxIterations) {
    return complete(state, turn, "iteration_limit", null);
  }
  if (underWay.has("compact")) return nothing;
  if (state.mustCompact !== null) return compact(state.mustCompact);
  if (tokensOf(state, limits.context.overheadChars) > triggerTokens(state, limits.context)) return compact("threshold");
  return afford(state, turn, limits) ?? { effects: [{ kind: "model", key: "model" }] };
}

/** Under a budget: what keeps the call from being made, or null. */
function afford(state: SessionState, turn: TurnState, limits: TurnLimits): Step | null {
  if (state.money.cap === null) return null;
  if (state.facts === null) return { effects: [{ kind: "facts", key: "facts", model: state.model }] };
  const most = worstCase(state.facts, mostTokensOf(state, limits.context.overheadChars));
  if (most === null) return limits.allowUnknownPrice ? null : { events: [priceUnknown(state.model)] };
  return most <= remaining(state.money) ? null : complete(state, turn, "budget", null);
}

function priceUnknown(model: string) {
  const data = {
    code: "PRICE_UNKNOWN",
    error: `Nobody says what ${model} costs, so the budget cannot be kept.`,
    hint: `Put its price into the config (prices), or set allow_unknown_price to true, or leave the budget out.`,
  };
  return { type: "error" as const, data };
}

/**
 * What is set aside for the model call that is due; null with a price that nobody knows. Without a budget it stands in
 * the way of nothing, but says how much a call may have cost whose end nobody saw.
 */
export function reservation(
  state: SessionState,
  overheadChars: number,
): { micro: number; promptTokens: number } | null {
  if (state.facts === null) return null;
  const promptTokens = mostTokensOf(state, overheadChars);
  const most = worstCase(state.facts, promptTokens);
  if (most === null) return null;
  return { micro: Math.min(remaining(state.money), most * attemptsReserved), promptTokens };
}
