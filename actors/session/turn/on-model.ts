// The turn machine: what comes of a model call, and of a compaction.
import type { CompactResult, SummaryCall } from "../../context/protocol.ts";
import type { CallKind, CompactTrigger, Failure, NewEvent, Usage } from "../../events.ts";
import type { Probed, Reply } from "../../llm/protocol.ts";
import type { SessionState } from "../state.ts";
import { complete } from "./step.ts";

/** What helps where a conversation is too long for its model. */
const wayOut =
  "Start a new session, go on with a model that has a larger window, or switch off tools that are not needed (tools_off in the config): their descriptions take their share of each request.";

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
        ...(reply.assumedUsd === 0 ? {} : { assumed_usd: reply.assumedUsd }),
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

/** The books of a model call that brought no reply. `assumedUsd`: what it may have cost; null when nobody knows. */
export function callEnded(
  model: string,
  finish: "error" | "interrupted",
  { attempts, latencyMs, assumedUsd }: { attempts: number; latencyMs: number; assumedUsd: number | null },
  kind: CallKind = "main",
): NewEvent {
  return {
    type: "llm_call",
    data: {
      kind,
      model,
      latency_ms: latencyMs,
      first_token_ms: null,
      finish_reason: finish,
      attempts,
      cost_usd: assumedUsd === null ? null : 0,
      ...(assumedUsd === null || assumedUsd === 0 ? {} : { assumed_usd: assumedUsd }),
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

/** A model call that failed for good. `assumedUsd`: what its attempts may have cost; null when nobody knows. */
export interface ModelFailure extends Failure {
  attempts: number;
  latencyMs: number;
  assumedUsd: number | null;
}

/** Failures that say nothing against asking another model. */
const elsewhere = new Set([
  "LLM_RATE_LIMITED",
  "LLM_OVERLOADED",
  "LLM_SERVER_ERROR",
  "LLM_UNREACHABLE",
  "LLM_STREAM_BROKEN",
  "LLM_STALLED",
  "LLM_PAYMENT_REQUIRED",
]);

/** The model call has failed for good. `fallback`: the model that takes over in that case, where there is one. */
export function onModelFailed(state: SessionState, failure: ModelFailure, fallback: string | null = null): NewEvent[] {
  const call = callEnded(state.turn?.model ?? state.model, "error", failure);
  if (failure.code === "LLM_CONTEXT_OVERFLOW") return [call, onOverflow(state, failure)];
  if (failure.code === "LLM_BUDGET" && state.turn !== null)
    return [call, ...complete(state, state.turn, "budget", null).events];
  const mayMove = fallback !== null && fallback !== state.model && state.turn?.failedOver === false;
  if (mayMove && elsewhere.has(failure.code)) {
    return [call, { type: "model_changed", data: { model: fallback, reason: "failover" } }];
  }
  const { code, message, hint } = failure;
  return [call, { type: "error", data: { error: message, code, ...(hint === undefined ? {} : { hint }) } }];
}

function onOverflow(state: SessionState, failure: Failure): NewEvent {
  const error = failure.message;
  if ((state.turn?.overflows ?? maxOverflows) < maxOverflows) {
    return { type: "context_overflow", data: { error, window_tokens: windowIn(error) ?? windowBelow(state) } };
  }
  const user_message = `The conversation no longer fits into the model's context window. ${wayOut}`;
  return { type: "session_terminated", data: { reason: "context_overflow", error, user_message } };
}

/** The wanted model was tried and answers. */
export function onProbed(model: string, tried: Probed): NewEvent[] {
  const { facts, effort, note, usage, costUsd, attempts, latencyMs } = tried;
  return [
    bookOf("probe", model, usage, { costUsd, assumedUsd: 0, attempts, latencyMs }),
    {
      type: "model_probed",
      data: { model, facts, effort, latency_ms: latencyMs, ...(note === undefined ? {} : { note }) },
    },
  ];
}

/** The wanted model was tried and cannot be used. */
export function onProbeFailed(model: string, failure: ModelFailure): NewEvent[] {
  return [callEnded(model, "error", failure, "probe"), ...onNotTried(model, failure)];
}

/** The wanted model cannot be used, which is known without trying it. */
export function onNotTried(model: string, { code, message, hint }: Failure): NewEvent[] {
  return [{ type: "model_rejected", data: { model, code, message, ...(hint === undefined ? {} : { hint }) } }];
}

/** The user does not want to wait for the wanted model any longer. */
export function onTryStopped(state: SessionState): NewEvent[] {
  const { wanted, money } = state;
  if (wanted === null) return [];
  const failure = { attempts: 1, latencyMs: 0, assumedUsd: null };
  return [
    ...(money.open.has("probe") ? [callEnded(wanted.model, "interrupted", failure, "probe")] : []),
    ...summaryLost(state, "interrupted"),
    ...onNotTried(wanted.model, { code: "CANCELLED", message: "You stopped it before it had answered." }),
  ];
}

/** The books of a model call beside the turn. */
function bookOf(
  kind: CallKind,
  model: string,
  usage: Usage,
  cost: { costUsd: number | null; assumedUsd: number | null; attempts: number; latencyMs: number },
  finish: "stop" | "error" = "stop",
): NewEvent {
  const { costUsd, assumedUsd, attempts, latencyMs } = cost;
  const data = { kind, model, latency_ms: latencyMs, first_token_ms: null, finish_reason: finish, attempts };
  const assumed = assumedUsd === 0 ? {} : { assumed_usd: assumedUsd };
  return { type: "llm_call", data: { ...data, cost_usd: costUsd, ...assumed, ...usage } };
}

/** The books of one call for a summary. */
export function summaryBook({
  costUsd,
  assumedUsd,
  latencyMs,
  attempts,
  model,
  failed,
  ...usage
}: SummaryCall): NewEvent {
  const finish = failed ? "error" : "stop";
  return bookOf("summary", model, usage, { costUsd, assumedUsd, attempts, latencyMs }, finish);
}

/** The user has stopped a compaction of an idle session. What its model calls have cost, nobody will tell. */
export function onCompactStopped(state: SessionState): NewEvent[] {
  const data = { trigger: "manual" as const, code: "CANCELLED", message: "The compaction was stopped." };
  return [...summaryLost(state, "interrupted"), { type: "compact_failed", data }];
}

/** The books of a summary that nobody told the cost of; none when no model was asked. */
export function summaryLost(state: SessionState, finish: "error" | "interrupted" = "error"): NewEvent[] {
  if (!state.money.open.has("summary")) return [];
  return [callEnded(state.model, finish, { attempts: 1, latencyMs: 0, assumedUsd: null }, "summary")];
}

/** The conversation was made shorter. */
export function onCompacted(state: SessionState, result: CompactResult, trigger: CompactTrigger): NewEvent[] {
  return [
    ...result.calls.map(summaryBook),
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

/** What a compaction that failed has left. */
export interface CompactFailure {
  error: string;
  hint?: string;
  /** Model calls made, failed ones included; null when nobody tells. */
  calls: CompactResult["calls"] | null;
}

/**
 * The conversation could not be made shorter. Where that was the user's wish, it stays as it is; for another model's
 * sake alone, that model is given up; where it had to be, the session ends.
 */
export function onCompactFailed(state: SessionState, failure: CompactFailure, trigger: CompactTrigger): NewEvent[] {
  return [...failedBooks(state, failure), ...whatFollows(state, failure, trigger)];
}

/** The books of a compaction that failed. */
export function failedBooks(state: SessionState, { calls }: CompactFailure): NewEvent[] {
  return calls === null ? summaryLost(state) : calls.map(summaryBook);
}

function whatFollows(state: SessionState, { error, hint }: CompactFailure, trigger: CompactTrigger): NewEvent[] {
  if (trigger === "manual") {
    const advice = hint === undefined ? {} : { hint };
    return [{ type: "compact_failed", data: { trigger, code: "COMPACTION_FAILED", message: error, ...advice } }];
  }
  if (trigger === "switch" && state.wanted !== null) {
    const message = `The conversation cannot be made short enough for it: ${error}`;
    const hint = "Stay with the present model, or start a new session for the other.";
    return [{ type: "model_rejected", data: { model: state.wanted.model, code: "CONTEXT_TOO_SMALL", message, hint } }];
  }
  const userMessage = `The conversation does not fit into the model's context window and could not be made to fit. ${wayOut}`;
  return [{ type: "session_terminated", data: { reason: "compaction_failed", error, user_message: userMessage } }];
}
