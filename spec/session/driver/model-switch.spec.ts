import { expect } from "chai";
import { type Driven, driven } from "../../support/driver.ts";
import { call, prepared, reply } from "../../support/turn.ts";
import { finished, roomy, spoken, tried, usage } from "./stories.ts";

const large = { ...usage, prompt_tokens: 20_000 };

/** A model with a window of 8,000 tokens was tried while a conversation of 20,000 waits for the present one. */
async function switching(): Promise<Driven> {
  const session = await spoken({ limits: roomy }, "x".repeat(80_000));
  await session.operate({ type: "set_model", model: "small" });
  await session.answer("llm.probe", tried("small", { context_tokens: 8_000 }));
  return session;
}

/** The same, and the conversation is being made shorter for it. */
async function compacting(): Promise<Driven> {
  const session = await switching();
  await session.answer("llm.complete", reply({ text: "done", usage: large }));
  expect(session.asks.has("context.compact")).to.equal(true);
  return session;
}

const rejected = (session: Driven) =>
  session.journal.flatMap((event) => (event.type === "model_rejected" ? [event.data.model] : []));

describe("driver: a model that is being tried", () => {
  it("is given up when the user says stop and no turn runs, and what it may have cost is booked", async () => {
    const session = await spoken({ limits: roomy });
    await session.answer("llm.complete", reply({ text: "done", usage }));
    await session.operate({ type: "set_model", model: "slow" });
    const asked = session.asks.find("llm.probe");
    await session.operate({ type: "interrupt", reason: "signal" });
    expect(asked.cancelled).to.equal(false);
    await session.operate({ type: "interrupt" });
    expect(asked.cancelled).to.equal(true);
    expect(session.last("model_rejected").data).to.include({ model: "slow", code: "CANCELLED" });
    expect(session.last("llm_call").data).to.include({ kind: "probe", model: "slow", finish_reason: "interrupted" });
    expect(session.state.wanted).to.equal(null);
    expect(session.state.money.open.size).to.equal(0);
    // Nothing is left of it, and nobody asks again.
    expect(session.asks.made("llm.probe")).to.have.length(1);
    expect(session.state.model).not.to.equal("slow");
  });

  it("is given up with the compaction that was to make room for it", async () => {
    const session = await compacting();
    const asked = session.asks.find("context.compact");
    await session.operate({ type: "interrupt" });
    expect(asked.cancelled).to.equal(true);
    expect(rejected(session)).to.deep.equal(["small"]);
    expect(session.types()).not.to.include("compact_failed");
  });
});

describe("driver: a compaction for another model's sake", () => {
  it("rejects that model when it fails, and the session goes on", async () => {
    const session = await compacting();
    await session.fail("context.compact", "CONTEXT_TOO_SMALL");
    expect(rejected(session)).to.deep.equal(["small"]);
    expect(session.types()).not.to.include("session_terminated");
  });

  it("that fails when the model is no longer wanted is no matter", async () => {
    const session = await compacting();
    await session.operate({ type: "set_model", model: "typo" });
    await session.fail("llm.probe", "LLM_MODEL_UNKNOWN", { attempts: 1 });
    await session.fail("context.compact", "CONTEXT_TOO_SMALL");
    expect(rejected(session)).to.deep.equal(["typo"]);
    expect(session.types()).not.to.include("session_terminated");
  });

  it("that fails does not reject the model which is wanted instead", async () => {
    const session = await compacting();
    await session.operate({ type: "set_model", model: "big" });
    await session.fail("context.compact", "CONTEXT_TOO_SMALL");
    await session.answer("llm.probe", tried("big"));
    expect(rejected(session)).to.deep.equal([]);
    expect(session.state.model).to.equal("big");
  });

  it("goes on when the turn beside it is interrupted, and is not begun, or paid for, again", async () => {
    const session = await switching();
    await session.answer("llm.complete", reply({ calls: [call("a")], usage: large }));
    await session.answer("tools.prepare", [prepared("a")]);
    await session.answer("tools.run", { ok: true, text: "x" });
    const asked = session.asks.find("context.compact");
    await session.operate({ type: "interrupt" });
    expect(asked.cancelled).to.equal(false);
    expect(session.asks.made("context.compact")).to.have.length(1);
  });

  it("does not begin between calls and their results", async () => {
    const session = await switching();
    await session.answer("llm.complete", reply({ calls: [call("a")], usage: large }));
    expect(session.asks.has("context.compact")).to.equal(false);
    expect(session.asks.has("tools.prepare")).to.equal(true);
  });
});

describe("driver: a model that is wanted", () => {
  it("gives way to the one that the user names at the next start", async () => {
    const session = await spoken();
    await session.operate({ type: "set_model", model: "old-wish" });
    session.nextProcess();
    session.publish({ type: "model_changed", data: { model: "flag", reason: "start" } });
    await session.operate({ type: "resume" });
    expect(session.asks.has("llm.probe")).to.equal(false);
    expect(session.state.model).to.equal("flag");
    expect(session.asks.find("llm.complete").body.model).to.equal("flag");
  });

  it("is not said to be too dear when the one who knows its price has died", async () => {
    const session = driven();
    await session.operate({ type: "set_budget", usd: 10 });
    await session.operate({ type: "set_model", model: "other" });
    await session.fail("llm.describe", "ACTOR_GONE");
    expect(session.types()).not.to.include("model_rejected");
    expect(session.asks.find("llm.describe").body.model).to.equal("other");
  });

  it("comes into use in an idle session without a turn", async () => {
    const session = await finished(spoken());
    await session.operate({ type: "set_model", model: "other" });
    await session.answer("llm.probe", tried("other"));
    expect(session.state.model).to.equal("other");
    expect(session.waiting()).to.deep.equal([]);
  });
});
