// The turn machine: which calls of the newest reply are due for what.

import { remaining } from "../money.ts";
import { type CallState, maxStarts, type SessionState, type TurnState } from "../state.ts";
import { startable } from "./conflicts.ts";
import type { TurnLimits } from "./limits.ts";
import { onCallLost, onOverBudget, onRefused } from "./on-calls.ts";
import { spendingOf } from "./spending.ts";
import { type Effect, nothing, type Step, type UnderWay } from "./step.ts";

/** Has the calls of the newest reply checked, asked about, and run. */
export function workOnCalls(state: SessionState, turn: TurnState, underWay: UnderWay, limits: TurnLimits): Step {
  // What is safe to repeat is paid for again all the same.
  const again = turn.calls.filter(
    (call) => call.status === "running" && !underWay.has(call.id) && call.onCrash === "pure",
  );
  const unpaid = overBudget(state, again, limits);
  if (unpaid !== null) return unpaid;
  if (turn.unprepared.length > 0)
    return { effects: [{ kind: "prepare", key: "prepare" }, ...runnable(turn, underWay, [])] };
  const refused = turn.calls.filter((call) => call.status === "refused");
  if (refused.length > 0) return { events: refused.flatMap(onRefused) };
  if (turn.calls.some((call) => call.status === "asking")) {
    return { effects: [{ kind: "preview", key: "preview" }, ...runnable(turn, underWay, [])] };
  }

  // It had begun, and whatever ran it is gone: its own declaration says what that means.
  const lost = turn.calls.find((call) => call.status === "running" && !underWay.has(call.id) && isGivenUp(call));
  if (lost !== undefined) return { events: onCallLost(lost) };
  const start = startable(turn.calls, limits.parallelTools);
  const tooDear = overBudget(state, start, limits);
  if (tooDear !== null) return tooDear;
  const effects = runnable(turn, underWay, start);
  return effects.length > 0 ? { effects } : nothing;
}

/** Ends the first of several calls that the money does not suffice for when all before it start as well; or null. */
function overBudget(state: SessionState, calls: readonly CallState[], limits: TurnLimits): Step | null {
  let left = remaining(state.money);
  for (const call of calls) {
    const cost = spendingOf(call.touches);
    if (cost === null) continue;
    const fits =
      cost.micro === null ? left === Number.POSITIVE_INFINITY || limits.allowUnknownPrice : cost.micro <= left;
    if (!fits) return { events: onOverBudget(call, cost.micro, left) };
    // They start together, so what the first may cost is gone for the second.
    left -= cost.micro ?? 0;
  }
  return null;
}

/** The calls that are to be under way: those that were running, and those that may start. */
function runnable(turn: TurnState, underWay: UnderWay, start: readonly CallState[]): Effect[] {
  const effects: Effect[] = [];
  const mayKill = (call: CallState) => call.onCrash !== "adopt";
  let isBusy = turn.calls.some((call) => mayKill(call) && underWay.has(call.id));
  for (const call of turn.calls) {
    if (call.status !== "running" || underWay.has(call.id) || isGivenUp(call)) continue;
    // A call that was there at two deaths is suspected of them, and gets its last try without the others.
    const isSuspect = mayKill(call) && call.attempts === maxStarts - 1;
    if (isSuspect && isBusy) continue;
    isBusy ||= mayKill(call);
    effects.push({ kind: call.onCrash === "probe" ? "probe" : "run", key: call.id, call });
    if (isSuspect) return effects;
  }
  for (const call of start) effects.push({ kind: "run", key: call.id, call });
  return effects;
}

/** Whether a call that was lost is not begun again. One that is attached to costs nothing to attach to once more. */
function isGivenUp(call: CallState): boolean {
  return call.onCrash === "effect" || (call.onCrash !== "adopt" && call.attempts >= maxStarts);
}
