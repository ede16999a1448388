// The fold of tool calls: from their check to their one terminal event.
import type { DurableEvents } from "../../events.ts";
import { asList, asObject, asText } from "../../shape.ts";
import { callKey, reserve, settle } from "../money.ts";
import { charsOf } from "../size.ts";
import { type CallState, callOf, type SessionState, type TurnState } from "../state.ts";
import type { Handlers } from "./fold.ts";
import { say } from "./say.ts";

const statusBehind = { run: "waiting", ask: "asking", refused: "refused" } as const;

/** Once every call of a reply is done, the results join the conversation in the order of the calls. */
function settleReply(state: SessionState, turn: TurnState): void {
  if (turn.unprepared.length > 0 || turn.calls.some((call) => call.status !== "done")) return;
  for (const call of turn.calls) if (call.result !== null) say(state, call.result);
  turn.calls = [];
  turn.due = "model";
}

function callFrom(data: DurableEvents["tool_call"]): CallState {
  return {
    id: data.tool_call_id,
    tool: data.tool,
    arguments: data.arguments,
    onCrash: data.on_crash,
    touches: data.touches,
    title: data.title,
    timeoutMs: data.timeout_ms,
    status: statusBehind[data.gate.verdict],
    gate: data.gate,
    edited: false,
    preview: null,
    attempts: 0,
    starts: 0,
    result: null,
  };
}

/** Writes changed arguments back into the reply that made the call, so that the model sees what was really run. */
function rewriteCall(state: SessionState, data: DurableEvents["call_edited"]): void {
  const index = state.history.findLastIndex(
    (message) => message.role === "assistant" && message.calls.some((call) => call.id === data.tool_call_id),
  );
  const message = state.history[index];
  if (message?.role !== "assistant") return;
  const calls = message.calls.map((call) =>
    call.id === data.tool_call_id ? { ...call, arguments: data.arguments } : call,
  );
  const changed = { ...message, calls };
  state.history[index] = changed;
  state.chars += charsOf(changed) - charsOf(message);
  state.revision += 1;
}

/** The jobs of which a result says how they ended. */
function endedIn({ tool, data }: DurableEvents["tool_output"]): string[] {
  return tool === "hf_jobs" ? asList(asObject(data)?.ended).map(asText) : [];
}

export const foldCalls: Handlers<
  "tool_call" | "call_edited" | "tool_state_change" | "approval_required" | "rule_added" | "tool_output"
> = {
  tool_call(state, data) {
    const { turn } = state;
    if (turn === null) return;
    turn.unprepared = turn.unprepared.filter((call) => call.id !== data.tool_call_id);
    const call = callFrom(data);
    const at = turn.calls.findIndex((known) => known.id === call.id);
    // A call that was edited keeps its place among the others.
    if (at >= 0) turn.calls[at] = { ...call, edited: true };
    else turn.calls.push(call);
  },
  call_edited(state, data) {
    const call = callOf(state, data.tool_call_id);
    if (state.turn === null || call === undefined) return;
    call.status = "edited";
    state.turn.unprepared.push({ id: call.id, tool: call.tool, arguments: data.arguments });
    rewriteCall(state, data);
  },
  tool_state_change(state, data) {
    // Who interrupts a call that waits for a job does not want to go on paying for it.
    if (data.state === "cancelled") {
      for (const job of state.jobs.values()) {
        if (job.tool_call_id === data.tool_call_id && job.ended === null) job.toCancel = true;
      }
    }
    const call = callOf(state, data.tool_call_id);
    if (call === undefined || call.status === "done") return;
    if (data.state === "approved" && call.status === "approval") call.status = "waiting";
    if (data.state !== "running") return;
    call.status = "running";
    call.attempts += 1;
    call.starts += 1;
    if (data.reserved_micro_usd !== undefined) reserve(state.money, callKey(call.id), data.reserved_micro_usd);
  },
  approval_required(state, data) {
    for (const { tool_call_id, preview } of data.tools) {
      const call = callOf(state, tool_call_id);
      if (call?.status !== "asking") continue;
      call.status = "approval";
      call.preview = preview ?? null;
    }
  },
  rule_added(state, data) {
    state.sessionRules.push(data.rule);
  },
  tool_output(state, data) {
    for (const [path, hash] of Object.entries(data.files ?? {})) state.files.set(path, hash);
    if (data.untrusted !== undefined) state.tainted = data.untrusted;
    for (const id of endedIn(data)) {
      const job = state.jobs.get(id);
      if (job !== undefined) job.told = true;
    }
    const key = callKey(data.tool_call_id);
    if (state.money.open.has(key) || data.cost_usd !== undefined) settle(state.money, key, data.cost_usd ?? null, 0);
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
};
