// The fold of a turn: its beginning, what steers it, its end.

import type { SessionState, TurnState } from "../state.ts";
import type { Handlers } from "./fold.ts";
import { say } from "./say.ts";
import { takeTools } from "./tools.ts";

function newTurn(state: SessionState, inputId: string): TurnState {
  return {
    number: state.turns,
    inputId,
    replies: 0,
    modelStarts: 0,
    denied: 0,
    overflows: 0,
    nudges: 0,
    callsMade: 0,
    failedOver: false,
    emptyReplies: 0,
    truncatedReplies: 0,
    due: "model",
    text: "",
    unprepared: [],
    calls: [],
    finish: null,
    model: state.model,
    guards: [],
    forbidNext: null,
    forbidden: null,
    stop: null,
    seq: state.seq,
    interrupting: null,
  };
}

/** Takes an input out of the queue and into the conversation. */
function takeInput(state: SessionState, inputId: string): void {
  const index = state.queue.findIndex((input) => input.inputId === inputId);
  const [input] = index < 0 ? [] : state.queue.splice(index, 1);
  if (input !== undefined) say(state, { role: "user", text: input.text });
}

/** The turn goes on with something new to answer: what the last reply was is no longer of interest. */
function goOn(state: SessionState): void {
  const { turn } = state;
  if (turn === null) return;
  turn.truncatedReplies = 0;
  turn.text = "";
  if (turn.due === "end") turn.due = "model";
}

function endTurn(state: SessionState): void {
  state.turn = null;
}

function halt(state: SessionState): void {
  state.turn = null;
  state.halted = true;
}

export const foldTurn: Handlers<
  | "user_message"
  | "input_withdrawn"
  | "processing"
  | "steered"
  | "notice"
  | "guard_raised"
  | "plan_update"
  | "turn_complete"
  | "error"
  | "interrupting"
  | "interrupted"
  | "session_terminated"
> = {
  user_message(state, data) {
    state.halted = false;
    state.queue.push({ inputId: data.input_id, text: data.content, via: data.via });
  },
  input_withdrawn(state, data) {
    state.queue = state.queue.filter(({ inputId }) => inputId !== data.input_id);
  },
  processing(state, data) {
    const { plan, turns, history } = state;
    state.marks.push({ inputId: data.input_id, historyLength: history.length, plan, turns });
    state.turns += 1;
    takeTools(state);
    state.turn = newTurn(state, data.input_id);
    takeInput(state, data.input_id);
  },
  steered(state, data) {
    takeInput(state, data.input_id);
    goOn(state);
  },
  notice(state, data) {
    say(state, { role: "notice", text: data.content });
    const job = state.jobs.get(data.job_id ?? "");
    if (job !== undefined) job.told = true;
    const { turn } = state;
    if (turn === null) return;
    const guard = turn.guards.find((raised) => raised.reason === data.reason);
    if (guard !== undefined) {
      turn.guards = turn.guards.filter((raised) => raised !== guard);
      if (guard.kind === "forbid") turn.forbidNext = guard.tool;
    }
    if (data.reason === "unfinished_plan") turn.nudges += 1;
    if (turn.due === "end") turn.due = "model";
  },
  guard_raised(state, data) {
    const { turn } = state;
    if (turn === null) return;
    const { guard } = data;
    if (guard.kind === "stop") turn.stop = guard.reason;
    else turn.guards.push(guard);
  },
  plan_update(state, data) {
    state.plan = data.plan;
  },
  turn_complete: endTurn,
  error: endTurn,
  interrupting(state, data) {
    if (state.turn === null) return;
    state.turn.interrupting = data.reason;
    if (data.content.trim() !== "") say(state, { role: "assistant", text: data.content, calls: [] });
  },
  interrupted(state) {
    halt(state);
    // "Stop" takes back what the user had asked for as well; what a refusal asked for is still due with the next turn.
    if (state.mustCompact === "manual") state.mustCompact = null;
  },
  session_terminated(state, data) {
    halt(state);
    // It has just failed: by itself it is not begun again.
    if (data.reason === "compaction_failed") state.mustCompact = null;
  },
};
