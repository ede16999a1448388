// The turn machine, first half: what happens to the session when something comes in from outside. Each function looks
// at the state and the input and returns the events that state it; the fold then carries them into the state.

import type { CompactResult } from "../context/protocol.ts";
import type { DurableEvents, Failure, Json, NewEvent } from "../events.ts";
import type { Reply } from "../llm/protocol.ts";
import type { ApprovalDecision } from "../operations.ts";
import type { Prepared, ToolResult } from "../tools/protocol.ts";
import type { Verdict } from "./policy.ts";
import { type CallState, callOf, type SessionState } from "./state.ts";

type Outcome = DurableEvents["tool_output"]["outcome"];

/** How a call that had started came back. */
export type Settled =
  | { kind: "result"; result: ToolResult }
  | { kind: "timeout"; afterMs: number }
  | { kind: "failed"; failure: Failure };

function output(
  call: { id: string; tool: string },
  outcome: Outcome,
  text: string,
  durationMs: number,
  rest: Partial<Pick<DurableEvents["tool_output"], "data" | "files" | "images">> = {},
): NewEvent {
  return {
    type: "tool_output",
    data: {
      tool: call.tool,
      tool_call_id: call.id,
      output: text,
      success: outcome === "done",
      outcome,
      duration_ms: durationMs,
      ...rest,
    },
  };
}

/** Text of the user's arrives. Calls that wait for an approval are given up: the user went on without them. */
export function onUserInput(state: SessionState, text: string, inputId: string, via: "input" | "steer"): NewEvent[] {
  const waiting = state.turn?.calls.filter((call) => call.status === "approval") ?? [];
  const joins = waiting.length > 0 ? "steer" : via;
  return [
    {
      type: "user_message",
      data: { content: text, input_id: inputId, via: joins, queued: state.turn !== null },
    },
    ...waiting.flatMap((call): NewEvent[] => [
      { type: "tool_state_change", data: { tool_call_id: call.id, tool: call.tool, state: "abandoned" } },
      output(call, "denied", "Not run: the user sent a new message instead of approving this call.", 0),
    ]),
  ];
}

/** Gives every call an id that the session has not used: some servers count from one again in each reply. */
function uniqueCalls(state: SessionState, calls: Reply["calls"]): Reply["calls"] {
  const taken = new Set<string>();
  return calls.map((call) => {
    let id = call.id;
    for (let n = 2; taken.has(id) || state.callIds.has(id); n++) id = `${call.id}x${n}`;
    taken.add(id);
    return { ...call, id };
  });
}

/** The model has answered. Calls of a reply that was cut off are not to be trusted: they are dropped and said so. */
export function onReply(state: SessionState, reply: Reply): NewEvent[] {
  const cutOff = reply.finish === "truncated" && reply.calls.length > 0;
  const events: NewEvent[] = [
    {
      type: "llm_call",
      data: {
        kind: "main",
        model: state.model,
        latency_ms: reply.latencyMs,
        first_token_ms: reply.firstTokenMs,
        finish_reason: reply.finish,
        attempts: reply.attempts,
        cost_usd: reply.costUsd,
        ...reply.usage,
      },
    },
    {
      type: "assistant_message",
      data: {
        content: reply.text,
        tool_calls: cutOff ? [] : uniqueCalls(state, reply.calls),
        finish_reason: reply.finish,
        model: state.model,
        ...(reply.native === undefined || cutOff ? {} : { native: reply.native }),
      },
    },
  ];
  if (cutOff) {
    const names = reply.calls.map((call) => call.tool).join(", ");
    events.push({
      type: "notice",
      data: {
        reason: "truncated_calls",
        content:
          `Your reply reached the output limit, so its tool calls (${names}) were cut off and none was run. ` +
          "Do it in smaller pieces: write a long file in parts with several write and edit calls, each well below the limit.",
      },
    });
  }
  return events;
}

/** Compactions in one turn after which a conversation that still does not fit ends it. */
const maxOverflows = 2;

/** The window that a provider's refusal names: the smaller of two numbers where it also says what was sent. */
function windowIn(text: string): number | null {
  const numbers = [...text.matchAll(/\b\d{4,8}\b/g)].map(([digits]) => Number(digits));
  return numbers.length === 0 ? null : Math.min(...numbers);
}

