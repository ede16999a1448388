// The fold: what each durable event does to the state. It is the only place that changes a state, live and at a
// resume alike, so that both always agree. It works in place: the cost of an event does not depend on what came before.
import type { DurableEvents, DurableType } from "../events.ts";
import type { Message } from "../llm/protocol.ts";
import { charsOf, charsOfAll } from "./size.ts";
import { type CallState, callOf, type SessionState, type TurnState } from "./state.ts";

/** A durable event as the journal holds it. */
export type JournalEvent = {
  [T in DurableType]: { type: T; seq: number; ts: number; data: DurableEvents[T] };
}[DurableType];

type Handler<T extends DurableType> = (state: SessionState, data: DurableEvents[T], ts: number) => void;

function newTurn(state: SessionState, inputId: string): TurnState {
  return {
    number: state.turns,
    inputId,
    replies: 0,
    modelStarts: 0,
    denied: 0,
    overflows: 0,
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

function say(state: SessionState, message: Message): void {
  state.history.push(message);
  state.chars += charsOf(message);
}

/** Takes an input out of the queue and into the conversation. */
function takeInput(state: SessionState, inputId: string): void {
  const index = state.queue.findIndex((input) => input.inputId === inputId);
  const [input] = index < 0 ? [] : state.queue.splice(index, 1);
  if (input !== undefined) say(state, { role: "user", text: input.text });
}

/** Once every call of a reply is done, the results join the conversation in the order of the calls. */
function settleReply(state: SessionState, turn: TurnState): void {
  if (turn.unprepared.length > 0 || turn.calls.some((call) => call.status !== "done")) return;
  for (const call of turn.calls) if (call.result !== null) say(state, call.result);
  turn.calls = [];
  turn.due = "model";
}

function endTurn(state: SessionState): void {
  state.turn = null;
}

function halt(state: SessionState): void {
  state.turn = null;
  state.halted = true;
}

/** The turn goes on with something new to answer: what the last reply was is no longer of interest. */
function goOn(state: SessionState): void {
  const { turn } = state;
  if (turn === null) return;
  turn.truncatedReplies = 0;
  turn.text = "";
  if (turn.due === "end") turn.due = "model";
}

const statusBehind = { run: "waiting", ask: "asking", refused: "refused" } as const;

function setStatus(call: CallState | undefined, change: DurableEvents["tool_state_change"]): void {
  if (call === undefined || call.status === "done") return;
  if (change.state === "approved" && call.status === "approval") call.status = "waiting";
  if (change.state === "running") {
    call.status = "running";
    call.attempts += 1;
    call.starts += 1;
  }
}

const handlers: { [T in DurableType]: Handler<T> } = {
  session_started(state, data, ts) {
    state.cwd = data.cwd;
    state.model = data.model;
    state.createdAt = ts;
  },
  process_started(state, data) {
    state.epoch = data.epoch;
    if (state.turn === null) return;
    // A new process begins its own count of attempts: the end of the last one was not the call's fault.
    state.turn.modelStarts = 0;
    for (const call of state.turn.calls) call.attempts = 0;
  },
  user_message(state, data) {
    state.halted = false;
    state.queue.push({ inputId: data.input_id, text: data.content, via: data.via });
  },
  processing(state, data) {
    state.marks.push({ inputId: data.input_id, historyLength: state.history.length, plan: state.plan });
    state.turns += 1;
    state.turn = newTurn(state, data.input_id);
    takeInput(state, data.input_id);
  },
  steered(state, data) {
    takeInput(state, data.input_id);
    goOn(state);
  },
  notice(state, data) {
    say(state, { role: "notice", text: data.content });
    const guard = state.turn?.guards.find((raised) => raised.reason === data.reason);
    if (state.turn !== null && guard !== undefined) {
      state.turn.guards = state.turn.guards.filter((raised) => raised !== guard);
      if (guard.kind === "forbid") state.turn.forbidNext = guard.tool;
    }
    if (state.turn?.due === "end") state.turn.due = "model";
  },
  guard_raised(state, data) {
    const { turn } = state;
    if (turn === null) return;
    const { guard } = data;
    if (guard.kind === "stop") turn.stop = guard.reason;
    else turn.guards.push(guard);
  },
  llm_started(state, data) {
    if (state.turn === null) return;
    state.turn.modelStarts += 1;
    state.turn.model = data.model;
  },
  assistant_message(state, data) {
    const turn = state.turn;
    if (data.content.trim() !== "" || data.tool_calls.length > 0) {
      say(state, {
        role: "assistant",
        text: data.content,
        calls: data.tool_calls,
        ...(data.native === undefined ? {} : { native: data.native }),
      });
    }
    if (state.reported !== null) state.measured = { tokens: state.reported, chars: state.chars };
    state.reported = null;
    if (turn === null) return;
    const truncated = data.finish_reason === "truncated";
    turn.replies += 1;
    turn.forbidden = turn.forbidNext;
    turn.forbidNext = null;
    turn.modelStarts = 0;
    turn.finish = data.finish_reason;
    turn.due = data.tool_calls.length > 0 ? "calls" : "end";
    turn.emptyReplies =
      data.content.trim() === "" && data.tool_calls.length === 0 && !truncated ? turn.emptyReplies + 1 : 0;
    turn.text = turn.truncatedReplies > 0 ? turn.text + data.content : data.content;
    turn.truncatedReplies = truncated ? turn.truncatedReplies + 1 : 0;
    turn.unprepared = data.tool_calls.map((call) => ({ id: call.id, tool: call.tool, arguments: call.arguments }));
    for (const call of data.tool_calls) state.callIds.add(call.id);
  },
  llm_call(state, data) {
    state.totals.calls += 1;
    if (data.cost_usd === null) state.totals.unknownCosts += 1;
    else state.totals.costUsd += data.cost_usd;
    if (data.kind === "main" && data.prompt_tokens !== null) {
      state.reported = data.prompt_tokens + (data.completion_tokens ?? 0);
    }
    state.totals.promptTokens += data.prompt_tokens ?? 0;
    state.totals.completionTokens += data.completion_tokens ?? 0;
  },
  tool_call(state, data) {
    if (state.turn === null) return;
    state.turn.unprepared = state.turn.unprepared.filter((call) => call.id !== data.tool_call_id);
    state.turn.calls.push({
      id: data.tool_call_id,
      tool: data.tool,
      arguments: data.arguments,
      onCrash: data.on_crash,
      touches: data.touches,
      title: data.title,
      timeoutMs: data.timeout_ms,
      status: statusBehind[data.gate.verdict],
      gate: data.gate,
      attempts: 0,
      starts: 0,
      result: null,
    });
  },
  tool_state_change(state, data) {
    setStatus(callOf(state, data.tool_call_id), data);
  },
  approval_required(state, data) {
    for (const { tool_call_id } of data.tools) {
      const call = callOf(state, tool_call_id);
      if (call?.status === "asking") call.status = "approval";
    }
  },
  tool_output(state, data) {
    for (const [path, hash] of Object.entries(data.files ?? {})) state.files.set(path, hash);
    const call = callOf(state, data.tool_call_id);
    if (state.turn === null || call === undefined || call.status === "done") return;
    call.status = "done";
    call.result = {
      role: "tool",
      callId: data.tool_call_id,
      tool: data.tool,
      text: data.output,
      ok: data.success,
      ...(data.images === undefined ? {} : { images: data.images }),
    };
    if (data.outcome === "denied") state.turn.denied += 1;
    settleReply(state, state.turn);
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
  interrupted: halt,
  session_terminated: halt,
  undo_complete(state, data) {
    const mark = state.marks.findLast((candidate) => candidate.inputId === data.input_id);
    if (mark === undefined) return;
    state.marks.length = state.marks.indexOf(mark);
    state.history.length = mark.historyLength;
    state.plan = mark.plan;
    state.revision += 1;
    state.chars = charsOfAll(state.history);
    state.measured = null;
    // What the model had read in that turn it no longer knows.
    state.files.clear();
  },
  context_overflow(state, data) {
    state.mustCompact = "overflow";
    state.learnedWindow = data.window_tokens;
    if (state.turn !== null) {
      state.turn.overflows += 1;
      state.turn.modelStarts = 0;
    }
  },
  compact_requested(state) {
    state.mustCompact ??= "manual";
  },
  compacted(state, data) {
    const shift = data.prefix.length - data.keep_from;
    state.history = [...data.prefix, ...state.history.slice(data.keep_from)];
    // Turns whose beginning is gone can no longer be taken back.
    state.marks = state.marks
      .filter((mark) => mark.historyLength >= data.keep_from)
      .map((mark) => ({ ...mark, historyLength: mark.historyLength + shift }));
    state.revision += 1;
    state.chars = charsOfAll(state.history);
    state.measured = { tokens: data.new_tokens, chars: state.chars };
    state.mustCompact = null;
  },
  model_changed(state, data) {
    state.model = data.model;
  },
  call_edited() {},
  rule_added() {},
  model_requested() {},
  model_probed() {},
  model_rejected() {},
  model_facts() {},
  effort_changed() {},
  budget_changed() {},
  cost_warning() {},
  session_renamed() {},
  history_imported() {},
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
