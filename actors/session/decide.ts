// The turn machine, first half: what happens to the session when something comes in from outside. Each function looks
// at the state and the input and returns the events that state it; the fold then carries them into the state.
import type { CompactResult } from "../context/protocol.ts";
import type { DurableEvents, Failure, Gate, Json, NewEvent } from "../events.ts";
import type { Reply } from "../llm/protocol.ts";
import type { ApprovalDecision } from "../operations.ts";
import type { Prepared, ToolResult } from "../tools/protocol.ts";
import type { Verdict } from "./policy.ts";
import { type CallState, callOf, type SessionState, type TurnState } from "./state.ts";

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
      data: { content: text, input_id: inputId, via: joins, queued: state.turn !== null || state.queue.length > 0 },
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
  // The one that was asked: the user may have chosen another meanwhile.
  const model = state.turn?.model ?? state.model;
  const events: NewEvent[] = [
    {
      type: "llm_call",
      data: {
        kind: "main",
        model,
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
        model,
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

/** The books of a model call that brought no reply. */
function callEnded(
  model: string,
  finish: "error" | "interrupted",
  { attempts, latencyMs }: { attempts: number; latencyMs: number },
): NewEvent {
  return {
    type: "llm_call",
    data: {
      kind: "main",
      model,
      latency_ms: latencyMs,
      first_token_ms: null,
      finish_reason: finish,
      attempts,
      cost_usd: null,
      prompt_tokens: null,
      completion_tokens: null,
      total_tokens: null,
      cache_read_tokens: null,
      cache_creation_tokens: null,
    },
  };
}

/** Compactions in one turn after which a conversation that still does not fit ends it. */
const maxOverflows = 2;

/** The window that a provider's refusal names: the smaller of two numbers where it also says what was sent. */
function windowIn(text: string): number | null {
  const numbers = [...text.matchAll(/\b\d{4,8}\b/g)].map(([digits]) => Number(digits));
  return numbers.length === 0 ? null : Math.min(...numbers);
}

/** A window that is certainly too small for what was refused, when the refusal names none. */
function windowBelow(state: SessionState): number {
  return Math.max(2_000, Math.floor((state.measured?.tokens ?? state.chars / 4) * 0.8));
}

/** The model call has failed for good. */
export function onModelFailed(
  state: SessionState,
  failure: Failure & { attempts: number; latencyMs: number },
): NewEvent[] {
  const call = callEnded(state.turn?.model ?? state.model, "error", failure);
  if (failure.code === "LLM_CONTEXT_OVERFLOW" && (state.turn?.overflows ?? maxOverflows) < maxOverflows) {
    return [
      call,
      {
        type: "context_overflow",
        data: { error: failure.message, window_tokens: windowIn(failure.message) ?? windowBelow(state) },
      },
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

const forbiddenText =
  "Refused: you have just been told not to use this tool in this reply, because the same calls kept giving the same results. Do something else first.";

/** What the policy and this run's way with approvals make of a call. */
function gateOf({ verdict, reason }: Verdict, approval: "ask" | "auto" | "deny", isForbidden: boolean): Gate {
  if (isForbidden) return { verdict: "refused", outcome: "forbidden", text: forbiddenText };
  if (verdict === "deny") {
    const text = `Refused by the policy: ${reason}. Find another way that does not need it.`;
    return { verdict: "refused", outcome: "forbidden", text };
  }
  if (verdict === "allow" || approval === "auto") return { verdict: "run" };
  if (approval === "ask") return { verdict: "ask", reason };
  const text = `Not run: it needs an approval that is not given in this run (${reason}).`;
  return { verdict: "refused", outcome: "denied", text };
}

/** The calls of a reply were checked and judged: each is on record with its verdict, and what follows, follows from it. */
export function onPrepared(
  state: SessionState,
  prepared: readonly Prepared[],
  verdictOf: (call: Extract<Prepared, { ok: true }>) => Verdict,
  approval: "ask" | "auto" | "deny",
): NewEvent[] {
  return prepared.map((call): NewEvent => {
    if (!call.ok) {
      const raw = state.turn?.unprepared.find((candidate) => candidate.id === call.id)?.arguments ?? null;
      return notToRun({ ...call, arguments: raw }, "invalid", call.error);
    }
    return {
      type: "tool_call",
      data: {
        tool: call.tool,
        arguments: call.arguments,
        tool_call_id: call.id,
        on_crash: call.onCrash,
        touches: call.touches,
        title: call.title,
        timeout_ms: call.timeoutMs,
        gate: gateOf(verdictOf(call), approval, state.turn?.forbidden === call.tool),
      },
    };
  });
}

/** Puts a call on record that cannot be run. */
function notToRun(
  call: { id: string; tool: string; arguments: Json },
  outcome: "denied" | "invalid",
  text: string,
): NewEvent {
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
      gate: { verdict: "refused", outcome, text },
    },
  };
}

/** The terminal event of a call that was refused. */
export function onRefused(call: CallState): NewEvent[] {
  if (call.gate.verdict !== "refused") return [];
  return [output(call, call.gate.outcome, call.gate.text, 0)];
}

/** Asks a person about calls. */
export function onAsking(calls: readonly CallState[]): NewEvent[] {
  const tools = calls.map((call) => ({
    tool: call.tool,
    arguments: call.arguments,
    tool_call_id: call.id,
    title: call.title,
    reason: call.gate.verdict === "ask" ? call.gate.reason : "",
  }));
  return [{ type: "approval_required", data: { tools, count: tools.length } }];
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
  const { text, ok, data, files, images, plan, outcome } = settled.result;
  const rest = {
    ...(data === undefined ? {} : { data }),
    ...(files === undefined ? {} : { files }),
    ...(images === undefined ? {} : { images }),
  };
  const events: NewEvent[] = [output(call, outcome ?? (ok ? "done" : "failed"), text, durationMs, rest)];
  if (plan !== undefined) events.unshift({ type: "plan_update", data: { plan } });
  return events;
}

/** A call was lost with the process or the actor that ran it, and may not be run again. */
export function onCallLost(call: CallState): NewEvent[] {
  const text =
    call.onCrash === "pure" || call.onCrash === "keyed"
      ? "Failed: the program's tool executor died each time that this call ran."
      : "Unknown outcome: the program was interrupted while this call ran. It may or may not have taken effect. Check first, before you repeat it.";
  return [output(call, call.onCrash === "effect" || call.onCrash === "probe" ? "unknown" : "failed", text, 0)];
}

/** The user says stop. What the model had written so far is kept. */
export function onInterrupt(state: SessionState, reason: "user" | "signal", written: string): NewEvent[] {
  const turn = state.turn;
  if (turn === null || turn.interrupting !== null) return [];
  const calling = turn.due === "model" && turn.modelStarts > 0;
  const call = calling ? [callEnded(turn.model, "interrupted", { attempts: turn.modelStarts, latencyMs: 0 })] : [];
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
    if (call.status === "done") continue;
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
