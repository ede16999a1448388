import { expect } from "chai";
import { compact } from "../../../actors/context/compact.ts";
import type { LlmProtocol, Message } from "../../../actors/llm/protocol.ts";
import { type ActorRef, codeOf } from "../../../runtime/index.ts";
import { problemOf, request, workshop } from "../../context/conversations.ts";
import { type Driven, settled } from "../../support/driver.ts";
import { prepared, reply, window } from "../../support/turn.ts";
import { callWith, spoken, tried, usage } from "./stories.ts";

describe("driver: with the compaction of the program", () => {
  const shop = workshop();
  after(() => shop.remove());

  /** Carries out the compaction that the driver asks for, as the context actor does, without a model. */
  async function carryOut(session: Driven): Promise<void> {
    const asked = session.asks.find("context.compact");
    try {
      asked.answer(await shop.run({ ...asked.body, model: null }));
    } catch (error) {
      asked.fail(codeOf(error) ?? "FAILED");
    }
    await settled();
  }

  it("the next model gets no result without its call when the switch came while the call ran", async () => {
    const context = window(1_000_000, { ownWindow: null, overheadChars: 400 });
    const session = await spoken({ limits: { context } }, "task");
    const args = { content: "z".repeat(12_000) };
    const long = { ...usage, prompt_tokens: 4_000 };
    await session.answer("llm.complete", reply({ calls: [callWith("c1", args)], usage: long }));
    await session.answer("tools.prepare", [prepared("c1", { arguments: args })]);
    await session.operate({ type: "set_model", model: "small" });
    await session.answer("llm.probe", tried("small", { context_tokens: 3_000 }));
    if (session.asks.has("context.compact")) await carryOut(session);
    await session.answer("tools.run", { ok: true, text: "ran" });
    if (session.asks.has("context.compact")) await carryOut(session);
    expect(session.asks.made("context.compact")).to.have.length(1);
    expect(session.state.model).to.equal("small");
    expect(problemOf(session.asks.find("llm.complete").body.history.messages)).to.equal(null);
  });

  it("a short conversation in a window that the tools alone fill cannot be made shorter, which is tried once", async () => {
    const context = window(4_096, { triggerMost: { other: 170_000 }, overheadChars: 14_600 });
    const session = await spoken({ limits: { context } }, "hi");
    await session.answer("llm.complete", reply({ text: "Hello", usage: { ...usage, prompt_tokens: 3_655 } }));
    await session.operate({ type: "compact" });
    for (let times = 0; session.asks.has("context.compact") && times < 20; times++) await carryOut(session);
    expect(session.asks.made("context.compact")).to.have.length(1);
    expect(session.types().filter((type) => type === "compact_failed")).to.have.length(1);
    expect(session.types()).not.to.include("session_terminated");
  });

  it("asks no model for a summary when the conversation then does not fit all the same", async () => {
    let asked = 0;
    const llm = {
      id: "llm",
      tell: () => true,
      ask: async () => {
        asked += 1;
        return reply({ text: "word ".repeat(900), costUsd: 0.5 });
      },
    } as unknown as ActorRef<LlmProtocol>;
    const plan = Array.from({ length: 40 }, (_, i) => ({
      id: `${i}`,
      content: "step ".repeat(4),
      status: "pending" as const,
    }));
    const turns = Array.from({ length: 30 }, (_, i): Message => {
      const text = `m${i} `.repeat(120);
      return i % 2 === 1 ? { role: "user", text } : { role: "assistant", text, calls: [] };
    });
    const messages: Message[] = [{ role: "user", text: "task" }, ...turns];
    const setting = { llm, prompt: "Summarise.", spillDir: shop.dir, signal: new AbortController().signal };
    const part = { overheadTokens: 100, model: "m", windowTokens: 100_000, charsPerToken: 3.7 };
    const carried = { plan, files: [], jobs: [] };
    let failed = 0;
    for (let targetTokens = 200; targetTokens < 2_500; targetTokens += 7) {
      const before = asked;
      try {
        await compact(request(messages, { ...part, targetTokens, carried }), setting);
      } catch (error) {
        expect(codeOf(error)).to.equal("CONTEXT_TOO_SMALL");
        expect(asked, `at ${targetTokens} tokens`).to.equal(before);
        failed += 1;
      }
    }
    expect(failed).to.be.greaterThan(0);
    expect(asked).to.be.greaterThan(0);
  });
});
