import { expect } from "chai";
import { tokensOfAll } from "../../actors/context/estimate.ts";
import { summaryIn } from "../../actors/context/notice.ts";
import type { CompactRequest, CompactResult } from "../../actors/context/protocol.ts";
import type { Message } from "../../actors/llm/protocol.ts";
import { codeOf } from "../../runtime/index.ts";
import {
  conversationAfter,
  problemOf,
  randomConversation,
  randomFrom,
  randomPlan,
  request,
  workshop,
} from "./conversations.ts";

/** What a notice makes of text that could end it early. */
const asNoticed = (text: string): string => text.replaceAll("</notice>", "[/notice]").replace(/\s+/g, " ");

describe("context: for any conversation and target", function () {
  // Many conversations: what a quiet machine does in half a second takes longer on a busy one.
  this.timeout(30_000);

  const shop = workshop();
  after(() => shop.remove());

  function randomRequest(seed: number): CompactRequest {
    const random = randomFrom(seed);
    const messages = randomConversation(random);
    return request(messages, {
      overheadTokens: random(3_000),
      targetTokens: random(4) === 0 ? random(3_000) : 3_000 + random(40_000),
      charsPerToken: 2 + random(30) / 10,
      carried: {
        plan: randomPlan(random),
        files: Array.from({ length: random(60) }, (_, i) => [`/w/file-${i}.py`, random(5) === 0 ? null : "h"]),
        jobs: Array.from({ length: random(4) }, (_, i) => ({
          jobId: `j${i}`,
          title: "train",
          command: `python ${i}.py`,
        })),
      },
    });
  }

  async function outcome(asked: CompactRequest): Promise<CompactResult | null> {
    try {
      return await shop.run(asked);
    } catch (error) {
      expect(codeOf(error), String(error)).to.equal("CONTEXT_TOO_SMALL");
      return null;
    }
  }

  function check(asked: CompactRequest, result: CompactResult): Message[] {
    const now = conversationAfter(asked.messages, result);
    const tokens = asked.overheadTokens + tokensOfAll(now, asked.charsPerToken);
    expect(result.newTokens).to.equal(tokens);
    expect(tokens).to.be.at.most(asked.targetTokens);
    expect(problemOf(now)).to.equal(null);
    for (const { text } of now) expect(Buffer.from(text).toString() === text, "no half characters").to.equal(true);
    expect(problemOf([{ role: "user", text: "x" }, ...asked.messages.slice(result.keepFrom)])).to.equal(null);
    const [task] = asked.messages;
    const taskText = task?.text ?? "";
    if (now[0]?.text !== taskText) {
      expect(now[0]?.text.startsWith(taskText.slice(0, 40)), "the task's head").to.equal(true);
      expect(now[0]?.text).to.include(`${shop.dir}/cut-`);
    }
    const notices = now.filter((message) => summaryIn(message) !== null);
    expect(notices.length, "summaries").to.be.at.most(1);
    if (result.by !== "none") {
      expect(notices.length).to.equal(1);
      const text = (notices[0]?.text ?? "").replace(/\s+/g, " ");
      for (const { id, content } of asked.carried.plan) expect(text).to.include(`${id}. ${asNoticed(content)}`);
      expect(notices[0]?.text).not.to.include("</notice>");
    }
    return now;
  }

  it("shrinks to the target or says that it cannot, and what is left is a valid conversation", async () => {
    const ends = { none: 0, mechanical: 0, model: 0, failed: 0 };
    for (let seed = 1; seed <= 150; seed++) {
      const asked = randomRequest(seed);
      const result = await outcome(asked);
      if (result === null) {
        ends.failed += 1;
        const planChars = asked.carried.plan.reduce((sum, { content }) => sum + content.length + 30, 0);
        const budget = asked.targetTokens - asked.overheadTokens;
        // Half for the task, and the notice with the plan: with more than that there is no reason to fail.
        expect(budget / 2, `seed ${seed}`).to.be.below(planChars / asked.charsPerToken + 450);
      } else {
        ends[result.by] += 1;
        check(asked, result);
      }
    }
    expect(ends.none).to.be.above(5);
    expect(ends.mechanical).to.be.above(60);
    expect(ends.failed).to.be.above(5);
  });

  it("can be compacted again, to ever less, without stacking summaries", async () => {
    let again = 0;
    for (let seed = 1000; seed < 1060; seed++) {
      let asked = randomRequest(seed);
      for (let round = 0; round < 4; round++) {
        const result = await outcome(asked);
        if (result === null) break;
        const messages = check(asked, result);
        if (round > 0 && result.by !== "none") again += 1;
        const targetTokens = Math.floor(result.newTokens * 0.7);
        asked = { ...asked, targetTokens, messages };
      }
    }
    expect(again).to.be.above(40);
  });

  it("always decides the same", async () => {
    for (let seed = 2000; seed < 2020; seed++) {
      expect(await outcome(randomRequest(seed))).to.deep.equal(await outcome(randomRequest(seed)));
    }
  });
});
