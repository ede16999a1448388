import { expect } from "chai";
import type { DurableEvents, Json } from "../../actors/events.ts";
import type { Reply } from "../../actors/llm/protocol.ts";
import { onApprovals, onCallLost, onPrepared, onToolSettled } from "../../actors/session/on-calls.ts";
import { onUndo, onUserInput } from "../../actors/session/on-input.ts";
import { onInterrupt } from "../../actors/session/on-interrupt.ts";
import { onModelFailed, onReply } from "../../actors/session/on-model.ts";
import type { Verdict } from "../../actors/session/policy.ts";
import { callOf } from "../../actors/session/state.ts";
import type { Prepared } from "../../actors/tools/protocol.ts";
import { machine, prepared, reply } from "../support/turn.ts";

const allowed = (): Verdict => ({ verdict: "allow", reason: "" });
const call = (id: string, args: Json = {}) => ({ id, tool: "bash", arguments: args });

/** A machine in which the user has spoken and the model is due. */
function begun(limits?: Parameters<typeof machine>[0]) {
  const m = machine(limits);
  m.record(onUserInput(m.state, "do it", "i1", "input"));
  m.settle();
  return m;
}

type Machine = ReturnType<typeof machine>;

function answer(m: Machine, part: Partial<Reply>) {
  m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
  m.record(onReply(m.state, reply(part)));
  return m.settle();
}

function prepare(m: Machine, calls: Prepared[], verdict = allowed, approval: "ask" | "auto" | "deny" = "ask") {
  m.record(onPrepared(m.state, calls, verdict, approval));
  return m.settle();
}

function finish(m: Machine, id: string, text: string, ok = true) {
  const found = callOf(m.state, id);
  if (found === undefined) throw new Error(`no call ${id}`);
  m.record(onToolSettled(found, { kind: "result", result: { text, ok } }, 1));
  return m.settle();
}

function outputs(m: Machine): DurableEvents["tool_output"][] {
  return m.log.flatMap((event) => (event.type === "tool_output" ? [event.data] : []));
}

