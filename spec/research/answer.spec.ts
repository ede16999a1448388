import { expect } from "chai";
import { noteNames, recipesOf, sourcesOf } from "../../actors/research/answer.ts";
import { partialFindings } from "../../actors/research/partial.ts";

const answer = `DPO with LoRA works [1][2].

| dataset | method | hyperparameters | result | source |
|---|---|---|---|---|
| openai/gsm8k | SFT | lr 2e-5, 3 epochs | 61.2 % | [1] |
| org/prefs | DPO | beta 0.1 | 64.0 % | [2] |

| left | right |
|---|---|
| 1 | 2 |

## Sources

[1] https://arxiv.org/abs/2401.01234v2, section 4
[2] https://huggingface.co/datasets/org/prefs
3. https://github.com/huggingface/trl/blob/main/docs/dpo.md
4. https://never.example/opened).
5. arXiv: 2305.18290
`;

describe("the answer of a sub-agent", () => {
  it("names its sources by number, and each is looked for in what was read", () => {
    const seen = new Set<string>();
    noteNames(seen, "Paper 2401.01234: a study. See https://huggingface.co/datasets/org/prefs/tree/main for data.");
    noteNames(seen, JSON.stringify({ repo: "huggingface/trl", path: "docs/dpo.md" }));
    expect(sourcesOf(answer, seen)).to.deep.equal([
      { number: 1, name: "https://arxiv.org/abs/2401.01234v2", wasRead: true },
      { number: 2, name: "https://huggingface.co/datasets/org/prefs", wasRead: true },
      { number: 3, name: "https://github.com/huggingface/trl/blob/main/docs/dpo.md", wasRead: true },
      { number: 4, name: "https://never.example/opened", wasRead: false },
      { number: 5, name: "arxiv:2305.18290", wasRead: false },
    ]);
  });

  it("is read for recipes, and not every table is one", () => {
    expect(recipesOf(answer)).to.deep.equal([
      { dataset: "openai/gsm8k", method: "SFT", hyperparameters: "lr 2e-5, 3 epochs", result: "61.2 %", source: "[1]" },
      { dataset: "org/prefs", method: "DPO", hyperparameters: "beta 0.1", result: "64.0 %", source: "[2]" },
    ]);
    expect(recipesOf("no table")).to.deep.equal([]);
  });

  it("takes no host for another because its name ends alike, and no address for read because its host is", () => {
    const seen = new Set<string>();
    noteNames(seen, "https://huggingface.co/org/model");
    const names = "## Sources\n- https://evilhuggingface.co/org/model\n- https://huggingface.co/org/other";
    expect(sourcesOf(names, seen).map(({ wasRead }) => wasRead)).to.deep.equal([false, false]);
  });

  it("is bounded in what it remembers and takes down", () => {
    const seen = new Set<string>();
    for (let n = 0; n < 3_000; n += 1) noteNames(seen, Array.from({ length: 20 }, (_, k) => `o${n}/r${k}`).join(" "));
    expect(seen.size).to.be.at.most(20_000);
    const many = Array.from({ length: 500 }, (_, n) => `https://h${n}.example/x`).join("\n");
    expect(sourcesOf(many, seen).length).to.be.at.most(60);
  });

  it("that was cut short holds the newest notes and what was looked at", () => {
    const call = (id: string) => ({ id, tool: "hf_papers", arguments: { id } });
    const found = partialFindings([
      { role: "user", text: "question" },
      { role: "assistant", text: "First thought.", calls: [call("a")] },
      { role: "tool", callId: "a", tool: "hf_papers", text: "x", ok: true },
      { role: "assistant", text: "Second thought.", calls: [call("b")] },
    ]);
    expect(found).to.contain("First thought.\n\nSecond thought.").and.contain('- hf_papers {"id":"b"}');
    expect(partialFindings([{ role: "user", text: "question" }])).to.equal("");
  });
});
