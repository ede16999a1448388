import { expect } from "chai";
import type { Message } from "../../actors/llm/protocol.ts";
import { charsOfAll, tokensOf } from "../../actors/session/size.ts";
import { triggerTokens } from "../../actors/session/turn/limits.ts";
import { onUndo, onUserInput } from "../../actors/session/turn/on-input.ts";
import { onCompacted, onCompactFailed, onModelFailed, onReply } from "../../actors/session/turn/on-model.ts";
import { machine, reply, window } from "../support/turn.ts";

const context = window(10_000, { triggerMost: { other: 170_000 }, overheadChars: 4_000 });
const usage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
};

/** A machine whose user has said something of a length. */
function begun(chars = 10, limits = context) {
  const m = machine({ context: limits });
  m.record(onUserInput(m.state, "x".repeat(chars), "i1", "input"));
  m.settle();
  return m;
}

type Machine = ReturnType<typeof machine>;

function answer(m: Machine, part: Parameters<typeof reply>[0]) {
  m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
  m.record(onReply(m.state, reply(part)));
  return m.settle();
}

function compacted(m: Machine, prefix: Message[], keepFrom: number) {
  const result = { prefix, keepFrom, summary: "s", by: "model" as const, oldTokens: 9000, newTokens: 100, calls: [] };
  m.record(onCompacted(m.state, result, "threshold"));
}

const overflow = (message: string) => ({
  code: "LLM_CONTEXT_OVERFLOW",
  message,
  attempts: 1,
  latencyMs: 1,
  assumedUsd: 0,
});

describe("the size of a conversation", () => {
  it("is what the provider reported and an estimate of what has come since, what every request carries included", () => {
    const m = begun(400);
    expect(tokensOf(m.state, 4_000)).to.equal(1_100);
    answer(m, { text: "y".repeat(100), usage: { ...usage, prompt_tokens: 2_000, completion_tokens: 50 } });
    expect(tokensOf(m.state, 4_000)).to.equal(2_050);
    m.record(onUserInput(m.state, "z".repeat(2_195), "i2", "input"));
    m.settle();
    expect(tokensOf(m.state, 4_000)).to.equal(3_050);
  });

  it("goes on being estimated when a provider omits its usage", () => {
    const m = begun(400);
    const none = {
      prompt_tokens: null,
      completion_tokens: null,
      total_tokens: null,
      cache_read_tokens: null,
      cache_creation_tokens: null,
    };
    answer(m, { text: "y".repeat(400), usage: none });
    expect(tokensOf(m.state, 0)).to.equal(200);
  });

  it("is counted along and agrees with the conversation after every event", () => {
    const m = begun(50);
    answer(m, { calls: [{ id: "a", tool: "bash", arguments: { command: "ls" } }] });
    expect(m.state.chars).to.equal(charsOfAll(m.state.history));
    m.record(onUndo(m.state));
    expect(m.state.chars).to.equal(charsOfAll(m.state.history));
  });
});

describe("compaction in the turn machine", () => {
  it("is due before the window is exceeded, and the model call follows", () => {
    const m = begun(33_000);
    expect(m.settle()).to.deep.equal([{ kind: "compact", key: "compact", trigger: "threshold" }]);
    compacted(m, [{ role: "user", text: "task" }], 1);
    expect(m.state.history).to.deep.equal([{ role: "user", text: "task" }]);
    expect(m.state.revision).to.equal(1);
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
  });

  it("does not wait for a call that is under way to be taken back", () => {
    const m = begun(10);
    m.underWay.add("model");
    m.record([{ type: "notice", data: { content: "x".repeat(60_000), reason: "spec" } }]);
    expect(m.settle()).to.deep.equal([]);
  });

  it("never leaves room for more than the configured most", () => {
    const large = { ...context, ownWindow: 1_000_000 };
    expect(triggerTokens(begun(10, large).state, large)).to.equal(170_000);
  });

  it("follows a refusal by the provider, learns the window it names, and gives up after two", () => {
    const m = begun(10);
    m.record(onModelFailed(m.state, overflow("maximum context length is 4096 tokens, you sent 5000")));
    expect(m.state.learnedWindow).to.equal(4096);
    expect(m.settle()).to.deep.equal([{ kind: "compact", key: "compact", trigger: "overflow" }]);
    compacted(m, [{ role: "user", text: "task" }], 1);
    m.record(onModelFailed(m.state, overflow("too long")));
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["compact"]);
    compacted(m, [{ role: "user", text: "task" }], 1);
    m.record(onModelFailed(m.state, overflow("too long")));
    expect(m.last()).to.deep.include({ type: "session_terminated" });
  });

  it("ends loudly when the conversation cannot be made shorter", () => {
    const m = begun(33_000);
    m.record(onCompactFailed(m.state, { error: "even the task does not fit", calls: [] }, "threshold"));
    expect(m.last()?.type).to.equal("session_terminated");
    expect(m.state.turn).to.equal(null);
  });

  it("is done on request at any size and without a turn, and then no more", () => {
    const m = begun(10);
    answer(m, { text: "done" });
    m.record([{ type: "compact_requested", data: {} }]);
    expect(m.settle()).to.deep.equal([{ kind: "compact", key: "compact", trigger: "manual" }]);
    compacted(m, [{ role: "user", text: "task" }], 2);
    expect(m.settle()).to.deep.equal([]);
  });

  it("keeps later turns undoable and earlier ones not", () => {
    const m = begun(10);
    answer(m, { text: "one" });
    m.record(onUserInput(m.state, "second", "i2", "input"));
    m.settle();
    answer(m, { text: "two" });
    compacted(
      m,
      [
        { role: "user", text: "task" },
        { role: "notice", text: "summary" },
      ],
      2,
    );
    m.record(onUndo(m.state));
    expect(m.state.history.map((message) => "text" in message && message.text)).to.deep.equal(["task", "summary"]);
    m.record(onUndo(m.state));
    expect(m.last()).to.deep.equal({ type: "undo_complete", data: { turns: 0, input_id: null } });
  });
});
