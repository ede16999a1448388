// What the specs of the model share: events by hand, and what must hold of every model.
import { expect } from "chai";
import { type Events, type EventType, isDurable, type SessionEvent } from "../../../actors/events.ts";
import { weightOf } from "../../../tui/screen/model/blocks.ts";
import { maxBlocks, maxWhole } from "../../../tui/screen/model/draft.ts";
import type { Input } from "../../../tui/screen/model/inputs.ts";
import { logLines } from "../../../tui/screen/model/log.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";

/** Makes events as the bus numbers them. */
export function recorder(): { events: SessionEvent[]; say: <T extends EventType>(type: T, data: Events[T]) => void } {
  const events: SessionEvent[] = [];
  let seq = 0;
  return {
    events,
    say(type, data) {
      if (isDurable(type)) seq += 1;
      events.push({ type, seq, ts: 1_000 + events.length * 10, session_id: "s1", data } as SessionEvent);
    },
  };
}

/** Events as inputs. */
export function inputsOf(events: readonly SessionEvent[]): Input[] {
  return events.map((event) => ({ kind: "event", event }));
}

/** The model of these events, one batch each. */
export function modelOf(events: readonly SessionEvent[], before: Model = emptyModel()): Model {
  return inputsOf(events).reduce((model, input) => reduce(model, [input]), before);
}

/** The model of events by hand. */
export function told(tell: (say: ReturnType<typeof recorder>["say"]) => void, before: Model = emptyModel()): Model {
  const { events, say } = recorder();
  tell(say);
  return reduce(before, inputsOf(events));
}

/** The blocks of a kind. */
export function blocksOf<K extends Model["blocks"][number]["kind"]>(model: Model, kind: K) {
  type Block = Extract<Model["blocks"][number], { kind: K }>;
  return model.blocks.filter((block): block is Block => block.kind === kind);
}

/** What the journal alone determines: everything but what was never on record, and the numbers of blocks. */
export function onRecord(model: Model) {
  const { live: _, asking, notifications, nextNotification, nextBlock, weight, whole, dropped, ...rest } = model;
  const blocks = model.blocks
    .filter(({ durable }) => durable)
    .map(({ id, version, ...block }) => (block.kind === "call" ? { ...block, progress: 0, silentMs: 0 } : block));
  const jobs = model.jobs.map(({ id, state, exitCode, title, startedAt }) => ({
    id,
    state,
    exitCode,
    title,
    startedAt,
  }));
  const call = asking === null ? null : { kind: asking.kind, model: asking.model, startedAt: asking.startedAt };
  return { ...rest, session: { ...rest.session, ready: false }, blocks, jobs, asking: call };
}

/** The model without what counts changes or names the time of the newest piece of output. */
export function shown(model: Model) {
  const blocks = model.blocks.map((block) => {
    const { version: _, ...rest } = block;
    return rest.kind === "thinking" ? { ...rest, durationMs: 0 } : rest;
  });
  const jobs = model.jobs.map(({ version: _, heardAt: __, ...job }) => job);
  return { ...model, blocks, jobs };
}

/** Throws unless a model is one that views can rely on. */
export function expectValid(model: Model): void {
  const ids = model.blocks.map(({ id }) => id);
  expect(new Set(ids).size).to.equal(ids.length);
  expect(Math.max(0, ...ids)).to.be.below(model.nextBlock);
  expect(model.blocks.length).to.be.at.most(maxBlocks);
  expect(model.weight).to.equal(model.blocks.reduce((sum, block) => sum + weightOf(block), 0));
  expect(model.whole.length).to.be.at.most(maxWhole);
  const live = model.blocks.filter((block) => block.kind === "assistant" && /live|written/.test(block.state));
  expect(live.map(({ id }) => id)).to.deep.equal(model.live.text === null ? [] : [model.live.text]);
  for (const { tool_call_id: id } of model.questions) {
    const call = model.blocks.findLast((block) => block.kind === "call" && block.callId === id);
    expect(call?.kind === "call" && call.status).to.equal("approval");
  }
  for (const job of model.jobs) expect(job.log.lines.length).to.be.at.most(logLines);
}

/** A model call that cost so much. */
export function llmCall(cost_usd: number | null): Events["llm_call"] {
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  const cache = { cache_read_tokens: 60, cache_creation_tokens: null };
  const about = { kind: "main" as const, model: "m/x", latency_ms: 5, first_token_ms: 1, attempts: 1 };
  return { ...about, ...usage, ...cache, finish_reason: "stop", cost_usd };
}

/** A call of bash on record. */
export function callOf(id: string, asks = false): Events["tool_call"] {
  return {
    tool: "bash",
    arguments: { command: `run ${id}` },
    tool_call_id: id,
    on_crash: "adopt",
    touches: [{ kind: "run", path: "/w" }],
    title: `Run ${id}`,
    timeout_ms: 1_000,
    gate: asks ? { verdict: "ask", reason: "it runs code" } : { verdict: "run" },
  };
}

/** The end of a call. */
export function outputOf(
  id: string,
  output: string,
  outcome: Events["tool_output"]["outcome"] = "done",
  duration_ms = 20,
): Events["tool_output"] {
  return { tool: "bash", tool_call_id: id, output, success: outcome === "done", outcome, duration_ms };
}

/** Begins a session with a turn whose model call is under way. */
export function begin(say: ReturnType<typeof recorder>["say"], text = "Go"): void {
  say("session_started", { version: 1, cwd: "/w", model: "m/x", created_by: "spec" });
  say("process_started", { epoch: 1, pid: 1 });
  say("user_message", { content: text, input_id: "i1", via: "input", queued: false });
  say("processing", { message: text, turn: 1, input_id: "i1" });
  say("llm_started", { iteration: 1, model: "m/x" });
}

/** A reply on record, with calls of bash. */
export function message(content: string, calls: string[] = []): Events["assistant_message"] {
  const tool_calls = calls.map((id) => ({ id, tool: "bash", arguments: {} }));
  return { content, tool_calls, finish_reason: calls.length > 0 ? "tool_calls" : "stop", model: "m/x" };
}

/** The end of a turn that is done. */
export const turnEnd: Events["turn_complete"] = {
  history_size: 2,
  final_response: "x",
  reason: "done",
  iterations: 1,
  denied: 0,
};

/** One event as an input. */
export function event<T extends keyof Events>(type: T, seq: number, data: Events[T]) {
  return { kind: "event", event: { type, seq, ts: 9_000, session_id: "s1", data } } as never;
}
