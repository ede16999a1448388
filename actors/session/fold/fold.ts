// The fold: what each durable event does to the state. It is the only place that changes a state, live and at a
// resume alike, so that both always agree. It works in place: the cost of an event does not depend on what came before.
import type { DurableEvents, DurableType } from "../../events.ts";
import { assume } from "../money.ts";
import { charsOfAll } from "../size.ts";
import type { SessionState } from "../state.ts";
import { foldAgents } from "./agents.ts";
import { foldCalls } from "./calls.ts";
import { foldCommands } from "./commands.ts";
import { foldJobs } from "./jobs.ts";
import { foldModel } from "./model.ts";
import { say } from "./say.ts";
import { foldTools } from "./tools.ts";
import { foldTurn } from "./turn.ts";

/** A durable event as the journal holds it. */
export type JournalEvent = {
  [T in DurableType]: { type: T; seq: number; ts: number; data: DurableEvents[T] };
}[DurableType];

/** What events of one type do. */
export type Handler<T extends DurableType> = (state: SessionState, data: DurableEvents[T], ts: number) => void;
export type Handlers<T extends DurableType> = { [K in T]: Handler<K> };

const handlers: Handlers<DurableType> = {
  ...foldTurn,
  ...foldModel,
  ...foldCalls,
  ...foldCommands,
  ...foldJobs,
  ...foldAgents,
  ...foldTools,
  session_started(state, data, ts) {
    state.cwd = data.cwd;
    state.model = data.model;
    state.createdAt = ts;
    const { time_zone = "UTC", utc_offset_minutes = 0, instructions = "" } = data;
    state.zone = { time_zone, utc_offset_minutes };
    state.instructions = instructions;
    state.toolRuntime = data.tool_runtime ?? "local";
  },
  session_renamed(state, data) {
    state.name = data.name;
  },
  history_imported(state, data) {
    for (const message of data.messages) {
      say(state, message);
      if (message.role === "assistant") for (const call of message.calls) state.callIds.add(call.id);
    }
  },
  process_started(state, data) {
    state.epoch = data.epoch;
    state.factsFresh = false;
    // What a person has allowed for the session, they have allowed to the process that asked.
    state.sessionRules = [];
    // What calls of tools have cost is still told by their ends; of model calls nobody will tell any more.
    for (const key of ["main", "summary", "probe"]) assume(state.money, key);
    if (state.turn === null) return;
    // A new process begins its own count of attempts: the end of the last one was not the call's fault.
    state.turn.modelStarts = 0;
    for (const call of state.turn.calls) call.attempts = 0;
  },
  undo_complete(state, data) {
    const mark = state.marks.findLast((candidate) => candidate.inputId === data.input_id);
    if (mark === undefined) return;
    state.marks.length = state.marks.indexOf(mark);
    state.history.length = mark.historyLength;
    state.plan = mark.plan;
    state.turns = mark.turns;
    state.revision += 1;
    state.chars = charsOfAll(state.history);
    state.measured = null;
    // What the model had read in that turn it no longer knows.
    state.files.clear();
  },
  budget_changed(state, data) {
    state.money.cap = data.cap_micro_usd;
  },
  cost_warning(state, data) {
    state.money.nextWarning = Math.round(data.threshold_usd * 2e6);
  },
  actor_restarted() {},
  resume_complete(state) {
    state.halted = false;
  },
  shutdown() {},
};

/** Applies one event to the state. */
export function apply(state: SessionState, event: JournalEvent): void {
  state.seq = event.seq;
  const handler = handlers[event.type] as Handler<DurableType> | undefined;
  handler?.(state, event.data, event.ts);
}
