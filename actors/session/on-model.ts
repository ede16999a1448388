// The turn machine: what comes of a model call, and of a compaction.
import type { CompactResult } from "../context/protocol.ts";
import type { DurableEvents, Failure, NewEvent } from "../events.ts";
import type { Reply } from "../llm/protocol.ts";
import type { SessionState } from "./state.ts";

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
export function callEnded(
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
