import type { DurableEvents, Json, ModelFacts, NewEvent } from "../../actors/events.ts";
import type { Reply } from "../../actors/llm/protocol.ts";
import { apply, type JournalEvent } from "../../actors/session/fold/fold.ts";
import type { Verdict } from "../../actors/session/policy/types.ts";
import { callOf, emptyState, type SessionState } from "../../actors/session/state.ts";
import type { ContextLimits, TurnLimits } from "../../actors/session/turn/limits.ts";
import { next } from "../../actors/session/turn/next.ts";
import { onAsking, onPrepared, onToolSettled } from "../../actors/session/turn/on-calls.ts";
import { onUserInput } from "../../actors/session/turn/on-input.ts";
import { onReply } from "../../actors/session/turn/on-model.ts";
import type { Effect } from "../../actors/session/turn/step.ts";
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
    assumedUsd: 0,
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
export const wide: ContextLimits = window(1_000_000);

/** A window of so many tokens. */
export function window(tokens: number, part: Partial<ContextLimits> = {}): ContextLimits {
  return {
    ownWindow: tokens,
    assumedWindow: { other: tokens },
    triggerShare: 0.9,
    triggerMost: { other: tokens },
    overheadChars: 0,
    ...part,
  };
}

/** What is known of a model, unless a spec says otherwise: everything usual, and no price. */
export function facts(model: string, part: Partial<ModelFacts> = {}): ModelFacts {
  const known = { context_tokens: null, price: null, tools: true, max_output_tokens: 1_000, as_of: null };
  return { model, ...known, source: "unknown", ...part };
}

/** The turn machine without any actor: events go straight into the fold. */
export function machine(given: Partial<TurnLimits> = {}) {
  const limits: TurnLimits = {
    maxIterations: 300,
    parallelTools: 8,
    context: wide,
    fallbackModel: null,
    allowUnknownPrice: false,
    ...given,
  };
  const state: SessionState = emptyState();
  const log: NewEvent[] = [];
  const underWay = new Set<string>();
  const record = (events: readonly NewEvent[]) => {
    for (const event of events) {
      log.push(event);
      apply(state, { ...event, seq: log.length, ts: 0 } as JournalEvent);
    }
  };
  /** States what follows by itself and returns the effects that are due then. People see calls without a preview. */
  const settle = (): Effect[] => {
    for (;;) {
      const step = next(state, underWay, limits);
      if ("events" in step) record(step.events);
      else if (step.effects.some((effect) => effect.kind === "preview")) {
        const asking = state.turn?.calls.filter((call) => call.status === "asking") ?? [];
        record(onAsking(asking, new Map()));
      } else return step.effects.filter((effect) => !underWay.has(effect.key));
    }
  };
  record([
    { type: "session_started", data: { version: 1, cwd: "/w", model: "m", created_by: "spec" } },
    { type: "model_facts", data: facts("m") },
  ]);
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

/** A policy that lets everything run. */
export const allowed = (): Verdict => verdict("allow");
/** What a policy says. */
export const verdict = (kind: Verdict["verdict"], part: Partial<Verdict> = {}): Verdict => ({
  verdict: kind,
  reason: "",
  rule: "spec",
  always: false,
  sessionRule: null,
  source: null,
  ...part,
});
/** A call as a model asks for it. */
export const call = (id: string, args: Json = {}) => ({ id, tool: "bash", arguments: args });

/** A machine in which the user has spoken and the model is due. */
export function begun(limits?: Parameters<typeof machine>[0]) {
  const m = machine(limits);
  m.record(onUserInput(m.state, "do it", "i1", "input"));
  m.settle();
  return m;
}

export type Machine = ReturnType<typeof machine>;

/** The model answers; what is due then. */
export function answer(m: Machine, part: Partial<Reply>) {
  m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
  m.record(onReply(m.state, reply(part)));
  return m.settle();
}

/** The calls were checked; what is due then. */
export function prepare(m: Machine, calls: Prepared[], verdict = allowed, approval: "ask" | "auto" | "deny" = "ask") {
  m.record(onPrepared(m.state, calls, verdict, approval));
  return m.settle();
}

/** A call comes back; what is due then. */
export function finish(m: Machine, id: string, text: string, ok = true) {
  const found = callOf(m.state, id);
  if (found === undefined) throw new Error(`no call ${id}`);
  m.record(onToolSettled(found, { kind: "result", result: { text, ok } }, 1));
  return m.settle();
}

/** The terminal events of calls so far. */
export function outputs(m: Machine): DurableEvents["tool_output"][] {
  return m.log.flatMap((event) => (event.type === "tool_output" ? [event.data] : []));
}

/** How the turn that has just ended was completed. */
export function end(m: Machine): DurableEvents["turn_complete"] {
  const event = m.last();
  if (event?.type !== "turn_complete") throw new Error(`the turn has not ended but ${event?.type}`);
  return event.data;
}
