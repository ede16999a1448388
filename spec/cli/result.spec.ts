import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { watchProgress } from "../../tui/headless/progress.ts";
import { addToRun, emptyRun, type Outside, resultOf } from "../../tui/headless/result.ts";
import { eventMaker, modelCall, toolCall, toolOutput, turnEnd } from "./events.ts";

const quiet: Outside = { sessionId: "s1", durationMs: 5, signal: null, failure: null, idle: false, resumable: false };

function resultAfter(events: SessionEvent[], outside: Partial<Outside> = {}) {
  const run = emptyRun("m/x");
  for (const event of events) addToRun(run, event);
  return resultOf(run, { ...quiet, ...outside });
}

describe("the result of a headless run", () => {
  const event = eventMaker();

  for (const [what, end, outside, code, status] of [
    ["done", event("turn_complete", turnEnd()), {}, 0, "done"],
    ["at the iteration limit", event("turn_complete", turnEnd("iteration_limit", null)), {}, 4, "iteration_limit"],
    ["cut off again and again", event("turn_complete", turnEnd("truncated", "half")), {}, 1, "error"],
    ["without an answer", event("turn_complete", turnEnd("empty_reply", null)), {}, 1, "error"],
    ["by refusal", event("turn_complete", turnEnd("refusal", "no")), {}, 1, "error"],
    ["with an approval that nobody gave", event("turn_complete", turnEnd("done", "ok", 2)), {}, 3, "denied"],
    ["in an error", event("error", { error: "no", code: "LLM_X", hint: "do" }), {}, 1, "error"],
    [
      "with a context that does not fit",
      event("session_terminated", { reason: "context_overflow", error: "e", user_message: "u" }),
      {},
      6,
      "context_overflow",
    ],
    ["interrupted from elsewhere", event("interrupted", { reason: "user" }), {}, 130, "interrupted"],
    ["by SIGINT", event("interrupted", { reason: "user" }), { signal: "SIGINT" }, 130, "interrupted"],
    ["by SIGTERM", event("interrupted", { reason: "signal" }), { signal: "SIGTERM" }, 143, "terminated"],
    [
      "by SIGQUIT",
      event("processing", { message: "", turn: 1, input_id: "i" }),
      { signal: "SIGQUIT" },
      131,
      "terminated",
    ],
    ["by SIGHUP", event("interrupted", { reason: "signal" }), { signal: "SIGHUP" }, 129, "terminated"],
    [
      "because a part failed",
      event("processing", { message: "", turn: 1, input_id: "i" }),
      { failure: { code: "X", message: "m" } },
      1,
      "error",
    ],
    ["with nothing to do", event("processing", { message: "", turn: 1, input_id: "i" }), { idle: true }, 0, "done"],
  ] as const) {
    it(`is ${code} when it ends ${what}, and says why`, () => {
      const result = resultAfter([end], outside as Partial<Outside>);
      expect(result).to.include({ exit_code: code, status });
      expect(result.reason).to.be.a("string").and.not.equal("");
      if (code !== 0 && result.status !== "interrupted" && result.status !== "terminated") {
        expect(result.error?.message).to.be.a("string").and.not.equal("");
      }
    });
  }

  it("adds up tokens and cost, and knows what it does not know", () => {
    const known = resultAfter([event("llm_call", modelCall()), event("llm_call", modelCall())]);
    expect(known.usage).to.deep.include({ model_calls: 2, prompt_tokens: 20, cache_read_tokens: null });
    expect(known.cost_usd).to.equal(1);
    const unknown = resultAfter([event("llm_call", modelCall(null)), event("llm_call", modelCall())]);
    expect(unknown.cost_usd).to.equal(null);
  });

  it("lists the calls that were not allowed", () => {
    const result = resultAfter([
      event("tool_call", toolCall("c1", "Run: rm")),
      event("tool_output", toolOutput("c1", "denied", "why")),
      event("tool_call", toolCall("c2", "Run: ls")),
      event("tool_output", toolOutput("c2", "done")),
      event("turn_complete", turnEnd("done", "ok", 1)),
    ]);
    expect(result.denied).to.deep.equal([{ tool: "bash", tool_call_id: "c1", title: "Run: rm", reason: "why" }]);
  });

  it("is that of the last turn when there were two", () => {
    const result = resultAfter([
      event("error", { error: "e", code: "X" }),
      event("processing", { message: "p", turn: 2, input_id: "b" }),
      event("turn_complete", turnEnd("done", "second")),
    ]);
    expect(result).to.include({ exit_code: 0, final_response: "second", error: null });
  });
});

describe("the end of a run", () => {
  const idle = { turn: null, turns: 1, queue: [] };
  const input = (event: ReturnType<typeof eventMaker>, content: string) =>
    event("user_message", { content, input_id: "i", via: "input", queued: false });

  it("comes with the end of the turn that its prompt started", () => {
    const event = eventMaker();
    const progress = watchProgress("p", 0);
    expect(progress.isOver(input(event, "p"), idle)).to.equal(false);
    expect(progress.isOver(event("processing", { message: "p", turn: 1, input_id: "i" }), idle)).to.equal(false);
    expect(progress.isOver(event("turn_complete", turnEnd()), idle)).to.equal(true);
  });

  it("waits for the prompt's own turn when an earlier one is finished first", () => {
    const event = eventMaker();
    const progress = watchProgress("p", 1);
    // The state is ahead: both turns are over before the first event is read.
    const ahead = { turn: null, turns: 2, queue: [] };
    progress.isOver(input(event, "p"), ahead);
    expect(progress.isOver(event("turn_complete", turnEnd()), ahead)).to.equal(false);
    progress.isOver(event("processing", { message: "p", turn: 2, input_id: "i" }), ahead);
    expect(progress.isOver(event("turn_complete", turnEnd()), ahead)).to.equal(true);
  });

  it("does not come with a turn that ended before the prompt arrived, or with more in the queue", () => {
    const event = eventMaker();
    const progress = watchProgress("p", 1);
    expect(progress.isOver(event("turn_complete", turnEnd()), idle)).to.equal(false);
    progress.isOver(input(event, "p"), idle);
    expect(progress.isOver(event("error", { error: "e", code: "X" }), { ...idle, queue: [1] })).to.equal(false);
  });

  it("does not come with an interruption that an earlier process had begun, when a prompt is still to be sent", () => {
    const event = eventMaker();
    expect(watchProgress("p", 1).isOver(event("interrupted", { reason: "user" }), idle)).to.equal(false);
  });

  it("comes at once with an interruption and with the end of the session", () => {
    const event = eventMaker();
    const progress = watchProgress("p", 0);
    progress.isOver(input(event, "p"), idle);
    expect(progress.isOver(event("interrupted", { reason: "user" }), idle)).to.equal(true);
    const gone = event("session_terminated", { reason: "context_overflow", error: "e", user_message: "u" });
    expect(watchProgress("p", 0).isOver(gone, idle)).to.equal(true);
  });
});
