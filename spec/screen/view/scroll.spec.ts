import { expect } from "chai";
import type { Model } from "../../../tui/screen/model/state.ts";
import { isOpen, listOf, newBelow } from "../../../tui/screen/view/transcript/list.ts";
import {
  choose,
  reveal,
  scrollBy,
  scrollPages,
  scrollToEnd,
  scrollToTop,
  toggleFold,
} from "../../../tui/screen/view/transcript/scroll.ts";
import { initialUi, type Scroll, type Ui } from "../../../tui/screen/view/ui.ts";
import { randomFrom } from "../../support/random.ts";
import { call, darkView, open, ran, reply, screenOf, story, turn } from "./scene.ts";

/** A session of many turns, each with words of its own. */
function long(turns: number): Model {
  return story((say) => {
    open(say, "begin");
    for (let number = 2; number < turns + 2; number++) {
      reply(say, `Answer ${number} ${"and some more words that fill a row or two ".repeat((number % 4) + 1)}`);
      say("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
      turn(say, `question ${number}`, number);
    }
  });
}

const size = [70, 20] as const;
/** Rows of the transcript on a screen of that size. */
const height = 16;

/** The transcript's rows in sight. */
function seen(model: Model, scroll: Scroll, view = darkView(), [columns, rows]: readonly [number, number] = size) {
  const ui: Ui = { ...initialUi(), scroll };
  return screenOf(model, [columns, rows], { ui, view }).lines.slice(1, -3);
}

describe("screen view: scrolling", () => {
  const model = long(60);
  const view = darkView();
  const list = listOf(model, initialUi(), view, size[0]);

  it("follows the end until the reader leaves it", () => {
    const more = story((say) => reply(say, "the very newest"), model);
    expect(seen(more, scrollToEnd(), view).join("\n")).to.contain("the very newest");
    const scroll = scrollBy(list, scrollToEnd(), -5, height);
    expect(seen(more, scroll, view).join("\n")).to.not.contain("the very newest");
  });

  it("goes up and down by as many rows as it is told", () => {
    let scroll: Scroll = scrollToEnd();
    let rows = seen(model, scroll, view);
    const random = randomFrom(5);
    for (let step = 0; step < 60; step++) {
      const by = 1 + Math.floor(random() * 6);
      scroll = scrollBy(list, scroll, -by, height);
      const above = seen(model, scroll, view);
      expect(above.slice(by), `step ${step}`).to.deep.equal(rows.slice(0, height - by));
      const down = scrollBy(list, scroll, by, height);
      expect(seen(model, down, view), `back at step ${step}`).to.deep.equal(rows);
      rows = above;
    }
  });

  it("stays where it is while text grows below, and says how much is new", () => {
    const scroll = scrollBy(list, scrollToEnd(), -30, height);
    const before = seen(model, scroll, view);
    let grown = model;
    for (let more = 0; more < 20; more++) {
      grown = story((say) => say("assistant_chunk", { content: `word ${more} `.repeat(30) }), grown);
      expect(seen(grown, scroll, view)).to.deep.equal(before);
    }
    expect(newBelow(grown, scroll)).to.equal(1);
    const ui: Ui = { ...initialUi(), scroll };
    expect(screenOf(grown, size, { ui, view }).lines.join("\n")).to.contain("1 new below, Ctrl+End to follow");
  });

  it("still knows what is new when the reader goes on reading elsewhere", () => {
    const scroll = scrollBy(list, scrollToEnd(), -30, height);
    const grown = story((say) => reply(say, "something new"), model);
    const on = scrollBy(listOf(grown, initialUi(), view, size[0]), scroll, -10, height);
    expect(newBelow(grown, on)).to.equal(1);
    expect(newBelow(grown, scrollToEnd())).to.equal(0);
  });

  it("shows the same text at the top after a change of width, and exactly the same after the change back", () => {
    for (let by = 60; by < 300; by += 13) {
      const scroll = scrollBy(list, scrollToEnd(), -by, height);
      const before = seen(model, scroll, view);
      const block = scroll.kind === "at" ? scroll.block : 0;
      // The empty row after a block belongs to no text.
      if (scroll.kind === "at" && scroll.row >= scroll.rows) continue;
      for (const width of [62, 99, 75]) {
        const other = listOf(model, initialUi(), view, width);
        const rows = seen(model, scroll, view, [width, 20]).filter((row) => row.trim() !== "");
        const index = model.blocks.findIndex(({ id }) => id === block);
        const own = other.rowsOf(index).rows;
        const texts = Array.from({ length: own.length }, (_, row) => own.at(row)?.glyphs.join("").trimEnd());
        const first = rows[0]?.trim() ?? "";
        expect(
          texts.some((text) => text?.trim() === first),
          `${first} at ${width}`,
        ).to.equal(true);
      }
      expect(seen(model, scroll, view)).to.deep.equal(before);
    }
  });

  it("holds on to what comes next when its block goes away", () => {
    const scroll = scrollBy(list, scrollToEnd(), -40, height);
    if (scroll.kind !== "at") throw new Error("an anchor is expected");
    const without = { ...model, blocks: model.blocks.filter(({ id }) => id !== scroll.block) };
    const after = model.blocks[model.blocks.findIndex(({ id }) => id === scroll.block) + 1];
    const rows = seen(without, scroll, view).join("\n");
    expect(after?.kind === "assistant" || after?.kind === "user" || after?.kind === "end").to.equal(true);
    if (after?.kind === "user") expect(rows).to.contain(after.text);
    const gone = { ...model, blocks: model.blocks.slice(0, 5) };
    expect(() => seen(gone, scroll, view)).to.not.throw();
  });

  it("reaches both ends, and follows again at the lower one", () => {
    let scroll = scrollToTop(list, scrollToEnd(), height);
    expect(seen(model, scroll, view)[0]).to.equal(" › begin");
    expect(scrollBy(list, scroll, -3, height)).to.deep.equal(scroll);
    for (let page = 0; page < 1_000 && scroll.kind === "at"; page++) scroll = scrollPages(list, scroll, 1, height);
    expect(scroll).to.deep.equal(scrollToEnd());
  });

  it("has nothing to leave where everything is in sight", () => {
    const short = listOf(long(1), initialUi(), view, size[0]);
    expect(scrollBy(short, scrollToEnd(), -4, height)).to.deep.equal(scrollToEnd());
    expect(scrollToTop(short, scrollToEnd(), height)).to.deep.equal(scrollToEnd());
  });

  it("fills the pane when it grows taller at the end", () => {
    const scroll = scrollBy(list, scrollToEnd(), -2, height);
    const rows = seen(model, scroll, view, [70, 40]);
    expect(rows.at(-1)).to.not.equal("");
    expect(rows[0]).to.not.equal(undefined);
  });

  it("brings a block into sight only when it is not", () => {
    const first = reveal(list, scrollToEnd(), { index: 2, row: 0 }, height);
    expect(first.kind).to.equal("at");
    expect(reveal(list, first, { index: 2, row: 0 }, height)).to.equal(first);
  });

  it("chooses blocks one after the other", () => {
    const some = choose(list, initialUi(), -1, height);
    expect(some.selected).to.equal(model.blocks.at(-1)?.id);
    const before = choose(list, { ...initialUi(), ...some }, -1, height);
    expect(before.selected).to.be.below(some.selected ?? 0);
    expect(choose(list, { ...initialUi(), ...before }, 1, height).selected).to.equal(some.selected);
  });
});

describe("screen view: folding", () => {
  const output = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n");
  const model = story((say) => {
    open(say, "go");
    const made = call("c1", "bash", "make");
    reply(say, "", [made]);
    ran(say, made, output);
  });
  const block = model.blocks.find(({ kind }) => kind === "call");

  it("shows three lines and the last five of a folded output, and how many are between", () => {
    const text = screenOf(model, [90, 50]).lines.join("\n");
    for (const line of [0, 1, 2, 25, 29]) expect(text).to.contain(`line ${line}\n`);
    for (const line of [3, 24]) expect(text).to.not.contain(`line ${line}\n`);
    expect(text).to.contain("22 more lines");
  });

  it("shows all of it when it is open, by itself or with all calls", () => {
    if (block === undefined) throw new Error("a call is expected");
    const ui = initialUi();
    const one: Ui = { ...ui, folds: toggleFold(ui.folds, block.id, isOpen(block, ui)) };
    for (const opened of [one, { ...ui, callsOpen: true }]) {
      const text = screenOf(model, [90, 50], { ui: opened }).lines.join("\n");
      for (let line = 0; line < 30; line++) expect(text).to.contain(`line ${line}\n`);
    }
    const shut: Ui = { ...one, folds: toggleFold(one.folds, block.id, isOpen(block, one)) };
    expect(screenOf(model, [90, 50], { ui: shut }).lines.join("\n")).to.not.contain("line 10\n");
  });
});
