import { expect } from "chai";
import type { DurableEvents, NewEvent } from "../../actors/events.ts";
import { committed, emptyMoney, microOf, remaining, settle } from "../../actors/session/money.ts";
import { reservation } from "../../actors/session/turn/before-call.ts";
import { onInterrupt } from "../../actors/session/turn/on-interrupt.ts";
import { onModelFailed, onReply } from "../../actors/session/turn/on-model.ts";
import { onOperation } from "../../actors/session/turn/on-operation.ts";
import {
  answer,
  begun,
  call,
  end,
  facts,
  finish,
  type Machine,
  machine,
  outputs,
  prepare,
  prepared,
  reply,
} from "../support/turn.ts";

/** A machine with a budget in US dollars, a model at 1 dollar a million tokens in and 10 out, and a turn that has begun. */
function capped(usd: number, price: DurableEvents["model_facts"]["price"] = { input: 1, output: 10 }) {
  const m = begun();
  m.record(onOperation(m.state, { type: "set_budget", usd }, () => "x"));
  m.record([{ type: "model_facts", data: facts("m", { price, max_output_tokens: 1_000 }) }]);
  return m;
}

const kinds = (m: Machine) => m.settle().map((effect) => effect.kind);

/** A call that spends. */
const job = (id: string, usd: number | null) => prepared(id, { onCrash: "keyed", touches: [{ kind: "spend", usd }] });

function running(m: Machine, id: string, micro: number): void {
  const data = { tool_call_id: id, tool: "bash", state: "running" as const, reserved_micro_usd: micro };
  m.record([{ type: "tool_state_change", data }]);
}

describe("sums of money", () => {
  it("are whole millionths, rounded up, so that the books never show less than was charged", () => {
    expect(microOf(0.0000001)).to.equal(1);
    expect(microOf(1.25)).to.equal(1_250_000);
    // 0.1 + 0.2 is a little more than 0.3 in binary fractions: that little is no money.
    expect(microOf(0.1 + 0.2)).to.equal(300_000);
    expect(microOf(0)).to.equal(0);
  });

  it("are taken as spent in full when nobody tells what became of them", () => {
    const money = emptyMoney();
    money.open.set("job", 500);
    settle(money, "job", null, 0);
    expect([money.spent, money.assumed, money.unbounded]).to.deep.equal([0, 500, 0]);
    settle(money, "job", null, 0);
    expect(money.unbounded).to.equal(1);
  });
});

