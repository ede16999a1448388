import type { NewEvent } from "../../actors/events.ts";
import type { Reply } from "../../actors/llm/protocol.ts";
import { apply, type JournalEvent } from "../../actors/session/fold.ts";
import { type Effect, next, type TurnLimits } from "../../actors/session/next.ts";
import { emptyState, type SessionState } from "../../actors/session/state.ts";
import type { Prepared } from "../../actors/tools/protocol.ts";

/** A reply of a model with nothing in it but what a spec says. */
export function reply(part: Partial<Reply> = {}): Reply {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 15,
    cache_read_tokens: 0,
    cache_creation_tokens: 0,
  };
  const calls = part.calls ?? [];
  return {
    text: "",
    calls,
    finish: calls.length > 0 ? "tool_calls" : "stop",
    usage,
    costUsd: 0,
    answeredBy: "scripted",
    attempts: 1,
    latencyMs: 1,
    firstTokenMs: 1,
    ...part,
  };
}

/** A checked call that is safe to repeat and touches nothing, unless a spec says otherwise. */
export function prepared(id: string, part: Partial<Extract<Prepared, { ok: true }>> = {}): Prepared {
  return {
    ok: true,
    id,
    tool: "bash",
    arguments: {},
    onCrash: "pure",
    touches: [],
    title: id,
    timeoutMs: 1000,
    ...part,
  };
}

/** A window that no spec fills. */
export const wide = { windowTokens: 1_000_000, triggerShare: 0.9, triggerMost: 1_000_000, overheadChars: 0 };

/** The turn machine without any actor: events go straight into the fold. */
export function machine(given: Partial<TurnLimits> = {}) {
  const limits: TurnLimits = { maxIterations: 300, parallelTools: 8, context: wide, ...given };
  const state: SessionState = emptyState();
  const log: NewEvent[] = [];
  const underWay = new Set<string>();
  const record = (events: readonly NewEvent[]) => {
    for (const event of events) {
      log.push(event);
      apply(state, { ...event, seq: log.length, ts: 0 } as JournalEvent);
    }
  };
  /** States what follows by itself and returns the effects that are due then. */
  const settle = (): Effect[] => {
    for (;;) {
      const step = next(state, underWay, limits);
      if ("effects" in step) return step.effects.filter((effect) => !underWay.has(effect.key));
      record(step.events);
    }
  };
  record([{ type: "session_started", data: { version: 1, cwd: "/w", model: "m", created_by: "spec" } }]);
  return {
    state,
    log,
    underWay,
    record,
    settle,
    types: () => log.map((event) => event.type),
    last: () => log[log.length - 1],
    /** Marks a call as started, as the driver does before it runs it. */
    started(id: string) {
      const data = { tool_call_id: id, tool: "bash", state: "running" as const };
      record([{ type: "tool_state_change", data }]);
    },
  };
}
