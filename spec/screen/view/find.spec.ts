import { expect } from "chai";
import { rowOf } from "../../../tui/screen/cells/layout.ts";
import { codeOf, textOf } from "../../../tui/screen/view/transcript/copy.ts";
import { findNext, matches, rangesIn } from "../../../tui/screen/view/transcript/find.ts";
import { initialUi, type Ui } from "../../../tui/screen/view/ui.ts";
import { call, darkView, open, ran, reply, screenOf, story, styledText } from "./scene.ts";

const output = Array.from({ length: 60 }, (_, line) => (line === 31 ? "the Needle is here" : `straw ${line}`)).join(
  "\n",
);
const answer =
  "Words that are **long enough** to be broken into several rows of the screen when it is narrow.\n\n```py\na = 1\nb = 2\n```\n";

const model = story((say) => {
  open(say, "find the needle");
  const made = call("c1", "bash", "cat haystack");
  reply(say, answer, [made]);
  ran(say, made, output);
  for (let more = 0; more < 30; more++) reply(say, `filler ${more}`);
});
const callBlock = model.blocks.find(({ kind }) => kind === "call");
const size = { width: 80, height: 20 };

describe("screen view: search in the transcript", () => {
  it("finds what is folded, opens it and brings it into sight, marked", () => {
    const view = darkView();
    const begun: Ui = { ...initialUi(), focus: "find", find: { query: "Needle", caret: 6, block: null, row: 0 } };
    const ui = findNext(model, begun, view, 1, size);
    expect(ui.find?.block).to.equal(callBlock?.id);
    const { lines, grid } = screenOf(model, [80, 24], { ui, view });
    const y = lines.findIndex((line) => line.includes("the Needle is here"));
    expect(y).to.be.above(0);
    expect(styledText(grid, y, view.look.theme.selection)).to.equal("Needle");
    expect(lines.join("\n")).to.contain("search: Needle  entry 1 of 1");
  });

  it("goes round from one match to the next, and counts capitals only where the query has some", () => {
    expect(matches(model, "needle")).to.have.length(2);
    expect(matches(model, "Needle")).to.have.length(1);
    const view = darkView();
    let ui: Ui = { ...initialUi(), find: { query: "needle", caret: 0, block: null, row: 0 } };
    const seen: (number | null | undefined)[] = [];
    for (let step = 0; step < 3; step++) {
      ui = findNext(model, ui, view, -1, size);
      seen.push(ui.find?.block);
    }
    expect(seen[0]).to.not.equal(seen[1]);
    expect(seen[2]).to.equal(seen[0]);
  });

  it("goes from row to row of a long entry before it goes to the next one", () => {
    const long = story((say) => {
      open(say, "begin");
      reply(
        say,
        Array.from({ length: 90 }, (_, line) => (line % 30 === 0 ? `needle ${line}` : `hay ${line}`)).join("\n\n"),
      );
      reply(say, "one more needle");
    });
    const view = darkView();
    let ui: Ui = { ...initialUi(), focus: "find", find: { query: "needle", caret: 0, block: null, row: 0 } };
    const step = (by: 1 | -1): string => {
      ui = findNext(long, ui, view, by, size);
      const { lines } = screenOf(long, [80, 24], { ui, view });
      return (
        lines.find((line) => /needle \d+/.test(line) && line.includes(`needle ${(ui.find?.row ?? 0) / 2}`)) ?? "other"
      );
    };
    expect(step(1)).to.equal("other");
    expect([step(1), step(1), step(1)].map((line) => line.trim().split(/\s*│/)[0])).to.deep.equal([
      "needle 0",
      "needle 30",
      "needle 60",
    ]);
    expect(step(1)).to.equal("other");
    expect(step(-1)).to.contain("needle 60");
  });

  it("stays where it is when nothing is found", () => {
    const ui: Ui = { ...initialUi(), find: { query: "nowhere at all", caret: 0, block: null, row: 0 } };
    expect(findNext(model, ui, darkView(), 1, size)).to.deep.equal(ui);
    expect(screenOf(model, [80, 24], { ui: { ...ui, focus: "find" } }).lines.join("\n")).to.contain("nothing found");
  });

  it("marks whole graphemes, wide ones with both cells", () => {
    expect(rangesIn(rowOf([{ text: "a中b中", style: 0 }]), "中")).to.deep.equal([
      { from: 1, to: 3 },
      { from: 4, to: 6 },
    ]);
    expect(rangesIn(rowOf([{ text: "abab", style: 0 }]), "")).to.deep.equal([]);
  });
});

describe("screen view: what is copied", () => {
  it("is the text as it was written, not the rows on the screen", () => {
    const assistant = model.blocks.find(({ kind }) => kind === "assistant");
    if (assistant === undefined || callBlock === undefined) throw new Error("both are expected");
    screenOf(model, [30, 20]);
    expect(textOf(assistant)).to.equal(answer);
    expect(codeOf(assistant)).to.equal("a = 1\nb = 2");
    expect(textOf(callBlock)).to.equal(output);
  });

  it("has something for every block of a session", () => {
    for (const block of model.blocks) expect(textOf(block)).to.be.a("string");
    expect(
      codeOf({ ...(model.blocks[0] ?? model.blocks[1]), kind: "user", text: "no code", via: "input" } as never),
    ).to.equal(null);
  });
});
