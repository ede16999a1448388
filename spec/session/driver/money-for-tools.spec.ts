import { expect } from "chai";
import { call, prepared, reply } from "../../support/turn.ts";
import { called, capped, inTheBooks } from "./stories.ts";

describe("driver: money for tools", () => {
  const spends = (usd: number) => ({ touches: [{ kind: "spend" as const, usd }] });

  it("does not suffice for two jobs of 3 dollars under a budget of 5: one starts, the other is refused", async () => {
    const session = await capped(5);
    await called(session, [call("a"), call("b")], { onCrash: "keyed", ...spends(3) });
    expect(session.asks.made("tools.run").map(({ body }) => body.id)).to.deep.equal(["a"]);
    expect(session.last("tool_output").data).to.include({ tool_call_id: "b", outcome: "over_budget" });
  });

  for (const onCrash of ["adopt", "keyed"] as const) {
    it(`is set aside once for a call of the class ${onCrash} that is taken up after a crash`, async () => {
      const session = await capped(5);
      await called(session, [call("a")], { onCrash, ...spends(3) });
      expect(inTheBooks(session)).to.equal(3_000_000);
      session.nextProcess();
      await session.operate({ type: "resume" });
      expect(session.asks.find("tools.run").body.id).to.equal("a");
      expect(inTheBooks(session)).to.equal(3_000_000);
    });
  }

  it("is set aside once for a call that had not happened when the process ended", async () => {
    const session = await capped(5);
    await called(session, [call("a")], { onCrash: "probe", ...spends(3) });
    session.nextProcess();
    await session.operate({ type: "resume" });
    await session.answer("tools.probe", { state: "not_done" });
    expect(session.asks.find("tools.run").body).to.include({ id: "a", attempt: 2 });
    expect(inTheBooks(session)).to.equal(3_000_000);
  });

  it("keeps a call from running again that would be paid for twice", async () => {
    const session = await capped(5);
    await called(session, [call("a")], { onCrash: "pure", ...spends(3) });
    session.nextProcess();
    await session.operate({ type: "resume" });
    expect(session.asks.made("tools.run")).to.have.length(1);
    expect(session.last("tool_output").data).to.include({ tool_call_id: "a", outcome: "over_budget" });
    expect(inTheBooks(session)).to.be.at.most(5_000_000);
  });

  it("is not mixed up with money for models, whatever id a provider gives a call", async () => {
    const session = await capped(5);
    await session.answer("llm.complete", reply({ calls: [call("main"), call("summary"), call("probe")] }));
    const ids = ["main", "summary", "probe"];
    await session.answer(
      "tools.prepare",
      ids.map((id) => prepared(id, { onCrash: "keyed", ...spends(1) })),
    );
    session.nextProcess();
    expect(session.state.money).to.include({ assumed: 0 });
    await session.operate({ type: "resume" });
    expect(inTheBooks(session)).to.equal(3_000_000);
  });
});
