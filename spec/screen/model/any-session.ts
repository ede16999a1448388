// Sessions by chance, for properties that hold of all of them.
import type { SessionEvent } from "../../../actors/events.ts";
import { randomFrom } from "../../support/random.ts";
import { callOf, llmCall, outputOf, recorder } from "./recording.ts";

/** A session by chance, as the agent could have told it; `pieces` of text and logs are cut anywhere. */
export function anySession(seed: number, turns = 6): SessionEvent[] {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const { events, say } = recorder();
  let calls = 0;

  function stream(text: string): void {
    for (let at = 0; at < text.length; ) {
      const size = 1 + below(9);
      say("assistant_chunk", { content: text.slice(at, at + size) });
      at += size;
      if (below(6) === 0) say("thinking_chunk", { content: "hm " });
      if (below(12) === 0) say("actor_restarted", { actor: "tools", reason: "gone", epoch: 2 });
    }
  }

  function reply(iteration: number, wanted: number): void {
    say("llm_started", { iteration, model: "m/x" });
    if (below(3) === 0) say("llm_waiting", { elapsed_ms: 10_000 });
    if (below(3) === 0) say("thinking_chunk", { content: "let me see" });
    const text = below(5) === 0 ? "" : `Reply ${iteration} of ${seed}: é, 中文, 🎉 and so on.\n`;
    if (below(4) === 0) {
      stream("void");
      say("assistant_stream_end", { retracted: true });
    }
    stream(text);
    if (text !== "") say("assistant_stream_end", { retracted: false });
    const unsaid = below(3) === 0 ? { prompt_tokens: null, completion_tokens: null, total_tokens: null } : {};
    say("llm_call", { ...llmCall(below(2) === 0 ? 0.01 : null), ...unsaid });
    const made = Array.from({ length: wanted }, () => ({ id: `c${++calls}`, tool: "bash", arguments: { n: calls } }));
    const finish_reason = wanted > 0 ? "tool_calls" : "stop";
    say("assistant_message", { content: text, tool_calls: made, finish_reason, model: "m/x" });
    for (const { id } of made) run(id);
  }

  function run(id: string): void {
    const asks = below(3) === 0;
    say("tool_call", callOf(id, asks));
    if (asks) {
      const tools = [{ tool: "bash", arguments: {}, tool_call_id: id, title: `Run ${id}`, reason: "it runs code" }];
      say("approval_required", { tools, count: 1 });
      if (below(2) === 0) {
        say("tool_state_change", { tool_call_id: id, tool: "bash", state: "rejected" });
        say("tool_output", outputOf(id, "No.", "denied"));
        return;
      }
      say("tool_state_change", { tool_call_id: id, tool: "bash", state: "approved" });
    }
    const reserved = below(3) === 0 ? { reserved_micro_usd: 1_000 } : {};
    say("tool_state_change", { tool_call_id: id, tool: "bash", state: "running", attempt: 1, ...reserved });
    for (let line = below(20); line > 0; line--) {
      say("tool_log", { tool: "bash", tool_call_id: id, log: `step ${line} of ${id}${below(3) === 0 ? "" : "\n"}` });
    }
    say("tool_output", outputOf(id, "line\n".repeat(below(30)), below(4) === 0 ? "failed" : "done", 6_000));
  }

  say("session_started", { version: 1, cwd: "/w", model: "m/x", created_by: "spec" });
  say("process_started", { epoch: 1, pid: 1 });
  say("ready", { message: "up", tool_count: 3 });
  for (let turn = 1; turn <= turns; turn++) {
    const input_id = `i${turn}`;
    say("user_message", { content: `Do ${turn}`, input_id, via: "input", queued: false });
    say("processing", { message: `Do ${turn}`, turn, input_id });
    if (below(2) === 0) say("plan_update", { plan: [{ id: "1", content: `step ${turn}`, status: "in_progress" }] });
    const replies = 1 + below(3);
    for (let iteration = 1; iteration <= replies; iteration++) reply(iteration, iteration < replies ? below(4) : 0);
    endOfTurn(below(6), input_id);
  }

  function endOfTurn(how: number, input_id: string): void {
    if (how === 0) {
      say("llm_started", { iteration: 9, model: "m/x" });
      stream("Half a sen");
      say("interrupting", { reason: "user", content: "Half a sen" });
      say("interrupted", { reason: "user" });
    } else if (how === 1) {
      stream("Cut off");
      say("error", { error: "The model is gone.", code: "LLM_UNREACHABLE" });
    } else {
      say("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
    }
    if (how === 2) say("undo_complete", { turns: 1, input_id });
    if (how === 3) {
      say("compacted", { ...compaction, trigger: "threshold", by: "model" });
      say("cost_warning", { threshold_usd: 5, spent_usd: 5.5 });
    }
  }
  return events;
}

const compaction = {
  old_tokens: 90_000,
  new_tokens: 9_000,
  prefix: [],
  keep_from: 0,
  summary: "So far.",
  messages_before: 40,
  messages_after: 4,
};
