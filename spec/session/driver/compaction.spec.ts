import { expect } from "chai";
import { call, reply } from "../../support/turn.ts";
import { called, finished, holds, shorter, spoken } from "./stories.ts";

describe("driver: a compaction that the user asks for", () => {
  it("is told when it fails, is not begun again, and the session goes on", async () => {
    const session = await finished(spoken());
    await session.operate({ type: "compact" });
    await session.fail("context.compact", "CONTEXT_TOO_SMALL", { hint: "Begin anew.", calls: [] });
    expect(session.waiting()).to.deep.equal([]);
    expect(session.last("compact_failed").data).to.include({ trigger: "manual", hint: "Begin anew." });
    expect(session.types()).not.to.include("session_terminated");
    await session.operate({ type: "user_input", text: "go on" });
    expect(session.asks.made("context.compact")).to.have.length(1);
    expect(session.asks.has("llm.complete")).to.equal(true);
  });

  it("within a turn is told when it fails, and the turn goes on", async () => {
    const session = await spoken();
    await session.operate({ type: "compact" });
    await called(session, [call("a")]);
    await session.answer("tools.run", { ok: true, text: "x" });
    await session.fail("context.compact", "CONTEXT_TOO_SMALL");
    expect(session.types()).to.include("compact_failed");
    expect(session.asks.made("context.compact")).to.have.length(1);
    expect(session.asks.has("llm.complete")).to.equal(true);
  });

  it("is given up when the context actor dies over it again and again", async () => {
    const session = await finished(spoken());
    await session.operate({ type: "compact" });
    for (let deaths = 0; session.asks.has("context.compact") && deaths < 20; deaths++) {
      await session.fail("context.compact", "ACTOR_GONE");
    }
    expect(session.asks.made("context.compact")).to.have.length(3);
    expect(session.last("compact_failed").data.message).to.contain("died");
    expect(session.state.halted).to.equal(false);
  });

  it("ends with an interrupt of the turn that it is part of", async () => {
    const session = await spoken();
    await called(session, [call("a")]);
    await session.operate({ type: "compact" });
    await session.answer("tools.run", { ok: true, text: "x" });
    const [asked] = session.asks.made("context.compact");
    await session.operate({ type: "interrupt" });
    expect(asked?.cancelled).to.equal(true);
    expect(session.asks.made("context.compact")).to.have.length(1);
    expect(session.state.mustCompact).to.equal(null);
  });

  it("ends with an interrupt when nothing else goes on", async () => {
    const session = await finished(spoken());
    await session.operate({ type: "compact" });
    const asked = session.asks.find("context.compact");
    await session.operate({ type: "interrupt" });
    expect(asked.cancelled).to.equal(true);
    expect(session.waiting()).to.deep.equal([]);
    expect(session.last("compact_failed").data).to.include({ trigger: "manual", code: "CANCELLED" });
  });

  it("is made after the interrupt of one that a refusal had asked for", async () => {
    const session = await spoken();
    await session.fail("llm.complete", "LLM_CONTEXT_OVERFLOW", { attempts: 1 });
    expect(session.asks.has("context.compact")).to.equal(true);
    await session.operate({ type: "interrupt" });
    expect(session.asks.has("context.compact")).to.equal(false);
    await session.operate({ type: "compact" });
    expect(session.asks.has("context.compact")).to.equal(true);
  });
});

describe("driver: undo while a compaction runs", () => {
  it("takes back the newest turn before what waits in the queue begins", async () => {
    const session = await finished(spoken());
    await session.operate({ type: "compact" });
    await session.operate({ type: "user_input", text: "next" });
    await session.operate({ type: "undo" });
    while (session.asks.has("context.compact")) await session.answer("context.compact", shorter({ keepFrom: 0 }));
    expect(session.asks.find("llm.complete").body.history.messages).to.deep.equal([{ role: "user", text: "next" }]);
    expect(session.state.history).to.have.length(1);
  });

  it("does not let the compaction bring back what was taken back", async () => {
    const session = await finished(spoken());
    await session.operate({ type: "user_input", text: "SECRET second" });
    await session.answer("llm.complete", reply({ text: "two" }));
    await session.operate({ type: "compact" });
    const asked = session.asks.find("context.compact");
    await session.operate({ type: "undo" });
    expect(asked.cancelled).to.equal(true);
    const prefix = [
      { role: "user" as const, text: "do it" },
      { role: "notice" as const, text: "summary of SECRET second" },
    ];
    asked.answer(shorter({ prefix, keepFrom: 4 }));
    await session.operate({ type: "user_input", text: "third" });
    while (session.asks.has("context.compact")) await session.answer("context.compact", shorter({ keepFrom: 0 }));
    expect(holds(session.asks.find("llm.complete").body.history.messages, "SECRET")).to.equal(false);
    expect(holds(session.state.history, "SECRET")).to.equal(false);
  });
});
