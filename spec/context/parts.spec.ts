import { expect } from "chai";
import { carriedText } from "../../actors/context/carry.ts";
import { imageTokens, soundRatio, tokensOf } from "../../actors/context/estimate.ts";
import { mechanicalSummary } from "../../actors/context/mechanical.ts";
import { recordPieces } from "../../actors/context/record.ts";
import type { Message } from "../../actors/llm/protocol.ts";
import { longRun, step } from "./conversations.ts";

describe("context: estimates", () => {
  const plain: Message = { role: "assistant", text: "Reading.", calls: [] };

  it("count arguments, names, replayed reasoning and images", () => {
    const calls = [{ id: "c", tool: "write", arguments: { path: "/w/a.py", content: "y".repeat(4_000) } }];
    expect(tokensOf({ ...plain, calls }, 4) - tokensOf(plain, 4)).to.be.within(1_000, 1_030);
    const broken = [{ id: "c", tool: "write", arguments: "y".repeat(4_000) }];
    expect(tokensOf({ ...plain, calls: broken }, 4) - tokensOf(plain, 4)).to.be.within(1_000, 1_030);
    const native = { provider: "p", model: "m", blocks: [{ signature: "s".repeat(400) }] };
    expect(tokensOf({ ...plain, native }, 4) - tokensOf(plain, 4)).to.be.within(100, 110);
    const result: Message = { role: "tool", callId: "c", tool: "read", text: "", ok: true };
    const images = [{ media_type: "image/png", base64: "A".repeat(1_000_000) }];
    expect(tokensOf({ ...result, images }, 4) - tokensOf(result, 4)).to.equal(imageTokens);
  });

  it("never divide by a ratio that makes no sense", () => {
    for (const ratio of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(soundRatio(ratio)).to.equal(3.5);
    expect(soundRatio(100)).to.equal(8);
    expect(soundRatio(2.7)).to.equal(2.7);
  });
});

describe("context: the mechanical summary", () => {
  it("has a line for each call: tool, what about, outcome, first line of the result", () => {
    const messages: Message[] = [
      { role: "user", text: "Use seed 3,\nplease." },
      {
        role: "assistant",
        text: "The data is fine. I train now.\nMore.",
        calls: [
          { id: "a", tool: "bash", arguments: { timeout: 5, command: "python train.py\n--seed 3" } },
          { id: "b", tool: "plan_tool", arguments: { todos: [] } },
          { id: "c", tool: "read", arguments: "{broken" },
        ],
      },
      { role: "tool", callId: "a", tool: "bash", text: "\n  accuracy 0.81\nmore", ok: true },
      { role: "tool", callId: "b", tool: "plan_tool", text: "", ok: true },
      { role: "tool", callId: "c", tool: "read", text: "no JSON", ok: false },
    ];
    expect(mechanicalSummary(messages, 1_000).split("\n")).to.deep.equal([
      "- The user: Use seed 3, please.",
      "- The data is fine.",
      "- bash python train.py --seed 3 → ok: accuracy 0.81",
      '- plan_tool {"todos":[]} → ok',
      "- read {broken → failed: no JSON",
    ]);
  });

  it("keeps the newest lines within its room", () => {
    for (const room of [0, 10, 60, 100, 500]) {
      const text = mechanicalSummary(longRun(50, 10), room);
      expect(text.length).to.be.at.most(room);
      if (room >= 100) expect(text).to.include("c49 → ok").and.to.include("earlier ones are left out");
    }
  });
});

describe("context: the record for the summary", () => {
  it("is whole when it fits", () => {
    const [record, ...more] = recordPieces(longRun(3, 1_000), 10_000, 4);
    expect(more).to.deep.equal([]);
    expect(record).to.include("x".repeat(1_000)).and.to.include('CALL bash {"command":"run c2"}');
  });

  it("shortens the oldest tool output first", () => {
    const [record = "", ...more] = recordPieces(longRun(10, 3_000), 20_000, 4);
    expect(more).to.deep.equal([]);
    expect(record.length).to.be.within(15_000, 20_000);
    const lengths = record
      .split("RESULT of bash")
      .slice(1)
      .map((part) => part.length);
    expect(lengths[0]).to.be.below(800);
    expect(lengths.at(-1)).to.be.above(3_000);
    // The last one ends the record, without the next call behind it.
    const others = lengths.slice(0, -1);
    expect(others).to.deep.equal([...others].sort((a, b) => a - b));
  });

  it("never has more or larger pieces than asked for, and ends with the newest", () => {
    const huge = step("huge", "h".repeat(90_000), { command: "c".repeat(50_000) });
    for (const room of [300, 1_000, 5_000]) {
      const pieces = recordPieces([...longRun(500, 2_000), ...huge, ...step("last", "the end")], room, 3);
      expect(pieces.length).to.equal(3);
      for (const piece of pieces) expect(piece.length).to.be.at.most(room);
      expect(pieces.at(-1)?.endsWith("the end")).to.equal(true);
    }
  });
});

describe("context: what is carried over", () => {
  it("keeps the plan whole, and of the rest what there is room for, the newest first", () => {
    const plan = [{ id: "1", content: "p".repeat(900), status: "pending" as const }];
    const files = Array.from({ length: 30 }, (_, i): [string, string] => [`/w/${i}.py`, "h"]);
    const text = carriedText({ plan, files, jobs: [] }, 40);
    expect(text).to.include("p".repeat(900)).and.to.include("/w/29.py").and.to.include("(27 more, not listed)");
    expect(text).not.to.include("/w/3.py");
    expect(carriedText({ plan: [], files, jobs: [] }, 0)).to.include("(30 in all, not listed)");
    expect(carriedText({ plan: [], files: [], jobs: [] }, 100)).to.equal("");
  });
});
