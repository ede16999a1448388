import type { Events, EventType, SessionEvent, Usage } from "../../actors/events.ts";

/** Makes events of a session, numbered as they are made. */
export function eventMaker(): <T extends EventType>(type: T, data: Events[T]) => SessionEvent {
  let seq = 0;
  return (type, data) => ({ type, seq: ++seq, ts: 1_000 + seq, session_id: "s1", data }) as SessionEvent;
}

/** The data of a model call. */
export function modelCall(cost: number | null = 0.5, usage: Partial<Usage> = {}): Events["llm_call"] {
  return {
    kind: "main",
    model: "m/x",
    latency_ms: 1,
    first_token_ms: 1,
    finish_reason: "stop",
    attempts: 1,
    cost_usd: cost,
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 15,
    cache_read_tokens: null,
    cache_creation_tokens: null,
    ...usage,
  };
}

/** The data of a call on record. */
export function toolCall(id: string, title: string, kind: "run" | "read" = "read", tool = "bash"): Events["tool_call"] {
  return {
    tool,
    arguments: {},
    tool_call_id: id,
    on_crash: "pure",
    touches: [{ kind, path: "/w" }],
    title,
    timeout_ms: 1_000,
    gate: { verdict: "run" },
  };
}

/** The data of a call's end. */
export function toolOutput(
  id: string,
  outcome: Events["tool_output"]["outcome"],
  output = "",
  tool = "bash",
): Events["tool_output"] {
  return { tool, tool_call_id: id, output, success: outcome === "done", outcome, duration_ms: 1_200 };
}

/** The data of a turn's end. */
export function turnEnd(
  reason: Events["turn_complete"]["reason"] = "done",
  final: string | null = "The answer.",
  denied = 0,
): Events["turn_complete"] {
  return { history_size: 2, final_response: final, reason, iterations: 1, denied };
}
