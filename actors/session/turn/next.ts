// The turn machine, second half: what follows from a state by itself. It is asked again after every event, live and
// after a resume alike, so a session that was killed at any point goes on by the same rules that brought it there.

import { jobNotice } from "../job-notice.ts";
import { dueWarning } from "../money.ts";
import type { SessionState } from "../state.ts";
import { beforeModelCall } from "./before-call.ts";
import { judgeEnd } from "./judge-end.ts";
import type { TurnLimits } from "./limits.ts";
import { onInterrupting } from "./on-interrupt.ts";
import { compact, nothing, type Step, type UnderWay } from "./step.ts";
import { commandToTell } from "./user-commands.ts";
import { wantedModel } from "./wanted-model.ts";
import { workOnCalls } from "./work-on-calls.ts";

/** What follows from the state when the effects named in `underWay` are running. */
export function next(state: SessionState, underWay: UnderWay, limits: TurnLimits): Step {
  const step = inTurn(state, underWay, limits);
  if ("events" in step) return step;
  // What is not part of the turn goes on beside it.
  const wanted = wantedModel(state, underWay, limits);
  if (wanted !== null && "events" in wanted) return wanted;
  const beside = wanted === null ? [] : wanted.effects;
  const asks = step.effects.some((effect) => effect.kind === "model") && !state.factsFresh;
  const facts = asks ? [{ kind: "facts" as const, key: "facts" as const, model: state.model }] : [];
  return { effects: [...step.effects, ...facts, ...beside] };
}

function inTurn(state: SessionState, underWay: UnderWay, limits: TurnLimits): Step {
  const turn = state.turn;
  if (turn === null) {
    if (underWay.has("compact")) return nothing;
    if (state.mustCompact === "manual") return compact("manual");
    return state.halted ? nothing : startQueued(state);
  }
  if (turn.interrupting !== null) return { events: onInterrupting(turn, turn.interrupting) };
  const warning = dueWarning(state.money);
  if (warning !== null) return { events: [{ type: "cost_warning", data: warning }] };
  if (turn.due === "calls") return workOnCalls(state, turn, underWay, limits);

  // A word of the watcher's that comes after the answer has come too late: the answer stands.
  const guard = turn.due === "model" ? turn.guards[0] : undefined;
  if (guard !== undefined && !underWay.has("model")) {
    return { events: [{ type: "notice", data: { content: guard.content, reason: guard.reason } }] };
  }
  const ended = turn.due === "model" && !underWay.has("model") ? jobNotice(state) : null;
  if (ended !== null) return { events: [{ type: "notice", data: ended }] };
  const command = turn.due === "model" && !underWay.has("model") ? commandToTell(state) : null;
  if (command !== null) return { events: [command] };
  // At the limit, what was steered waits for the next turn instead of being taken and never answered.
  const hasRoom = limits.maxIterations < 0 || turn.replies < limits.maxIterations;
  const steered = state.queue.find((input) => input.via === "steer");
  if (steered !== undefined && hasRoom && !underWay.has("model")) {
    return { events: [{ type: "steered", data: { input_id: steered.inputId } }] };
  }
  return turn.due === "model" ? beforeModelCall(state, turn, underWay, limits) : judgeEnd(state, turn);
}

function startQueued(state: SessionState): Step {
  const input = state.queue[0];
  if (input === undefined) return nothing;
  return {
    events: [{ type: "processing", data: { message: input.text, turn: state.turns + 1, input_id: input.inputId } }],
  };
}