/** The model call has failed for good. */
export function onModelFailed(
  state: SessionState,
  failure: Failure & { attempts: number; latencyMs: number },
): NewEvent[] {
  const call: NewEvent = {
    type: "llm_call",
    data: {
      kind: "main",
      model: state.model,
      latency_ms: failure.latencyMs,
      first_token_ms: null,
      finish_reason: "error",
      attempts: failure.attempts,
      cost_usd: null,
      prompt_tokens: null,
      completion_tokens: null,
      total_tokens: null,
      cache_read_tokens: null,
      cache_creation_tokens: null,
    },
  };
  if (failure.code === "LLM_CONTEXT_OVERFLOW" && (state.turn?.overflows ?? maxOverflows) < maxOverflows) {
    return [
      call,
      { type: "context_overflow", data: { error: failure.message, window_tokens: windowIn(failure.message) } },
    ];
  }
  if (failure.code === "LLM_CONTEXT_OVERFLOW") {
    const userMessage =
      "The conversation no longer fits into the model's context window. Start a new session, or go on with a model that has a larger window.";
    return [
      call,
      {
        type: "session_terminated",
        data: { reason: "context_overflow", error: failure.message, user_message: userMessage },
      },
    ];
  }
  const { code, message, hint } = failure;
  return [call, { type: "error", data: { error: message, code, ...(hint === undefined ? {} : { hint }) } }];
}

/** The calls of a reply were checked and judged. A call that is refused here gets its terminal event at once. */
export function onPrepared(
  state: SessionState,
  prepared: readonly Prepared[],
  verdictOf: (call: Extract<Prepared, { ok: true }>) => Verdict,
  approval: "ask" | "auto" | "deny",
): NewEvent[] {
  const events: NewEvent[] = [];
  const asking: DurableEvents["approval_required"]["tools"] = [];
  for (const call of prepared) {
    if (!call.ok) {
      const raw = state.turn?.unprepared.find((candidate) => candidate.id === call.id)?.arguments ?? null;
      events.push(onRecord({ ...call, arguments: raw }), output(call, "invalid", call.error, 0));
      continue;
    }
    events.push({
      type: "tool_call",
      data: {
        tool: call.tool,
        arguments: call.arguments,
        tool_call_id: call.id,
        on_crash: call.onCrash,
        touches: call.touches,
        title: call.title,
        timeout_ms: call.timeoutMs,
      },
    });
    const { verdict, reason } = verdictOf(call);
    if (verdict === "deny") {
      events.push(
        output(call, "forbidden", `Refused by the policy: ${reason}. Find another way that does not need it.`, 0),
      );
    } else if (verdict === "ask" && approval === "deny") {
      events.push(
        output(call, "denied", `Not run: it needs an approval that is not given in this run (${reason}).`, 0),
      );
    } else if (verdict === "ask" && approval === "auto") {
      events.push({ type: "tool_state_change", data: { tool_call_id: call.id, tool: call.tool, state: "approved" } });
    } else if (verdict === "ask") {
      asking.push({ tool: call.tool, arguments: call.arguments, tool_call_id: call.id, title: call.title, reason });
    }
  }
  if (asking.length > 0) events.push({ type: "approval_required", data: { tools: asking, count: asking.length } });
  return events;
}

/** Puts a call on record that will not be run. */
function onRecord(call: { id: string; tool: string; arguments: Json }): NewEvent {
  return {
    type: "tool_call",
    data: {
      tool: call.tool,
      arguments: call.arguments,
      tool_call_id: call.id,
      on_crash: "pure",
      touches: [],
      title: call.tool,
      timeout_ms: 0,
    },
  };
}

/** A person has answered. Answers to calls that do not wait are passed over; calls without an answer go on waiting. */
export function onApprovals(state: SessionState, decisions: readonly ApprovalDecision[]): NewEvent[] {
  return decisions.flatMap((decision): NewEvent[] => {
    const call = callOf(state, decision.tool_call_id);
    if (call?.status !== "approval") return [];
    const change = (to: "approved" | "rejected"): NewEvent => ({
      type: "tool_state_change",
      data: { tool_call_id: call.id, tool: call.tool, state: to },
    });
    if (decision.approved) return [change("approved")];
    const words = decision.feedback ? ` They said: ${decision.feedback}` : "";
    return [change("rejected"), output(call, "denied", `Not run: the user refused this call.${words}`, 0)];
  });
}

