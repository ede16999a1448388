import { expect } from "chai";
import type { ModelFacts, NewEvent } from "../../actors/events.ts";
import { onInterrupt } from "../../actors/session/turn/on-interrupt.ts";
import {
  onCompacted,
  onCompactFailed,
  onModelFailed,
  onProbed,
  onProbeFailed,
} from "../../actors/session/turn/on-model.ts";
import { onOperation } from "../../actors/session/turn/on-operation.ts";
import { answer, begun, call, facts, type Machine, machine, prepare, prepared } from "../support/turn.ts";

const keys = (m: Machine) => m.settle().map((effect) => effect.key);
const want = (m: Machine, model: string) => m.record(onOperation(m.state, { type: "set_model", model }, () => "x"));
const none = {
  prompt_tokens: 9,
  completion_tokens: 1,
  total_tokens: 10,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
};

function answers(m: Machine, model: string, part: Partial<ModelFacts> = {}): void {
  const tried = { facts: facts(model, part), effort: "high", usage: none, costUsd: 0.001, attempts: 1, latencyMs: 5 };
  m.record(onProbed(model, tried));
}

const failure = { code: "LLM_MODEL_UNKNOWN", message: "no such model", attempts: 1, latencyMs: 1, assumedUsd: 0 };
const types = (events: readonly NewEvent[]) => events.map((event) => event.type);

describe("changing the model", () => {
  it("tries it first, takes it when it answers, and books what the trial cost", () => {
    const m = machine();
    want(m, "other");
    expect(keys(m)).to.deep.equal(["try"]);
    expect(m.state.model).to.equal("m");
    answers(m, "other", { context_tokens: 50_000 });
    expect(keys(m)).to.deep.equal([]);
    expect(m.state.model).to.equal("other");
    expect(m.state.facts?.context_tokens).to.equal(50_000);
    expect(m.state.wanted).to.equal(null);
    expect(m.state.money.spent).to.equal(1_000);
  });

  it("keeps the present model when the other cannot be used, and says why", () => {
    const m = machine();
    want(m, "other");
    m.settle();
    m.record(onProbeFailed("other", failure));
    expect(keys(m)).to.deep.equal([]);
    expect(m.state.model).to.equal("m");
    expect(m.last()).to.deep.include({ type: "model_rejected" });
  });

  it("waits with the next model call until it is decided, and takes effect between two calls", () => {
    const m = begun();
    m.underWay.add("model");
    want(m, "other");
    expect(keys(m)).to.deep.equal(["try"]);
    answers(m, "other");
    expect(keys(m), "a reply on its way belongs to the model that was asked").to.deep.equal([]);
    expect(m.state.model).to.equal("m");
    m.underWay.delete("model");
    answer(m, { calls: [call("a")] });
    expect(m.state.model).to.equal("other");
    const later = begun();
    want(later, "other");
    expect(keys(later)).to.deep.equal(["try"]);
    answers(later, "other");
    expect(keys(later)).to.deep.equal(["model"]);
    expect(later.state.model).to.equal("other");
  });

  it("goes on when the turn is interrupted", () => {
    const m = begun();
    want(m, "other");
    m.record(onInterrupt(m.state, "user", ""));
    expect(keys(m)).to.deep.equal(["try"]);
    answers(m, "other");
    m.settle();
    expect(m.state.model).to.equal("other");
  });

  it("has the present model make a conversation shorter that the other's window does not take", () => {
    const m = begun();
    m.record([{ type: "notice", data: { content: "x".repeat(80_000), reason: "spec" } }]);
    m.underWay.add("model");
    want(m, "small");
    const own = { ...m.state };
    expect(own.model).to.equal("m");
    answers(m, "small", { context_tokens: 8_000 });
    expect(keys(m)).to.deep.equal([]);
    m.underWay.delete("model");
    const limited = fits(m);
    expect(limited.settle()).to.deep.equal([{ kind: "compact", key: "compact", trigger: "switch" }]);
    const result = {
      prefix: [],
      keepFrom: 2,
      summary: "s",
      by: "model" as const,
      oldTokens: 20_000,
      newTokens: 100,
      calls: [],
    };
    limited.record(onCompacted(limited.state, result, "switch"));
    expect(keys(limited)).to.deep.equal(["model"]);
    expect(limited.state.model).to.equal("small");
  });

  it("is given up when the conversation cannot be made short enough, and the session goes on", () => {
    const m = fits(begun());
    want(m, "small");
    answers(m, "small", { context_tokens: 100 });
    m.record(onCompactFailed(m.state, { error: "the task alone is longer", calls: [] }, "switch"));
    expect(m.last()).to.deep.include({ type: "model_rejected" });
    expect(keys(m)).to.deep.equal(["model"]);
    expect(m.state.model).to.equal("m");
  });

  it("that was decided when the process ended is tried again by the next", () => {
    const m = machine();
    want(m, "other");
    m.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    expect(keys(m)).to.deep.equal(["try"]);
  });

  it("forgets what refusals of the old one had taught, and what was asked for last counts", () => {
    const m = begun();
    m.record([{ type: "context_overflow", data: { error: "", window_tokens: 4_000 } }]);
    want(m, "first");
    want(m, "second");
    answers(m, "first");
    expect(m.state.wanted?.facts).to.equal(null);
    answers(m, "second");
    m.settle();
    m.record([{ type: "model_changed", data: { model: "second" } }]);
    expect(m.state.model).to.equal("second");
    expect(m.state.learnedWindow).to.equal(null);
  });
});

