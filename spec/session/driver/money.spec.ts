import { expect } from "chai";
import type { SummaryCall } from "../../../actors/context/protocol.ts";
import { call, reply } from "../../support/turn.ts";
import {
  called,
  capped,
  describeAll,
  finished,
  inTheBooks,
  priced,
  setAside,
  shorter,
  spoken,
  unknownSums,
  untold,
  usage,
} from "./stories.ts";

const paid: SummaryCall = {
  ...usage,
  model: "m",
  costUsd: 0.004,
  assumedUsd: 0,
  latencyMs: 1,
  attempts: 1,
  failed: false,
};

describe("driver: money for summaries", () => {
  it("is bounded for each request, and the one who makes them is told the bound", async () => {
    const session = await finished(capped(10));
    await session.operate({ type: "compact" });
    const { spend } = session.asks.find("context.compact").body;
    expect(spend?.mostMicroUsd).to.be.greaterThan(0);
    expect(session.last("llm_started").data).to.include({ kind: "summary", reserved_micro_usd: spend?.mostMicroUsd });
  });

  it("stays in the books after an interrupt, also when the next summary asks no model", async () => {
    const session = await finished(capped(10, {}, "x".repeat(200)));
    const before = inTheBooks(session);
    await session.operate({ type: "user_input", text: "go on" });
    await session.operate({ type: "compact" });
    await called(session, [call("a")]);
    await session.answer("tools.run", { ok: true, text: "x" });
    const set = setAside(session, "summary");
    expect(set).to.be.greaterThan(0);
    await session.operate({ type: "interrupt" });
    // No room for another summary by a model.
    await session.operate({ type: "set_budget", usd: (inTheBooks(session) + 100) / 1e6 });
    await session.operate({ type: "compact" });
    expect(session.asks.find("context.compact").body.model).to.equal(null);
    await session.answer("context.compact", shorter());
    expect(inTheBooks(session)).to.be.at.least(before + set);
  });

  it("that was spent on a compaction which failed is in the books, and the rest is free again", async () => {
    const session = await finished(capped(10));
    const before = inTheBooks(session);
    await session.operate({ type: "compact" });
    expect(setAside(session, "summary")).to.be.greaterThan(4_000);
    await session.fail("context.compact", "CONTEXT_TOO_SMALL", { hint: "h", calls: [paid] });
    expect(session.last("llm_call").data).to.deep.include({ kind: "summary", cost_usd: 0.004, finish_reason: "stop" });
    expect(inTheBooks(session)).to.equal(before + 4_000);
  });

  it("counts as perhaps spent when the user stops the compaction of an idle session", async () => {
    const session = await finished(capped(10));
    const before = inTheBooks(session);
    await session.operate({ type: "compact" });
    const set = setAside(session, "summary");
    expect(set).to.be.greaterThan(0);
    await session.operate({ type: "interrupt" });
    expect(inTheBooks(session)).to.be.at.least(before + set);
  });

  for (const code of ["ACTOR_GONE", "ASK_TIMEOUT"]) {
    it(`counts as perhaps spent when the compaction ends in ${code}, each time`, async () => {
      const session = await finished(capped(10));
      const before = inTheBooks(session);
      await session.operate({ type: "compact" });
      let owed = 0;
      for (let tries = 0; session.asks.has("context.compact") && tries < 20; tries++) {
        owed += setAside(session, "summary");
        await session.fail("context.compact", code);
      }
      expect(session.types()).to.include("compact_failed");
      expect(owed).to.be.greaterThan(0);
      expect(inTheBooks(session)).to.be.at.least(before + owed);
    });
  }

  it("leaves a trace without a budget as well, when nobody can tell what was spent", async () => {
    const session = await spoken();
    await session.operate({ type: "compact" });
    await called(session, [call("a")]);
    await session.answer("tools.run", { ok: true, text: "x" });
    await session.operate({ type: "interrupt" });
    expect(unknownSums(session)).to.equal(1);
    session.nextProcess();
    expect(session.state.money.unbounded).to.equal(1);
  });
});

describe("driver: money for trials of models", () => {
  for (const code of ["ASK_TIMEOUT", "ACTOR_GONE"]) {
    it(`counts as perhaps spent after ${code}, each time`, async () => {
      const session = await finished(capped(10));
      await session.operate({ type: "set_model", model: "other" });
      let owed = 0;
      while (session.asks.has("llm.describe") || session.asks.has("llm.probe")) {
        await describeAll(session);
        owed += setAside(session, "probe");
        await session.fail("llm.probe", code);
      }
      expect(owed).to.be.greaterThan(0);
      expect(session.types()).to.include("model_rejected");
      expect(inTheBooks(session)).to.be.at.least(owed);
    });
  }

  it("counts for a trial that another wish replaced, whatever becomes of that one", async () => {
    const session = await finished(capped(0.1));
    await session.operate({ type: "set_model", model: "a" });
    await session.answer("llm.describe", priced("a"));
    const owed = setAside(session, "probe");
    expect(owed).to.be.greaterThan(0);
    expect(session.asks.has("llm.probe")).to.equal(true);
    await session.operate({ type: "set_model", model: "dear" });
    await describeAll(session, { price: { input: 1e5, output: 1e5 } });
    expect(session.last("model_rejected").data).to.include({ model: "dear", code: "LLM_BUDGET" });
    expect(inTheBooks(session)).to.be.at.least(owed);
  });
});

describe("driver: money for replies", () => {
  it("counts as perhaps spent when the caller does not answer in time", async () => {
    const session = await capped(10);
    const set = setAside(session, "main");
    expect(set).to.be.greaterThan(0);
    await session.fail("llm.complete", "ASK_TIMEOUT");
    expect(inTheBooks(session)).to.be.at.least(set);
  });

  it("leaves a trace without a budget as well, when the process did not survive the call", async () => {
    const session = await spoken();
    session.nextProcess();
    expect(session.state.money.unbounded).to.equal(1);
  });

  it("is no less for a conversation that was compacted on an estimate than it was before", async () => {
    const session = await capped(10, {}, "字".repeat(1_000));
    const before = session.asks.find("llm.complete").body.spend?.promptTokens ?? Number.POSITIVE_INFINITY;
    await session.answer("llm.complete", reply({ text: "done", usage: untold }));
    await session.operate({ type: "compact" });
    // It leaves all as it is, and reports its estimate at four characters a token.
    await session.answer("context.compact", shorter({ prefix: [], keepFrom: 0, by: "none", newTokens: 251 }));
    await session.operate({ type: "user_input", text: "go on" });
    expect(session.asks.find("llm.complete").body.spend?.promptTokens).to.be.at.least(before);
  });
});