/** A started call has come back. */
export function onToolSettled(call: CallState, settled: Settled, durationMs: number): NewEvent[] {
  if (settled.kind === "timeout") {
    const seconds = Math.round(settled.afterMs / 1000);
    return [output(call, "timeout", `Stopped: the call took longer than its limit of ${seconds} s.`, durationMs)];
  }
  if (settled.kind === "failed") {
    const { message, hint } = settled.failure;
    return [output(call, "failed", hint === undefined ? message : `${message} ${hint}`, durationMs)];
  }
  const { text, ok, data, files, images, plan } = settled.result;
  const rest = {
    ...(data === undefined ? {} : { data }),
    ...(files === undefined ? {} : { files }),
    ...(images === undefined ? {} : { images }),
  };
  const events: NewEvent[] = [output(call, ok ? "done" : "failed", text, durationMs, rest)];
  if (plan !== undefined) events.unshift({ type: "plan_update", data: { plan } });
  return events;
}

/** A call was lost with the process or the actor that ran it, and may not be run again. */
export function onCallLost(call: CallState): NewEvent[] {
  const text =
    call.onCrash === "pure" || call.onCrash === "keyed" || call.onCrash === "adopt"
      ? "Failed: the tool's process died each time that it tried this call."
      : "Unknown outcome: the program was interrupted while this call ran. It may or may not have taken effect. Check first, before you repeat it.";
  return [output(call, call.onCrash === "effect" || call.onCrash === "probe" ? "unknown" : "failed", text, 0)];
}

/**
 * Ends the running turn. Results that are there stay; what runs is cut off; what the model had written so far is kept.
 */
export function onInterrupt(state: SessionState, reason: "user" | "signal", written: string): NewEvent[] {
  const turn = state.turn;
  if (turn === null) return [];
  const events: NewEvent[] = [];
  if (turn.due === "model" && turn.modelStarts > 0) {
    events.push({
      type: "llm_call",
      data: {
        kind: "main",
        model: state.model,
        latency_ms: 0,
        first_token_ms: null,
        finish_reason: "interrupted",
        attempts: turn.modelStarts,
        cost_usd: null,
        prompt_tokens: null,
        completion_tokens: null,
        total_tokens: null,
        cache_read_tokens: null,
        cache_creation_tokens: null,
      },
    });
    if (written !== "") {
      events.push({
        type: "assistant_message",
        data: { content: written, tool_calls: [], finish_reason: "unknown", model: state.model },
      });
    }
  }
  for (const call of turn.unprepared) {
    events.push(onRecord(call), output(call, "cancelled", "Not run: the user interrupted the turn.", 0));
  }
  for (const call of turn.calls) {
    if (call.status === "done") continue;
    const started = call.status === "running";
    if (started) {
      events.push({ type: "tool_state_change", data: { tool_call_id: call.id, tool: call.tool, state: "cancelled" } });
    }
    const text = started
      ? "Interrupted by the user while it ran: it was stopped and may have done a part of its work."
      : "Not run: the user interrupted the turn.";
    events.push(output(call, "cancelled", text, 0));
  }
  events.push({ type: "interrupted", data: { reason } });
  return events;
}

/** The conversation was made shorter. */
export function onCompacted(
  state: SessionState,
  result: CompactResult,
  trigger: DurableEvents["compacted"]["trigger"],
): NewEvent[] {
  const calls = result.calls.map(
    ({ costUsd, latencyMs, attempts, model, ...usage }): NewEvent => ({
      type: "llm_call",
      data: {
        kind: "summary",
        model,
        latency_ms: latencyMs,
        first_token_ms: null,
        finish_reason: "stop",
        attempts,
        cost_usd: costUsd,
        ...usage,
      },
    }),
  );
  return [
    ...calls,
    {
      type: "compacted",
      data: {
        trigger,
        old_tokens: result.oldTokens,
        new_tokens: result.newTokens,
        prefix: result.prefix,
        keep_from: result.keepFrom,
        summary: result.summary,
        by: result.by,
        messages_before: state.history.length,
        messages_after: state.history.length - result.keepFrom + result.prefix.length,
      },
    },
  ];
}

/** The conversation could not be made shorter. */
export function onCompactFailed(error: string): NewEvent[] {
  const userMessage =
    "The conversation does not fit into the model's context window and could not be made to fit. Start a new session, or go on with a model that has a larger window.";
  return [{ type: "session_terminated", data: { reason: "compaction_failed", error, user_message: userMessage } }];
}

/** Takes back the newest turn. */
export function onUndo(state: SessionState): NewEvent[] {
  const inputId = state.marks.at(-1)?.inputId ?? null;
  return [{ type: "undo_complete", data: { turns: inputId === null ? 0 : 1, input_id: inputId } }];
}