function end(m: Machine): DurableEvents["turn_complete"] {
  const event = m.last();
  if (event?.type !== "turn_complete") throw new Error(`the turn has not ended but ${event?.type}`);
  return event.data;
}

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
      }),
    );
    expect(m.last()).to.deep.equal({
      type: "error",
      data: { error: "bad key", code: "LLM_UNAUTHORIZED", hint: "set it" },
    });
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.turn?.inputId).to.equal("i2");
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
    const ask = (): Verdict => ({ verdict: "ask", reason: "outside" });
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
    prepare(m, [prepared("a")], () => ({ verdict: "ask", reason: "x" }));
    m.record(onUserInput(m.state, "never mind", "i2", "input"));
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.history.at(-1)).to.deep.equal({ role: "user", text: "never mind" });
    expect(outputs(m)[0]?.outcome).to.equal("denied");
  });

  it("tells a missing approval from what the policy forbids in any run", () => {
    for (const [verdict, approval, outcome, denied] of [
      ["ask", "deny", "denied", 1],
      ["deny", "auto", "forbidden", 0],
    ] as const) {
      const m = begun();
      answer(m, { calls: [call("a")] });
      const due = prepare(m, [prepared("a")], () => ({ verdict, reason: "because" }), approval);
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

describe("a session that is cut off between two events", () => {
  /** What a new process finds when the log is cut after the last event that `keep` accepts. */
  function cutAfter(m: Machine, keep: (type: string) => boolean) {
    const last = m.log.findLastIndex((event) => keep(event.type));
    const later = machine();
    later.log.length = 0;
    later.record(m.log.slice(1, last + 1));
    later.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    return later;
  }

  it("never runs a call that was refused, whatever came of saying so", () => {
    for (const [verdict, approval] of [
      ["deny", "auto"],
      ["ask", "deny"],
    ] as const) {
      const m = begun();
      answer(m, { calls: [call("a")] });
      m.record(onPrepared(m.state, [prepared("a")], () => ({ verdict, reason: "no" }), approval));
      const later = cutAfter(m, (type) => type === "tool_call");
      expect(later.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
      expect(outputs(later)).to.have.length(1);
      expect(outputs(later)[0]?.success).to.equal(false);
    }
  });

  it("asks for an approval that nobody was asked for yet, and runs nothing before it is given", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    m.record(onPrepared(m.state, [prepared("a")], () => ({ verdict: "ask", reason: "outside" }), "ask"));
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

describe("the turn machine at its edges", () => {
  it("takes blanks for an empty reply", () => {
    const m = begun();
    expect(answer(m, { text: " \n" }).map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(m.state.history.some((message) => message.role === "assistant")).to.equal(false);
  });

  it("forgets which files the model knows when the turn that read them is taken back", () => {
    const m = begun();
    answer(m, { calls: [call("a")] });
    prepare(m, [prepared("a")]);
    m.started("a");
    const a = callOf(m.state, "a");
    if (a) m.record(onToolSettled(a, { kind: "result", result: { text: "", ok: true, files: { "/w/a": "hash" } } }, 1));
    expect(m.state.files.get("/w/a")).to.equal("hash");
    m.record(onUndo(m.state));
    expect(m.state.files.size).to.equal(0);
  });

  it("books a reply on the model that was asked", () => {
    const m = begun();
    m.record([{ type: "llm_started", data: { iteration: 1, model: "first" } }]);
    m.record([{ type: "model_changed", data: { model: "second" } }]);
    m.record(onReply(m.state, reply({ text: "hello" })));
    const books = m.log.flatMap((event) => (event.type === "llm_call" ? [event.data.model] : []));
    expect(books).to.deep.equal(["first"]);
  });

  it("does not join a steered answer to the reply that was cut off before it", () => {
    const m = begun();
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
    m.record(onReply(m.state, reply({ text: "Once upon a ti", finish: "truncated" })));
    m.record(onUserInput(m.state, "what is 2 + 2?", "i2", "steer"));
    m.settle();
    answer(m, { text: "4" });
    expect(end(m).final_response).to.equal("4");
  });

  it("leaves steered input for the next turn at the iteration limit", () => {
    const m = begun({ maxIterations: 1, parallelTools: 8 });
    m.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
    m.record(onReply(m.state, reply({ text: "answer" })));
    m.record(onUserInput(m.state, "and this?", "i2", "steer"));
    expect(m.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    const ends = m.log.flatMap((event) => (event.type === "turn_complete" ? [event.data.final_response] : []));
    expect(ends).to.deep.equal(["answer"]);
    expect(m.state.turn?.inputId).to.equal("i2");
  });

  it("has the watcher's note read before the next model call, but lets an answer stand that came first", () => {
    const guard = { kind: "notice", reason: "doom_loop:1", content: "You repeat yourself.", turn: 1 } as const;
    const early = begun();
    early.record([{ type: "guard_raised", data: { guard } }]);
    expect(early.settle().map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(early.state.history.at(-1)).to.deep.equal({ role: "notice", text: guard.content });

    const late = begun();
    late.record([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
    late.underWay.add("model");
    late.record([{ type: "guard_raised", data: { guard } }]);
    expect(late.settle()).to.deep.equal([]);
    late.underWay.delete("model");
    late.record(onReply(late.state, reply({ text: "the answer" })));
    late.settle();
    expect(end(late)).to.deep.include({ reason: "done", final_response: "the answer", iterations: 1 });
  });

  it("refuses a tool that the watcher forbids for one reply, and ends a turn that it stops by name", () => {
    const m = begun();
    const guard = { kind: "forbid", reason: "doom_loop:2", tool: "bash", content: "Not again.", turn: 1 } as const;
    m.record([{ type: "guard_raised", data: { guard } }]);
    m.settle();
    answer(m, { calls: [call("a")] });
    expect(prepare(m, [prepared("a")]).map((effect) => effect.kind)).to.deep.equal(["model"]);
    expect(outputs(m)[0]?.outcome).to.equal("forbidden");
    answer(m, { calls: [call("b")] });
    expect(prepare(m, [prepared("b")]).map((effect) => effect.key)).to.deep.equal(["b"]);
    m.started("b");
    const stop = { kind: "stop", reason: "doom_loop", content: "", turn: 1 } as const;
    m.record([{ type: "guard_raised", data: { guard: stop } }]);
    finish(m, "b", "");
    expect(end(m)).to.deep.include({ reason: "doom_loop", final_response: null });
  });

  it("attaches to a command however often its executor dies, and tries suspects alone before it gives one up", () => {
    const m = begun();
    const ids = ["command", "poison", "innocent"];
    answer(m, { calls: ids.map((id) => call(id)) });
    prepare(m, [prepared("command", { onCrash: "adopt" }), prepared("poison"), prepared("innocent")]);
    for (let death = 0; death < 2; death++) for (const id of ids) m.started(id);
    expect(m.settle().map((effect) => effect.key)).to.deep.equal(["command", "poison"]);
    for (const id of ["command", "poison"]) m.started(id);
    expect(m.settle().map((effect) => effect.key)).to.deep.equal(["command", "innocent"]);
    expect(outputs(m).map(({ tool_call_id }) => tool_call_id)).to.deep.equal(["poison"]);
  });
});

describe("a call that was under way when its process died", () => {
  function died(onCrash: "pure" | "keyed" | "probe" | "adopt" | "effect") {
    const m = begun();
    answer(m, { calls: [call("a")] });
    prepare(m, [prepared("a", { onCrash })]);
    m.started("a");
    m.record([{ type: "process_started", data: { epoch: 2, pid: 1 } }]);
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
