import { expect } from "chai";
import type { Verdict } from "../../../actors/session/policy/types.ts";
import { driven } from "../../support/driver.ts";
import { prepared, reply, verdict } from "../../support/turn.ts";
import { callWith, describeAll } from "./stories.ts";

const ask = verdict("ask", { reason: "r" });

/** A session in which a call waits for a person; `then` is what the policy says from then on. */
async function waiting(then: Verdict) {
  let said = ask;
  const session = driven({ judge: () => said });
  await session.operate({ type: "user_input", text: "do it" });
  await describeAll(session);
  await session.answer("llm.complete", reply({ calls: [callWith("a", { command: "x" })] }));
  await session.answer("tools.prepare", [prepared("a", { arguments: { command: "x" } })]);
  await session.answer("tools.preview", null);
  expect(session.types()).to.include("approval_required");
  said = then;
  return session;
}

const outputs = (session: Awaited<ReturnType<typeof waiting>>) =>
  session.journal.flatMap((event) => (event.type === "tool_output" ? [event.data] : []));

const approved = { tool_call_id: "a", approved: true };
const edited = { ...approved, arguments: { command: "y" } };
const refused = { tool_call_id: "a", approved: false };

describe("driver: answers of a person", () => {
  it("that change a call let it end once, also when the turn is interrupted before it is checked", async () => {
    const session = await waiting(ask);
    await session.operate({ type: "exec_approval", approvals: [edited] });
    expect(session.asks.has("tools.prepare")).to.equal(true);
    await session.operate({ type: "interrupt" });
    expect(outputs(session).map(({ outcome }) => outcome)).to.deep.equal(["cancelled"]);
  });

  for (const approvals of [
    [edited, refused],
    [refused, edited],
    [approved, refused],
    [refused, approved],
  ]) {
    const order = approvals.map((one) => (one === edited ? "change" : one === approved ? "approval" : "refusal"));
    it(`keep a call from running that one of them refuses (${order.join(", then ")})`, async () => {
      const session = await waiting(verdict("allow"));
      await session.operate({ type: "exec_approval", approvals });
      expect(session.asks.has("tools.prepare")).to.equal(false);
      expect(session.asks.made("tools.run")).to.deep.equal([]);
      expect(outputs(session).map(({ outcome }) => outcome)).to.deep.equal(["denied"]);
    });
  }

  it("of which two change the same call run it once, as the last one has it", async () => {
    const session = await waiting(verdict("allow"));
    const last = { ...approved, arguments: { command: "z" } };
    await session.operate({ type: "exec_approval", approvals: [edited, last] });
    const { calls } = session.asks.find("tools.prepare").body;
    expect(calls).to.deep.equal([callWith("a", { command: "z" })]);
    await session.answer("tools.prepare", [prepared("a", { arguments: { command: "z" } })]);
    expect(session.asks.made("tools.run").map(({ body }) => body.arguments)).to.deep.equal([{ command: "z" }]);
  });
});
