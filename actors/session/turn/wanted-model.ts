// The turn machine: how another model comes into use. It is tried first; when its window is too small for the
// conversation, the present model makes the conversation shorter before the other takes over.

import { tokensOf } from "../size.ts";
import type { SessionState } from "../state.ts";
import { type TurnLimits, triggerTokens } from "./limits.ts";
import { compact, type Step, type UnderWay } from "./step.ts";

/** The next step towards the wanted model; null when none is wanted or nothing can be done for it now. */
export function wantedModel(state: SessionState, underWay: UnderWay, limits: TurnLimits): Step | null {
  const { wanted } = state;
  if (wanted === null || underWay.has("try")) return null;
  if (wanted.facts === null) return { effects: [{ kind: "try", key: "try", model: wanted.model }] };
  // A reply that is on its way belongs to the model that was asked.
  if (underWay.has("model") || underWay.has("compact")) return null;
  const tooLong = tokensOf(state, limits.context.overheadChars) > triggerTokens(state, limits.context, wanted);
  // Calls that have no result yet belong to the newest reply: a summary must not come between the two.
  if (tooLong && !wanted.fitted) return state.turn?.due === "calls" ? null : compact("switch");
  return { events: [{ type: "model_changed", data: { model: wanted.model, reason: "user" } }] };
}
