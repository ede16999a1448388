import { expect } from "chai";
import type { Verdict } from "../../actors/session/policy/types.ts";
import { callOf } from "../../actors/session/state.ts";
import { onApprovals, onToolSettled } from "../../actors/session/turn/on-calls.ts";
import { onUndo, onUserInput, onWithdraw } from "../../actors/session/turn/on-input.ts";
import { onInterrupt } from "../../actors/session/turn/on-interrupt.ts";
import { onModelFailed } from "../../actors/session/turn/on-model.ts";
import { answer, begun, call, end, finish, outputs, prepare, prepared, verdict } from "../support/turn.ts";

describe("the turn machine", () => {
  it("goes from a message to the model, its calls, their results in call order, and the answer", () => {
    const m = begun();
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(answer(m, { calls: [call("a"), call("b")] }).map((effect) => effect.kind)).to.deep.equal(["prepare"]);
    const runs = prepare(m, [prepared("a"), prepared("b")]);
    expect(runs.map((effect) => effect.key)).to.deep.equal(["a", "b"]);
    m.started("a");
    m.started("b");
    m.underWay.add("a").add("b");
    expect(finish(m, "b", "second")).to.deep.equal([]);
    expect(finish(m, "a", "first").map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.history.slice(2).map((message) => "text" in message && message.text)).to.deep.equal([
      "first",
      "second",
    ]);
    answer(m, { text: "done" });
    expect(end(m)).to.deep.include({ reason: "done", final_response: "done", iterations: 2 });
    expect(m.state.turn).to.equal(null);
  });

  it("answers a call that is not usable and runs the others", () => {
    const m = begun();
    answer(m, { calls: [call("a", "[]"), call("b")] });
    const runs = prepare(m, [{ ok: false, id: "a", tool: "bash", error: "not an object" }, prepared("b")]);
    expect(runs.map((effect) => effect.key)).to.deep.equal(["b"]);
    expect(outputs(m)[0]).to.deep.include({ tool_call_id: "a", outcome: "invalid", success: false });
    m.started("b");
    finish(m, "b", "fine");
    expect(m.state.history.slice(-2).map((message) => message.role === "tool" && message.ok)).to.deep.equal([
      false,
      true,
    ]);
  });

  it("turns a failing tool into a result and goes on", () => {
    const m = begun();
    answer(m, { calls: [call("a"), call("b")] });
    prepare(m, [prepared("a"), prepared("b")]);
    m.started("a");
    const a = callOf(m.state, "a");
    if (a !== undefined) {
      m.record(onToolSettled(a, { kind: "failed", failure: { code: "X", message: "broke.", hint: "mend it" } }, 1));
    }
    m.started("b");
    expect(finish(m, "b", "fine").map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(outputs(m).map(({ output, outcome }) => [output, outcome])).to.deep.equal([
      ["broke. mend it", "failed"],
      ["fine", "done"],
    ]);
  });

  it("gives calls ids of their own when a server repeats them", () => {
    const m = begun();
    answer(m, { calls: [call("1"), call("1")] });
    prepare(m, [prepared("1"), prepared("1x2")]);
    m.started("1");
    m.started("1x2");
    finish(m, "1", "x");
    finish(m, "1x2", "y");
    answer(m, { calls: [call("1")] });
    expect(m.state.turn?.unprepared.map(({ id }) => id)).to.deep.equal(["1x3"]);
  });

  it("starts no more calls at once than the limit", () => {
    const m = begun({ maxIterations: 300, parallelTools: 2 });
    answer(m, { calls: [call("a"), call("b"), call("c")] });
    expect(
      prepare(
        m,
        ["a", "b", "c"].map((id) => prepared(id)),
      ).map((effect) => effect.key),
    ).to.deep.equal(["a", "b"]);
    m.started("a");
    m.started("b");
    m.underWay.add("a").add("b");
    expect(m.settle()).to.deep.equal([]);
    expect(finish(m, "b", "").map((effect) => effect.key)).to.deep.equal(["c"]);
  });

  it("orders two writers of one file, and a command after a write below its folder, but not readers", () => {
    const touching = (id: string, kind: "read" | "write" | "run", path: string) =>
      prepared(id, { touches: [{ kind, path }] });
    const m = begun();
    answer(m, { calls: ["w1", "w2", "r1", "r2", "other", "run"].map((id) => call(id)) });
    const first = prepare(m, [
      touching("w1", "write", "/w/a"),
      touching("w2", "write", "/w/a"),
      touching("r1", "read", "/w/b"),
      touching("r2", "read", "/w/b"),
      touching("other", "write", "/x/a"),
      touching("run", "run", "/w"),
    ]);
    expect(first.map((effect) => effect.key)).to.deep.equal(["w1", "r1", "r2", "other"]);
    for (const id of ["w1", "r1", "r2", "other"]) m.started(id);
    for (const id of ["w1", "r1", "r2", "other"]) m.underWay.add(id);
    expect(finish(m, "w1", "").map((effect) => effect.key)).to.deep.equal(["w2"]);
    m.started("w2");
    m.underWay.add("w2");
    expect(finish(m, "w2", "").map((effect) => effect.key)).to.deep.equal(["run"]);
  });

  it("orders two calls that change one place elsewhere, but not those that change two", () => {
    const publishing = (id: string, target: string, host = "hub.test") =>
      prepared(id, { touches: [{ kind: "publish", host, target, what: "upload" }] });
    const m = begun();
    answer(m, { calls: ["a1", "a2", "b", "c"].map((id) => call(id)) });
    const calls = [publishing("a1", "me/a"), publishing("a2", "me/a"), publishing("b", "me/b")];
    const first = prepare(m, [...calls, publishing("c", "me/a", "other.test")]);
    expect(first.map((effect) => effect.key)).to.deep.equal(["a1", "b", "c"]);
    for (const id of ["a1", "b", "c"]) m.started(id);
    for (const id of ["a1", "b", "c"]) m.underWay.add(id);
    expect(finish(m, "a1", "").map((effect) => effect.key)).to.deep.equal(["a2"]);
  });

  it("drops the calls of a reply that was cut off, says so, and gives up after three", () => {
    const m = begun();
    expect(answer(m, { calls: [call("a")], finish: "truncated", text: "x" }).map(({ kind }) => kind)).to.deep.equal([
      "model",
    ]);
    const message = m.log.find((event) => event.type === "notice");
    expect(message?.type === "notice" && message.data.content).to.contain("bash");
    expect(m.types()).not.to.include("tool_call");
    answer(m, { calls: [call("b")], finish: "truncated" });
    answer(m, { calls: [call("c")], finish: "truncated" });
    expect(end(m).reason).to.equal("truncated");
  });

  it("has a cut-off answer continued and joins the parts", () => {
    const m = begun();
    answer(m, { text: "one ", finish: "truncated" });
    answer(m, { text: "two", finish: "stop" });
    expect(end(m)).to.deep.include({ reason: "done", final_response: "one two" });
  });

  it("asks once more after an empty reply and then ends by name", () => {
    const m = begun();
    expect(answer(m, {}).map((effect) => effect.kind)).to.deep.equal(["model"]);
    answer(m, {});
    expect(end(m)).to.deep.include({ reason: "empty_reply", final_response: null });
  });

  it("names the iteration limit and a refusal", () => {
    const limited = begun({ maxIterations: 1, parallelTools: 8 });
    answer(limited, { calls: [call("a")] });
    prepare(limited, [prepared("a")]);
    limited.started("a");
    finish(limited, "a", "");
    expect(end(limited)).to.deep.include({ reason: "iteration_limit", final_response: null });

    const refused = begun();
    answer(refused, { text: "no", finish: "refusal" });
    expect(end(refused).reason).to.equal("refusal");
  });

  it("keeps finished results and what was written when the user interrupts", () => {
    const m = begun();
    answer(m, { calls: [call("a"), call("b"), call("c")] });
    prepare(m, [prepared("a"), prepared("b"), prepared("c", { touches: [] })]);
    m.started("a");
    m.started("b");
    m.underWay.add("a").add("b");
    finish(m, "a", "kept");
    m.record(onInterrupt(m.state, "user", ""));
    m.settle();
    expect(m.last()?.type).to.equal("interrupted");
    expect(outputs(m).map(({ tool_call_id, outcome }) => [tool_call_id, outcome])).to.deep.equal([
      ["a", "done"],
      ["b", "cancelled"],
      ["c", "cancelled"],
    ]);
    expect(m.state.history.filter((message) => message.role === "tool")).to.have.length(3);

    m.record(onUserInput(m.state, "again", "i2", "input"));
    m.settle();
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
    m.record(onInterrupt(m.state, "user", "half a sen"));
    m.settle();
    expect(m.state.history.at(-1)).to.deep.include({ role: "assistant", text: "half a sen" });
  });

  it("puts calls on record that were never checked when the user interrupts", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    m.record(onInterrupt(m.state, "user", ""));
    m.settle();
    expect(outputs(m).map(({ outcome }) => outcome)).to.deep.equal(["cancelled"]);
    expect(m.state.history.at(-1)?.role).to.equal("tool");
  });

  it("ends in an error that carries its code and hint, and starts what waited in the queue", () => {
    const m = begun();
    m.record(onUserInput(m.state, "next", "i2", "input"));
    m.record(
      onModelFailed(m.state, {
        code: "LLM_UNAUTHORIZED",
        message: "bad key",
        hint: "set it",
        attempts: 1,
        latencyMs: 2,
        assumedUsd: 0,
      }),
    );
    expect(m.last()).to.deep.equal({
      type: "error",
      data: { error: "bad key", code: "LLM_UNAUTHORIZED", hint: "set it" },
    });
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.turn?.inputId).to.equal("i2");
  });

  it("lets go of what waits when the user takes it back, and of nothing that has begun", () => {
    const m = begun();
    m.record(onUserInput(m.state, "next", "i2", "input"));
    m.record(onUserInput(m.state, "after that", "i3", "input"));
    m.record(onWithdraw(m.state));
    expect(m.state.queue.map(({ text }) => text)).to.deep.equal(["next"]);
    m.record(onWithdraw(m.state));
    expect(onWithdraw(m.state)).to.deep.equal([]);
    expect(m.state.turn?.inputId).to.equal("i1");
    answer(m, { text: "done" });
    m.settle();
    expect([m.state.turn, m.state.queue]).to.deep.equal([null, []]);
  });

  it("lets steered text join before the next model call", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    prepare(m, [prepared("a")]);
    m.started("a");
    m.underWay.add("a");
    m.record(onUserInput(m.state, "rather this", "i2", "steer"));
    expect(m.settle()).to.deep.equal([]);
    m.underWay.delete("a");
    expect(finish(m, "a", "ok").map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.history.at(-1)).to.deep.equal({ role: "user", text: "rather this" });
    expect(m.state.queue).to.have.length(0);
  });

  it("waits for a person, runs what was approved and passes refusals on unaltered", () => {
    const m = begun();
    const ask = (): Verdict => verdict("ask", { reason: "outside" });
    answer(m, { calls: [call("a"), call("b")] });
    expect(prepare(m, [prepared("a"), prepared("b")], ask)).to.deep.equal([]);
    expect(m.last()?.type).to.equal("approval_required");
    m.record(
      onApprovals(m.state, [
        { tool_call_id: "a", approved: true },
        { tool_call_id: "b", approved: false, feedback: "Use /data, NOT /home" },
      ]),
    );
    expect(m.settle().map((effect) => effect.key)).to.deep.equal(["a"]);
    expect(outputs(m)[0]?.output).to.contain("Use /data, NOT /home");
    expect(m.state.turn?.denied).to.equal(1);
  });

  it("gives up calls that wait for a person when the user goes on", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    prepare(m, [prepared("a")], () => verdict("ask"));
    m.record(onUserInput(m.state, "never mind", "i2", "input"));
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.history.at(-1)).to.deep.equal({ role: "user", text: "never mind" });
    expect(outputs(m)[0]?.outcome).to.equal("denied");
  });

  it("tells a missing approval from what the policy forbids in any run", () => {
    for (const [kind, approval, outcome, denied] of [
      ["ask", "deny", "denied", 1],
      ["deny", "auto", "forbidden", 0],
    ] as const) {
      const m = begun();
      answer(m, { calls: [call("a")] });
      const due = prepare(m, [prepared("a")], () => verdict(kind, { reason: "because" }), approval);
      expect(due.map((effect) => effect.kind)).to.deep.equal(["model"]);
      expect(outputs(m)[0]).to.deep.include({ outcome });
      expect(outputs(m)[0]?.output).to.contain("because");
      expect(m.state.turn?.denied).to.equal(denied);
    }
  });

  it("takes back the newest turn with its plan, and says when there is none", () => {
    const m = begun();
    m.record([{ type: "plan_update", data: { plan: [{ id: "1", content: "x", status: "pending" }] } }]);
    answer(m, { text: "done" });
    m.record(onUndo(m.state));
    expect(m.state.history).to.deep.equal([]);
    expect(m.state.plan).to.deep.equal([]);
    expect(m.state.revision).to.equal(1);
    m.record(onUndo(m.state));
    expect(m.last()).to.deep.equal({ type: "undo_complete", data: { turns: 0, input_id: null } });
  });
});
