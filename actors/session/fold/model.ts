// The fold of model calls: replies, what they cost, which model answers, and how long a conversation it takes.

import { draw, release, reserve, settle } from "../money.ts";
import { charsOfAll } from "../size.ts";
import type { SessionState } from "../state.ts";
import type { Handlers } from "./fold.ts";
import { say } from "./say.ts";

function useModel(state: SessionState, model: string): void {
  if (state.model === model) return;
  state.model = model;
  state.facts = null;
  state.factsFresh = false;
  // What a refusal has taught is true of the model that refused.
  state.learnedWindow = null;
  // What one model has counted is an estimate for another.
  if (state.measured !== null) state.measured = { ...state.measured, estimated: true };
}

export const foldModel: Handlers<
  | "llm_started"
  | "llm_call"
  | "assistant_message"
  | "context_overflow"
  | "compact_requested"
  | "compacted"
  | "compact_failed"
  | "model_requested"
  | "model_probed"
  | "model_rejected"
  | "model_changed"
  | "model_facts"
  | "effort_changed"
> = {
  llm_started(state, data) {
    const kind = data.kind ?? "main";
    reserve(state.money, kind, data.reserved_micro_usd ?? null);
    if (state.turn === null || kind !== "main") return;
    state.turn.modelStarts += 1;
    state.turn.model = data.model;
  },
  llm_call(state, data) {
    const book = data.kind === "summary" ? draw : settle;
    book(state.money, data.kind, data.cost_usd, data.assumed_usd);
    const { totals } = state;
    totals.calls += 1;
    totals.promptTokens += data.prompt_tokens ?? 0;
    totals.completionTokens += data.completion_tokens ?? 0;
    totals.cachedTokens += data.cache_read_tokens ?? 0;
    if (data.kind === "main" && data.prompt_tokens !== null) {
      state.reported = data.prompt_tokens + (data.completion_tokens ?? 0);
    }
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
    turn.callsMade += data.tool_calls.length;
    if (data.tool_calls.length > 0) turn.nudges = 0;
    turn.emptyReplies =
      data.content.trim() === "" && data.tool_calls.length === 0 && !truncated ? turn.emptyReplies + 1 : 0;
    turn.text = turn.truncatedReplies > 0 ? turn.text + data.content : data.content;
    turn.truncatedReplies = truncated ? turn.truncatedReplies + 1 : 0;
    turn.unprepared = data.tool_calls.map((call) => ({ id: call.id, tool: call.tool, arguments: call.arguments }));
    for (const call of data.tool_calls) state.callIds.add(call.id);
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
    state.mustCompact = "manual";
  },
  compact_failed(state, data) {
    release(state.money, "summary");
    if (data.trigger === "manual" && state.mustCompact === "manual") state.mustCompact = null;
  },
  compacted(state, data) {
    release(state.money, "summary");
    const shift = data.prefix.length - data.keep_from;
    state.history = [...data.prefix, ...state.history.slice(data.keep_from)];
    // Turns whose beginning is gone can no longer be taken back.
    state.marks = state.marks
      .filter((mark) => mark.historyLength >= data.keep_from)
      .map((mark) => ({ ...mark, historyLength: mark.historyLength + shift }));
    state.revision += 1;
    state.chars = charsOfAll(state.history);
    state.measured = { tokens: data.new_tokens, chars: state.chars, estimated: true };
    state.mustCompact = null;
    if (data.trigger === "switch" && state.wanted !== null) state.wanted.fitted = true;
  },
  model_requested(state, data) {
    state.wanted = { model: data.model, effort: data.effort ?? null, facts: null, fitted: false };
  },
  model_probed(state, data) {
    if (state.wanted?.model === data.model) state.wanted.facts = data.facts;
  },
  model_rejected(state, data) {
    if (state.wanted?.model === data.model) state.wanted = null;
  },
  model_changed(state, data) {
    const { wanted } = state;
    useModel(state, data.model);
    if (wanted?.model === data.model) {
      state.facts = wanted.facts;
      state.factsFresh = wanted.facts !== null;
      state.effort = wanted.effort ?? state.effort;
      state.wanted = null;
    }
    // What the user names at a start is newer than what they wished for in an earlier process.
    if (data.reason === "start") state.wanted = null;
    if (state.turn === null) return;
    state.turn.modelStarts = 0;
    if (data.reason === "failover") state.turn.failedOver = true;
  },
  model_facts(state, data) {
    if (data.model !== state.model) return;
    state.facts = data;
    state.factsFresh = true;
  },
  effort_changed(state, data) {
    state.effort = data.effort;
  },
};
