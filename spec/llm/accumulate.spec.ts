import { expect } from "chai";
import { createDeltas } from "../../actors/llm/deltas.ts";
import { createChatAccumulator } from "../../actors/llm/openai/accumulate.ts";
import { createThinkSplitter, withoutThinking } from "../../actors/llm/openai/think.ts";
import type { CompleteProgress } from "../../actors/llm/protocol.ts";

/** A small generator of repeatable chance (Lehmer). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function randomPieces(text: string, random: () => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const size = 1 + Math.floor(random() * 6);
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

describe("llm: streams in random pieces", () => {
  const writer = { provider: "local", model: "m" };
  const args = JSON.stringify({ command: 'echo "<think>" 東京 🚀', n: 1 });

  it("give the same reply however the text and the calls are cut", () => {
    const text = "<think>one</thin two</think>\n\nAn answer with <think> in it. 🚀";
    for (let seed = 1; seed <= 200; seed++) {
      const random = chance(seed);
      const accumulator = createChatAccumulator(writer, ["bash"], false);
      let seen = "";
      let thought = "";
      const show = (updates: ReturnType<typeof accumulator.chunk>) => {
        for (const update of updates) {
          if (update.kind === "text") seen += update.text;
          if (update.kind === "thinking") thought += update.text;
        }
      };
      for (const content of randomPieces(text, random)) show(accumulator.chunk({ choices: [{ delta: { content } }] }));
      const withId = random() < 0.5;
      for (const [index, piece] of randomPieces(args, random).entries()) {
        const name = index === 0 || random() < 0.3 ? "bash" : undefined;
        const call = { index: 0, ...(withId ? { id: "x" } : {}), function: { name, arguments: piece } };
        show(accumulator.chunk({ choices: [{ delta: { tool_calls: [call] } }] }));
      }
      show(accumulator.chunk({ choices: [{ delta: {}, finish_reason: "tool_calls" }] }));
      show(accumulator.rest());
      const reply = accumulator.reply();
      expect(thought, `seed ${seed}`).to.equal("one</thin two");
      expect(seen).to.equal("An answer with <think> in it. 🚀");
      expect(reply?.text).to.equal(seen);
      expect(reply?.calls).to.deep.equal([{ id: withId ? "x" : "", tool: "bash", arguments: JSON.parse(args) }]);
    }
  });

  it("survive chunks that are no chunks", () => {
    const accumulator = createChatAccumulator(writer, ["bash"], false);
    for (const junk of [
      null,
      7,
      "x",
      [],
      {},
      { choices: 3 },
      { choices: [null] },
      { choices: [{ delta: { tool_calls: [null, 4, {}] } }] },
    ]) {
      expect(accumulator.chunk(junk)).to.deep.equal([]);
    }
    expect(accumulator.reply()).to.equal(null);
  });

  it("keep thinking apart from text in every form", () => {
    const split = (text: string) => {
      const splitter = createThinkSplitter();
      return [...splitter.push(text), ...splitter.end()];
    };
    expect(split("plain")).to.deep.equal([{ kind: "text", text: "plain" }]);
    expect(split(" <thi")).to.deep.equal([{ kind: "text", text: " <thi" }]);
    expect(split("<think>never closed")).to.deep.equal([{ kind: "thinking", text: "never closed" }]);
    expect(withoutThinking("no opening\n</think>\n\nanswer")).to.equal("answer");
    expect(withoutThinking("Close it with `</think>`.")).to.equal("Close it with `</think>`.");
    expect(withoutThinking("<think>x")).to.equal("");
  });
});

describe("llm: deltas", () => {
  it("pass the first piece on at once and the others together, in order", async () => {
    const updates: CompleteProgress[] = [];
    const deltas = createDeltas((update) => updates.push(update));
    deltas.push("thinking", "a");
    deltas.push("thinking", "b");
    deltas.push("text", "c");
    deltas.push("text", "d");
    expect(updates).to.deep.equal([
      { kind: "thinking", text: "a" },
      { kind: "thinking", text: "b" },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(updates.at(-1)).to.deep.equal({ kind: "text", text: "cd" });
  });

  it("cost few messages however many there are", () => {
    const updates: CompleteProgress[] = [];
    const deltas = createDeltas((update) => updates.push(update));
    for (let count = 0; count < 5000; count++) deltas.push("text", "word ");
    deltas.flush();
    expect(updates.length).to.be.below(20);
    expect(updates.map((update) => (update.kind === "text" ? update.text : "")).join("")).to.equal(
      "word ".repeat(5000),
    );
  });

  it("forget what was not shown, and say whether something was", () => {
    const updates: CompleteProgress[] = [];
    const deltas = createDeltas((update) => updates.push(update));
    expect(deltas.discard()).to.equal(false);
    deltas.push("text", "a");
    deltas.push("text", "b");
    expect(deltas.discard()).to.equal(true);
    expect(deltas.discard()).to.equal(false);
    expect(updates).to.deep.equal([{ kind: "text", text: "a" }]);
  });
});