describe("a budget", () => {
  it("asks what the model costs before anything is spent, and goes on when the worst case fits", () => {
    const m = capped(1, null);
    m.record([{ type: "model_changed", data: { model: "other" } }]);
    expect(kinds(m)).to.deep.equal(["facts"]);
    m.record([{ type: "model_facts", data: facts("other", { price: { input: 1, output: 10 } }) }]);
    expect(kinds(m)).to.deep.equal(["model"]);
  });

  it("refuses a model whose price nobody knows, unless the user allows it", () => {
    const m = capped(1, null);
    m.settle();
    expect(m.last()).to.deep.include({ type: "error" });
    expect((m.last() as Extract<NewEvent, { type: "error" }>).data.code).to.equal("PRICE_UNKNOWN");

    const allowed = machine({ allowUnknownPrice: true });
    allowed.record(onOperation(allowed.state, { type: "set_budget", usd: 1 }, () => "x"));
    allowed.record(onOperation(allowed.state, { type: "user_input", text: "go" }, () => "i"));
    expect(kinds(allowed)).to.deep.equal(["model"]);
    expect(reservation(allowed.state, 0)).to.equal(null);
  });

  it("sets aside two attempts at most and never more than there is", () => {
    const m = capped(1);
    const worst = 5 + 10_000;
    expect(reservation(m.state, 0)?.micro).to.be.within(worst * 2 - 10, worst * 2 + 10);
    const poor = capped(0.012);
    expect(reservation(poor.state, 0)?.micro).to.equal(12_000);
  });

  it("ends the turn by name when the worst case of the next call no longer fits", () => {
    const m = capped(0.011);
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m", reserved_micro_usd: 11_000 } }]);
    expect(remaining(m.state.money)).to.equal(0);
    m.record(onReply(m.state, reply({ calls: [call("a")], costUsd: 0.004 })));
    expect(m.state.money.spent).to.equal(4_000);
    expect(remaining(m.state.money)).to.equal(7_000);
    prepare(m, [prepared("a")]);
    m.started("a");
    finish(m, "a", "ok");
    expect(end(m).reason).to.equal("budget");
    expect(m.state.turn).to.equal(null);
  });

  it("counts as spent what was set aside for a call whose process died", () => {
    const m = capped(1);
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m", reserved_micro_usd: 20_000 } }]);
    m.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    expect(m.state.money).to.include({ spent: 0, assumed: 20_000 });
    expect(m.state.money.open.size).to.equal(0);
  });

  it("counts a call twice that was begun again after its caller died", () => {
    const m = capped(1);
    const started = { type: "llm_started" as const, data: { iteration: 1, model: "m", reserved_micro_usd: 20_000 } };
    m.record([started, started]);
    expect(committed(m.state.money)).to.equal(40_000);
    m.record(
      onModelFailed(m.state, { code: "LLM_UNAUTHORIZED", message: "", attempts: 1, latencyMs: 1, assumedUsd: 0 }),
    );
    expect(committed(m.state.money)).to.equal(20_000);
  });

  it("takes the whole of what was set aside for a reply that the user cut off", () => {
    const m = capped(1);
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m", reserved_micro_usd: 20_000 } }]);
    m.record(onInterrupt(m.state, "user", "half a"));
    expect(m.state.money).to.include({ spent: 0, assumed: 20_000, unbounded: 0 });
  });

  it("settles a summary's calls one by one against what was set aside for all of them", () => {
    const m = capped(1);
    const data = { iteration: 0, model: "m", kind: "summary" as const, reserved_micro_usd: 50_000 };
    m.record([{ type: "llm_started", data }]);
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 1,
      total_tokens: 2,
      cache_read_tokens: 0,
      cache_creation_tokens: 0,
    };
    const book = { kind: "summary" as const, model: "m", latency_ms: 1, first_token_ms: null, attempts: 1, ...usage };
    m.record([
      { type: "llm_call", data: { ...book, finish_reason: "stop", cost_usd: 0.01 } },
      { type: "llm_call", data: { ...book, finish_reason: "stop", cost_usd: 0.002, assumed_usd: 0.003 } },
    ]);
    expect(m.state.money.open.get("summary")).to.equal(35_000);
    const none = { prefix: [], keep_from: 0, summary: "", by: "model" as const, messages_before: 1, messages_after: 1 };
    m.record([{ type: "compacted", data: { trigger: "threshold", old_tokens: 2, new_tokens: 1, ...none } }]);
    expect(m.state.money).to.include({ spent: 12_000, assumed: 3_000 });
    expect(committed(m.state.money)).to.equal(15_000);
  });

  it("runs the first of two jobs of 3 dollars under a budget of 5, and refuses the second with what is left", () => {
    const m = capped(5);
    answer(m, { calls: [call("a"), call("b")] });
    const due = prepare(m, [job("a", 3), job("b", 3)]);
    expect(due.map((effect) => effect.key)).to.deep.equal(["a"]);
    m.underWay.add("a");
    running(m, "a", 3_000_000);
    expect(kinds(m)).to.deep.equal([]);
    expect(outputs(m)[0]).to.deep.include({ tool_call_id: "b", outcome: "over_budget", success: false });
    expect(outputs(m)[0]?.output).to.contain("$2.00 left");
    expect(m.state.money.open.get("call:a")).to.equal(3_000_000);
  });

  it("refuses a job whose cost nobody knows, and settles one by what it really cost", () => {
    const m = capped(5);
    answer(m, { calls: [call("a"), call("b")] });
    prepare(m, [job("a", 1.25), job("b", null)]);
    expect(outputs(m)[0]).to.deep.include({ tool_call_id: "b", outcome: "over_budget" });
    running(m, "a", 1_250_000);
    const output = { tool: "bash", tool_call_id: "a", output: "", success: true, outcome: "done" as const };
    m.record([{ type: "tool_output", data: { ...output, duration_ms: 1, cost_usd: 0.5 } }]);
    expect(m.state.money).to.include({ spent: 500_000, assumed: 0 });
  });

  it("keeps what was set aside for a running job over the end of a process", () => {
    const m = capped(5);
    answer(m, { calls: [call("a")] });
    prepare(m, [job("a", 3)]);
    running(m, "a", 3_000_000);
    m.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    expect(m.state.money.open.get("call:a")).to.equal(3_000_000);
    expect(m.state.money.assumed).to.equal(0);
  });

  it("does not stand in the way where there is none", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    expect(prepare(m, [job("a", null)]).map((effect) => effect.key)).to.deep.equal(["a"]);
  });
});

describe("what the session has cost", () => {
  /** The thresholds told when a session has cost so much, call by call. */
  function told(...costs: number[]): number[] {
    const m = begun();
    for (const costUsd of costs) {
      answer(m, { calls: [call(`c${m.log.length}`)], costUsd });
      prepare(m, [prepared(`c${m.state.turn?.unprepared[0]?.id.slice(1) ?? ""}`)]);
      for (const { id } of m.state.turn?.calls ?? []) {
        m.started(id);
        finish(m, id, "ok");
      }
    }
    return m.log.flatMap((event) => (event.type === "cost_warning" ? [event.data.threshold_usd] : []));
  }

  it("is told at 5 dollars and at each doubling, once", () => {
    expect(told(4.99)).to.deep.equal([]);
    expect(told(4.99, 0.01)).to.deep.equal([5]);
    expect(told(5, 1, 1)).to.deep.equal([5]);
    expect(told(5, 5)).to.deep.equal([5, 10]);
    expect(told(12.25)).to.deep.equal([10]);
    expect(told(12.25, 20, 50)).to.deep.equal([10, 20, 80]);
  });

  it("is not told of models that cost nothing", () => {
    expect(told(0, 0, 0)).to.deep.equal([]);
  });
});
