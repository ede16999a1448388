import { expect } from "chai";
import { driven } from "../../support/driver.ts";
import { call } from "../../support/turn.ts";
import { called, describeAll, priced, spoken } from "./stories.ts";

describe("driver: one that died and was started again in the same process", () => {
  it("takes up the turn, and what answers to the old one is passed over", async () => {
    const session = await spoken();
    await called(session, [call("a")], { onCrash: "adopt" });
    const before = session.asks.find("tools.run");
    await session.nextDriver();
    const attached = session.asks.find("tools.run");
    expect(attached).not.to.equal(before);
    before.answer({ ok: true, text: "to the old one" });
    await session.answer("tools.run", { ok: true, text: "to the new one" });
    const outputs = session.journal.flatMap((event) => (event.type === "tool_output" ? [event.data.output] : []));
    expect(outputs).to.deep.equal(["to the new one"]);
    expect(session.late).to.deep.equal([]);
  });

  it("is the only one that runs a call again of which the world says that it did not happen", async () => {
    const session = await spoken();
    await called(session, [call("a")], { onCrash: "probe" });
    session.nextProcess();
    await session.operate({ type: "resume" });
    const before = session.asks.find("tools.probe");
    await session.nextDriver();
    before.answer({ state: "not_done" });
    await session.answer("tools.probe", { state: "not_done" });
    const again = session.asks.made("tools.run").filter(({ body }) => body.attempt > 1);
    expect(again).to.have.length(1);
    expect(session.late).to.deep.equal([]);
  });

  it("is the only one that has the conversation made shorter", async () => {
    const session = driven();
    await session.operate({ type: "set_budget", usd: 10 });
    await session.operate({ type: "compact" });
    const before = session.asks.find("llm.describe");
    await session.nextDriver();
    before.answer(priced("m"));
    await describeAll(session);
    expect(session.asks.made("context.compact")).to.have.length(1);
    expect(session.late).to.deep.equal([]);
  });
});
