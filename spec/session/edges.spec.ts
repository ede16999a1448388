import { expect } from "chai";
import { callOf } from "../../actors/session/state.ts";
import { onToolSettled } from "../../actors/session/turn/on-calls.ts";
import { onUndo, onUserInput } from "../../actors/session/turn/on-input.ts";
import { onReply } from "../../actors/session/turn/on-model.ts";
import { answer, begun, call, end, finish, outputs, prepare, prepared, reply } from "../support/turn.ts";

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