/** The same machine with windows as the models' services tell them. */
function fits(m: Machine): Machine {
  const again = machine({
    context: {
      ownWindow: null,
      assumedWindow: { other: 1_000_000 },
      triggerShare: 0.9,
      triggerMost: { other: 170_000 },
      overheadChars: 0,
    },
  });
  again.record(m.log.slice(again.log.length));
  return again;
}

describe("the model's real window", () => {
  it("counts before what is assumed, and the user's own word before both", () => {
    const m = fits(begun());
    m.record([{ type: "notice", data: { content: "x".repeat(80_000), reason: "spec" } }]);
    expect(keys(m)).to.deep.equal(["model"]);
    m.record([{ type: "model_facts", data: facts("m", { context_tokens: 16_000 }) }]);
    expect(keys(m)).to.deep.equal(["compact"]);
    const own = begun();
    own.record(m.log.slice(own.log.length));
    expect(keys(own)).to.deep.equal(["model"]);
  });

  it("is asked for once by each process, beside the first call and not before it", () => {
    const m = begun();
    m.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    expect(keys(m)).to.deep.equal(["model", "facts"]);
    m.record([{ type: "model_facts", data: facts("m") }]);
    expect(keys(m)).to.deep.equal(["model"]);
  });
});

describe("failover", () => {
  const down = { code: "LLM_OVERLOADED", message: "busy", attempts: 5, latencyMs: 1, assumedUsd: 0 };

  it("has the second model take over in the same turn, once", () => {
    const m = begun();
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
    m.record(onModelFailed(m.state, down, "second"));
    expect(m.last()).to.deep.equal({ type: "model_changed", data: { model: "second", reason: "failover" } });
    expect(keys(m)).to.deep.equal(["model", "facts"]);
    m.record(onModelFailed(m.state, down, "third"));
    expect(m.last()?.type).to.equal("error");
  });

  it("is off without a second model, and for failures that would follow to any", () => {
    const m = begun();
    expect(types(onModelFailed(m.state, down, null))).to.deep.equal(["llm_call", "error"]);
    expect(types(onModelFailed(m.state, { ...down, code: "LLM_BAD_REQUEST" }, "second"))).to.deep.equal([
      "llm_call",
      "error",
    ]);
    expect(types(onModelFailed(m.state, { ...down, code: "LLM_KEY_MISSING" }, "second"))).to.deep.equal([
      "llm_call",
      "error",
    ]);
  });
});

describe("an unfinished plan", () => {
  const plan = (status: "completed" | "in_progress") => ({
    type: "plan_update" as const,
    data: {
      plan: [
        { id: "1", content: "train", status },
        { id: "2", content: "report", status: "pending" as const },
      ],
    },
  });

  /** A turn with a plan in which one call was made. */
  function planned() {
    const m = begun();
    answer(m, { calls: [call("a")] });
    prepare(m, [prepared("a")]);
    m.started("a");
    const result = {
      tool: "bash",
      tool_call_id: "a",
      output: "",
      success: true,
      outcome: "done" as const,
      duration_ms: 1,
    };
    m.record([plan("in_progress"), { type: "tool_output", data: result }]);
    return m;
  }

  it("is pointed out, twice in a row at most, and then the answer stands", () => {
    const m = planned();
    expect(answer(m, { text: "I will train now." }).map(({ key }) => key)).to.deep.equal(["model"]);
    const notice = m.last();
    expect(notice?.type === "notice" && notice.data.content).to.contain("1. train [in_progress]; 2. report [pending]");
    answer(m, { text: "Going on." });
    answer(m, { text: "That is all." });
    expect(m.last()).to.deep.include({ type: "turn_complete" });
    expect(m.log.filter((event) => event.type === "notice")).to.have.length(2);
  });

  it("is not a message of the user's: undo takes back the turn with it", () => {
    const m = planned();
    answer(m, { text: "I will train now." });
    expect(m.state.history.at(-1)?.role).to.equal("notice");
    expect(m.state.history.filter((message) => message.role === "user")).to.have.length(1);
  });

  it("does not stand against a question to the user, or small talk beside an old plan", () => {
    const asking = planned();
    answer(asking, { text: "The file is gone.\n\nShall I use the backup instead?" });
    expect(asking.last()).to.deep.include({ type: "turn_complete" });
    const thanks = begun();
    thanks.record([plan("in_progress")]);
    answer(thanks, { text: "You are welcome." });
    expect(thanks.last()).to.deep.include({ type: "turn_complete" });
  });

  it("is no matter once every step is done", () => {
    const m = planned();
    m.record([{ type: "plan_update", data: { plan: [{ id: "1", content: "train", status: "completed" }] } }]);
    answer(m, { text: "Done." });
    expect(m.last()).to.deep.include({ type: "turn_complete" });
  });
});
