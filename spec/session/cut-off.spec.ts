import { expect } from "chai";
import { callOf } from "../../actors/session/state.ts";
import { onApprovals, onCallLost, onPrepared } from "../../actors/session/turn/on-calls.ts";
import { onUserInput } from "../../actors/session/turn/on-input.ts";
import { onInterrupt } from "../../actors/session/turn/on-interrupt.ts";
import {
  answer,
  begun,
  call,
  facts,
  type Machine,
  machine,
  outputs,
  prepare,
  prepared,
  verdict,
} from "../support/turn.ts";

describe("a session that is cut off between two events", () => {
  /** What a new process finds when the log is cut after the last event that `keep` accepts. */
  function cutAfter(m: Machine, keep: (type: string) => boolean) {
    const last = m.log.findLastIndex((event) => keep(event.type));
    const later = machine();
    later.log.length = 0;
    later.record(m.log.slice(1, last + 1));
    later.record([
      { type: "process_started", data: { epoch: 2, pid: 2 } },
      { type: "model_facts", data: facts("m") },
    ]);
    return later;
  }

  it("never runs a call that was refused, whatever came of saying so", () => {
    for (const [kind, approval] of [
      ["deny", "auto"],
      ["ask", "deny"],
    ] as const) {
      const m = begun();
      answer(m, { calls: [call("a")] });
      m.record(onPrepared(m.state, [prepared("a")], () => verdict(kind, { reason: "no" }), approval));
      const later = cutAfter(m, (type) => type === "tool_call");
      expect(later.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
      expect(outputs(later)).to.have.length(1);
      expect(outputs(later)[0]?.success).to.equal(false);
    }
  });

  it("asks for an approval that nobody was asked for yet, and runs nothing before it is given", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    m.record(onPrepared(m.state, [prepared("a")], () => verdict("ask", { reason: "outside" }), "ask"));
    const later = cutAfter(m, (type) => type === "tool_call");
    expect(later.settle()).to.deep.equal([]);
    expect(later.last()?.type).to.equal("approval_required");
    later.record(onApprovals(later.state, [{ tool_call_id: "a", approved: true }]));
    expect(later.settle().map((effect) => effect.key)).to.deep.equal(["a"]);
  });

  it("ends a turn that was being interrupted, instead of taking half a sentence for the answer", () => {
    const m = begun();
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
    m.record(onInterrupt(m.state, "user", "I will now del"));
    const later = cutAfter(m, (type) => type === "interrupting");
    expect(later.settle()).to.deep.equal([]);
    expect(later.last()?.type).to.equal("interrupted");
    expect(later.state.history.at(-1)).to.deep.include({ role: "assistant", text: "I will now del" });
  });

  it("starts nothing that waits in the queue after the user has said stop", () => {
    const m = begun();
    m.record(onUserInput(m.state, "later", "i2", "input"));
    m.record(onInterrupt(m.state, "user", ""));
    expect(m.settle()).to.deep.equal([]);
    expect(cutAfter(m, () => true).settle()).to.deep.equal([]);
    m.record(onUserInput(m.state, "now", "i3", "input"));
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
  });
});

describe("a call that was under way when its process died", () => {
  function died(onCrash: "pure" | "keyed" | "probe" | "adopt" | "effect") {
    const m = begun();
    answer(m, { calls: [call("a")] });
    prepare(m, [prepared("a", { onCrash })]);
    m.started("a");
    m.record([
      { type: "process_started", data: { epoch: 2, pid: 1 } },
      { type: "model_facts", data: facts("m") },
    ]);
    return m;
  }

  it("is run again when that is safe, and attached to when it may still run", () => {
    for (const onCrash of ["pure", "keyed", "adopt"] as const) {
      expect(
        died(onCrash)
          .settle()
          .map((effect) => effect.kind),
      ).to.deep.equal(["run"]);
    }
  });

  it("is looked for in the world when the tool can tell", () => {
    expect(
      died("probe")
        .settle()
        .map((effect) => effect.kind),
    ).to.deep.equal(["probe"]);
  });

  it("is never repeated when it may have had an effect", () => {
    const m = died("effect");
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(outputs(m)[0]).to.deep.include({ outcome: "unknown", success: false });
    expect(outputs(m)[0]?.output).to.contain("Check first");
  });

  it("is given up when it has killed its executor three times in one process", () => {
    const m = died("pure");
    for (let n = 0; n < 3; n++) m.started("a");
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(outputs(m)[0]?.outcome).to.equal("failed");
    const lost = callOf(m.state, "a");
    expect(lost).to.equal(undefined);
  });

  it("has one terminal event even when a late result arrives", () => {
    const m = died("effect");
    m.settle();
    const late = { ...prepared("a"), status: "running", attempts: 1, starts: 1, result: null };
    m.record(onCallLost(late as never));
    expect(m.state.history.filter((message) => message.role === "tool")).to.have.length(1);
  });
});
