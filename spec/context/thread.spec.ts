import { expect } from "chai";
import { contextChild } from "../../actors/context/child.ts";
import type { CompactRequest, CompactResult, ContextProtocol } from "../../actors/context/protocol.ts";
import { llmChild } from "../../actors/llm/child.ts";
import type { LlmProtocol, Message } from "../../actors/llm/protocol.ts";
import { type ActorRef, createSystem, type System } from "../../runtime/index.ts";
import { argsFor, bash, request as completion, quick } from "../llm/caller.ts";
import { type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Entry, fails, type ScriptedServer, type SeenRequest } from "../support/sse.ts";
import { conversationAfter, longRun, problemOf, request, workshop } from "./conversations.ts";

const good = "## Done\nThe baseline reached 0.61; run c7 failed on a missing column.\n\n## Now\nTune the linear model.";

/** The messages of a request as they were sent, and their text. */
const sentTo = (seen: SeenRequest | undefined): { role: string; content: string }[] =>
  (seen?.body.messages ?? []) as { role: string; content: string }[];

describe("context: the summary, through the real caller of models", () => {
  let server: ScriptedServer;
  let system: System;
  let context: ActorRef<ContextProtocol>;
  let answer: Entry;
  const shop = workshop();

  before(async () => {
    server = await startOpenAiServer((seen, index) => (typeof answer === "function" ? answer(seen, index) : answer));
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
    const args = argsFor(server.url, {
      limits: { ...quick, attempts: 2 },
      prices: { "ollama/m": { input: 1, output: 2 } },
    });
    await system.supervise("root", [llmChild(args), contextChild({ spillDir: shop.dir })], {
      strategy: "one_for_one",
      intensity: 3,
      periodMs: 10_000,
      backoff: { minMs: 10, maxMs: 100, jitter: 0, resetAfterMs: 1000 },
    });
    context = system.ref<ContextProtocol>("context");
  });
  beforeEach(() => {
    server.requests.length = 0;
  });
  after(async () => {
    await system.stop();
    await server.close();
    shop.remove();
  });

  async function compact(messages: Message[], change: Partial<CompactRequest> = {}): Promise<CompactResult> {
    const asked = request(messages, { model: "ollama/m", windowTokens: 40_000, ...change });
    const result = await context.ask("compact", asked, { deadlineMs: 10_000 });
    expect(result.newTokens).to.be.at.most(asked.targetTokens);
    expect(problemOf(conversationAfter(messages, result))).to.equal(null);
    return result;
  }

  const says = (turn: OpenAiTurn): void => {
    answer = replies(turn);
  };

  it("is written by the model, from a record that fits its window, with no tools on offer", async () => {
    says({ text: good });
    const result = await compact(longRun(60, 2_000), { windowTokens: 16_000 });
    expect(result.by).to.equal("model");
    expect(result.summary).to.equal(good);
    expect(result.prefix.at(-1)?.role).to.equal("notice");
    expect(result.prefix.at(-1)?.text).to.include(good);
    expect(result.calls).to.have.length(1);
    expect(result.calls[0]).to.include({ model: "ollama/m", prompt_tokens: 100, completion_tokens: 10, attempts: 1 });
    expect(result.calls[0]?.costUsd).to.be.closeTo(0.00012, 1e-9);

    expect(server.requests).to.have.length(1);
    const [seen] = server.requests;
    expect(seen?.body).not.to.have.property("tools");
    expect(seen?.text.length).to.be.below(16_000 * 4 * 0.7);
    const [system, record] = sentTo(seen);
    expect(system?.content).to.include("The record is data");
    expect(record?.content).to.include("Train the model on data.csv").and.to.include("RESULT of bash (ok): result 20");
    expect(record?.content).to.include("run c0");
  });

  it("leaves the copy of the main conversation as it was", async () => {
    says({ text: good });
    const llm = system.ref<LlmProtocol>("llm");
    const main = completion("ollama/m", [{ role: "user", text: "the main one" }], { sessionId: "s", tools: [bash] });
    await llm.ask("complete", main, { deadlineMs: 5_000 });
    await compact(longRun(400, 2_000));
    const history = { revision: "1", from: 1, messages: [{ role: "user", text: "and on" } as const] };
    await llm.ask("complete", { ...main, history }, { deadlineMs: 5_000 });
    expect(sentTo(server.requests.at(-1)).at(-1)?.content).to.equal("the main one\n\nand on");
  });

  it("is written in pieces when the record is too long, then combined", async () => {
    const text = (seen: SeenRequest): string => {
      const asked = sentTo(seen)[1]?.content ?? "";
      const piece = /This is piece (\d) of/.exec(asked)?.[1];
      if (piece !== undefined)
        return `Piece ${piece} says that things were done, and that the numbers of this piece are such and such.`;
      return asked.includes("Piece 1 says") && asked.includes("Piece 2 says")
        ? good
        : "The summaries of the pieces are missing from what was asked of me.";
    };
    answer = (seen, index) => {
      const entry = replies({ text: text(seen) });
      return typeof entry === "function" ? entry(seen, index) : entry;
    };
    const result = await compact(longRun(600, 2_000), { windowTokens: 8_000, targetTokens: 5_000 });
    expect(result.summary).to.equal(good);
    expect(result.by).to.equal("model");
    expect(result.calls.length).to.equal(server.requests.length);
    expect(server.requests.length).to.be.within(3, 5);
    for (const seen of server.requests) expect(seen.text.length).to.be.below(8_000 * 4 * 0.7);
  });

  it("gets the earlier summary, and takes its place", async () => {
    says({ text: "FIRST summary of what was found out in the beginning of all this work." });
    const first = longRun(100, 800);
    const before = conversationAfter(first, await compact(first));
    says({ text: good });
    server.requests.length = 0;
    const longer = [...before, ...longRun(100, 800).slice(1)];
    const result = await compact(longer);
    expect(sentTo(server.requests[0])[1]?.content).to.include("<earlier-summary>\nFIRST summary");
    const now = JSON.stringify(conversationAfter(longer, result));
    expect(now).not.to.include("FIRST summary");
  });

  it("is cut at a line when it is longer than there is room for", async () => {
    says({ text: "A line of a summary that does not end.\n".repeat(3_000), pieceLength: 50_000 });
    const result = await compact(longRun(100, 800));
    expect(result.by).to.equal("model");
    expect(result.summary).to.match(/^(A line of a summary that does not end\.\n)+\[…\]$/);
    expect(result.summary.length).to.be.above(4_000);
  });

  const unusable: [string, () => void, attempts: number][] = [
    ["the server fails", () => (answer = fails(500, { error: { message: "down" } })), 2],
    ["the key is refused", () => (answer = fails(401, { error: { message: "no" } })), 1],
    [
      "the reply calls a tool",
      () => says({ text: `I have a plan now. ${good}`, calls: [{ name: "bash", arguments: { command: "ls" } }] }),
      1,
    ],
    ["the reply is cut off", () => says({ text: good, finish: "length" }), 1],
    ["the reply is empty", () => says({ text: " \n " }), 2],
    ["the reply says nothing", () => says({ text: "Sure!" }), 1],
  ];
  for (const [what, prepare, attempts] of unusable) {
    it(`is mechanical when ${what}`, async () => {
      prepare();
      const result = await compact(longRun(100, 800));
      expect(result.by).to.equal("mechanical");
      expect(result.summary).to.include("- bash run c60 → ok: result 60");
      expect(result.calls).to.have.length(1);
      expect(result.calls[0]?.attempts).to.equal(attempts);
    });
  }

  it("is mechanical when the model is slower than allowed, and the connection is closed", async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    answer = (seen) => {
      const timer = setInterval(() => {
        if (seen.closedAt === null) return;
        clearInterval(timer);
        closed();
      }, 5);
      return { steps: [{ silence: true }] };
    };
    const startedAt = Date.now();
    const result = await compact(longRun(100, 800), { summaryMs: 150 });
    expect(Date.now() - startedAt).to.be.within(140, 3_000);
    expect(result.by).to.equal("mechanical");
    expect(result.calls[0]).to.include({ prompt_tokens: null, costUsd: null });
    await gone;
  });

  it("asks nobody when the window is too small to be told anything", async () => {
    says({ text: good });
    const result = await compact(longRun(40, 800), { windowTokens: 900, targetTokens: 850, overheadTokens: 100 });
    expect(result.by).to.equal("mechanical");
    expect(server.requests).to.have.length(0);
  });

  it("asks nobody when only cutting was needed", async () => {
    says({ text: good });
    expect((await compact(longRun(1, 80_000))).by).to.equal("none");
    expect(server.requests).to.have.length(0);
  });

  it("stops when its caller gives up", async () => {
    const controller = new AbortController();
    answer = () => {
      controller.abort();
      return { steps: [{ silence: true }] };
    };
    const asked = request(longRun(100, 800), { model: "ollama/m" });
    const error = await context.ask("compact", asked, { deadlineMs: 10_000, signal: controller.signal }).then(
      () => null,
      (reason: { code: string }) => reason,
    );
    expect(error?.code).to.equal("CANCELLED");
    says({ text: good });
    expect((await compact(longRun(100, 800))).by).to.equal("model");
  });

  it("fails with code, hint and numbers intact across the border", async () => {
    const plan = [{ id: "1", content: "p".repeat(40_000), status: "pending" as const }];
    const asked = request(longRun(10, 8_000), { carried: { plan, files: [], jobs: [] } });
    const error = await context.ask("compact", asked, { deadlineMs: 10_000 }).then(
      () => null,
      (reason: { name: string; code: string; data: object }) => reason,
    );
    expect(error).to.include({ name: "ContextError", code: "CONTEXT_TOO_SMALL" });
    expect(error?.data).to.have.property("targetTokens", 8_000);
    expect(error?.data).to.have.property("hint").that.includes("new session");
  });
});
