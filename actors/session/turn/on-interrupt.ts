// The turn machine: how a turn is ended at once. First that it is to end goes on record, then what that means for its
// calls; a crash between the two changes nothing.
import type { NewEvent } from "../../events.ts";
import type { SessionState, TurnState } from "../state.ts";
import { notToRun } from "./on-calls.ts";
import { callEnded } from "./on-model.ts";
import { output } from "./output.ts";

/** The user says stop. What the model had written so far is kept. */
export function onInterrupt(state: SessionState, reason: "user" | "signal", written: string): NewEvent[] {
  const turn = state.turn;
  if (turn === null || turn.interrupting !== null) return [];
  const calling = turn.due === "model" && turn.modelStarts > 0;
  const call = calling
    ? [callEnded(turn.model, "interrupted", { attempts: turn.modelStarts, latencyMs: 0, assumedUsd: null })]
    : [];
  return [...call, { type: "interrupting", data: { reason, content: calling ? written : "" } }];
}

/** Ends a turn that is being interrupted. Results that are there stay; what runs is cut off. */
export function onInterrupting(turn: TurnState, reason: "user" | "signal"): NewEvent[] {
  const by = reason === "user" ? "the user interrupted the turn" : "the program was told to stop";
  const events: NewEvent[] = [];
  for (const call of turn.unprepared) {
    events.push(notToRun(call, "denied", ""), output(call, "cancelled", `Not run: ${by}.`, 0));
  }
  for (const call of turn.calls) {
    // An edited call is among those that are not checked yet.
    if (call.status === "done" || call.status === "edited") continue;
    const started = call.status === "running";
    if (started) {
      events.push({ type: "tool_state_change", data: { tool_call_id: call.id, tool: call.tool, state: "cancelled" } });
    }
    const text = started
      ? `Interrupted while it ran, because ${by}: it was stopped and may have done a part of its work.`
      : `Not run: ${by}.`;
    events.push(output(call, "cancelled", text, 0));
  }
  events.push({ type: "interrupted", data: { reason } });
  return events;
}
