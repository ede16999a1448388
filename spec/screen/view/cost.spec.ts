import { expect } from "chai";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { listOf } from "../../../tui/screen/view/transcript/list.ts";
import { scrollBy, scrollToEnd } from "../../../tui/screen/view/transcript/scroll.ts";
import { initialUi, type Ui } from "../../../tui/screen/view/ui.ts";
import { call, darkView, open, reply, screenOf, story, turn } from "./scene.ts";

/** A session with so many lines of replies, and a reply that is being written. */
function ofLines(lines: number): Model {
  const perReply = 50;
  return story((say) => {
    open(say, "begin");
    for (let number = 2; number < lines / perReply + 2; number++) {
      reply(say, Array.from({ length: perReply }, (_, line) => `- item ${line} of ${number}`).join("\n"));
      say("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
      turn(say, "more", number);
    }
    say("llm_started", { iteration: 1, model: "m/x" });
    say("assistant_chunk", { content: "So " });
  });
}

/** Blocks and rows that had to be laid out for each of so many chunks, each painted; and the screen's rows. */
function workPerChunk(before: Model, ui: Ui, chunks: number) {
  const view = darkView();
  let model = before;
  screenOf(model, [120, 40], { ui, view });
  const begun = { ...view.cache.work };
  for (let chunk = 0; chunk < chunks; chunk++) {
    model = story((say) => say("assistant_chunk", { content: `word ${chunk}, ` }), model);
    screenOf(model, [120, 40], { ui, view });
  }
  const { blocks, rows } = view.cache.work;
  return { blocks: (blocks - begun.blocks) / chunks, rows: (rows - begun.rows) / chunks };
}

describe("screen view: what a frame costs", () => {
  it("lays out the same for a chunk at 100,000 lines as at 100", () => {
    const few = workPerChunk(ofLines(100), initialUi(), 50);
    const many = workPerChunk(ofLines(100_000), initialUi(), 50);
    expect(many).to.deep.equal(few);
    expect(many.blocks).to.equal(1);
    expect(many.rows).to.be.at.most(2);
  }).timeout(20_000);

  it("lays out nothing for a chunk that is not in sight", () => {
    const model = ofLines(5_000);
    const view = darkView();
    const list = listOf(model, initialUi(), view, 79);
    const scroll = scrollBy(list, scrollToEnd(), -600, 34);
    expect(workPerChunk(model, { ...initialUi(), scroll }, 20)).to.deep.equal({ blocks: 0, rows: 0 });
  });

  it("lays out only the blocks in sight for another width", () => {
    const model = ofLines(100_000);
    const view = darkView();
    screenOf(model, [120, 40], { view });
    const { blocks, rows } = view.cache.work;
    screenOf(model, [130, 45], { view });
    expect(view.cache.work.blocks - blocks).to.be.at.most(6);
    expect(view.cache.work.rows - rows).to.be.below(200);
  }).timeout(20_000);

  it("keeps no more than its share of blocks", () => {
    const model = ofLines(100_000);
    const view = darkView();
    const list = listOf(model, initialUi(), view, 79);
    scrollBy(list, scrollToEnd(), -60_000, 34);
    expect(view.cache.size()).to.equal(400);
  }).timeout(20_000);

  it("lays out a line of an open log once, whatever follows it", () => {
    const job = call("c1", "bash", "train");
    let model = story((say) => {
      open(say, "go");
      reply(say, "", [job]);
      say("tool_call", job);
      say("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 });
    });
    const view = darkView();
    const ui: Ui = { ...initialUi(), callsOpen: true };
    for (let line = 0; line < 700; line++) {
      model = story((say) => say("tool_log", { tool: "bash", tool_call_id: "c1", log: `step ${line}\n` }), model);
      screenOf(model, [120, 40], { ui, view });
    }
    // A row for each line, one for the call's own, and those above before the first line came.
    expect(view.cache.work.rows).to.be.below(700 * 2 + 20);
  }).timeout(20_000);

  it("lays out nothing for a tick of the clock, and still shows the time that passes", () => {
    const job = call("c1", "bash", "train");
    const model = story((say) => {
      open(say, "go");
      reply(say, "", [job]);
      say("tool_call", job);
      say("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 });
    });
    const view = darkView();
    screenOf(model, [80, 24], { view });
    const { blocks } = view.cache.work;
    const later = reduce(model, [{ kind: "tick", now: model.screen.now + 95_000 }]);
    expect(screenOf(later, [80, 24], { view }).lines.join("\n")).to.match(/train +1:35/);
    expect(view.cache.work.blocks).to.equal(blocks);
  });

  // Each frame's piece of a reply once kept alive all of the reply as it was at that frame.
  it("takes no more memory for a reply that comes in many frames than for its text", function () {
    this.timeout(30_000);
    const view = darkView();
    let model = story((say) => {
      open(say, "go");
      say("llm_started", { iteration: 1, model: "m/x" });
    });
    const piece = "some words of a long reply that goes on and on, line after line.\n\n";
    const { heapUsed } = process.memoryUsage();
    for (let frame = 0; frame < 3_000; frame++) {
      model = story((say) => say("assistant_chunk", { content: piece }, 33), model);
      screenOf(model, [80, 24], { view });
    }
    const grown = (process.memoryUsage().heapUsed - heapUsed) / 1e6;
    expect(grown, "megabytes").to.be.below(120);
  });
});
