import { expect } from "chai";
import type { SessionEvent } from "../../../actors/events.ts";
import { maxBlocks, maxWhole } from "../../../tui/screen/model/draft.ts";
import type { Input } from "../../../tui/screen/model/inputs.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";
import { blocksOf, callOf, expectValid, inputsOf, outputOf, recorder } from "./recording.ts";

/** One call after the other, each with a log and an output of 8 kB, until there were so many events. */
function* longSession(count: number): Generator<SessionEvent> {
  const { events, say } = recorder();
  for (let index = 0; ; index++) {
    const id = `c${index}`;
    say("tool_call", callOf(id));
    say("tool_state_change", { tool_call_id: id, tool: "bash", state: "running", attempt: 1 });
    for (let line = 0; line < 3; line++) {
      say("tool_log", { tool: "bash", tool_call_id: id, log: `step ${line} loss ${1 / (line + 1)}\n`.repeat(5) });
    }
    say("tool_output", outputOf(id, `${index} ${"an ordinary line of output\n".repeat(300)}`));
    for (const event of events.splice(0)) {
      yield event;
      count -= 1;
      if (count === 0) return;
    }
  }
}

function run(count: number): { model: Model; elapsedMs: number; heapBytes: number } {
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  const before = process.memoryUsage().heapUsed;
  let model = emptyModel();
  let batch: Input[] = [];
  let elapsedMs = 0;
  const take = () => {
    const startedAt = performance.now();
    model = reduce(model, batch);
    elapsedMs += performance.now() - startedAt;
    batch = [];
  };
  for (const event of longSession(count)) {
    batch.push({ kind: "event", event });
    if (batch.length === 200) take();
  }
  take();
  collect?.();
  return { model, elapsedMs, heapBytes: process.memoryUsage().heapUsed - before };
}

describe("screen model: a long session", function () {
  // Some seconds; what took longer with each event that came before would not end in this time.
  this.timeout(60_000);

  it("takes a hundred thousand events in bounded memory and little time", () => {
    const { model, elapsedMs, heapBytes } = run(100_000);
    expectValid(model);
    expect(model.blocks.length).to.be.within(maxBlocks * 0.9, maxBlocks);
    expect(model.dropped + model.blocks.length).to.equal(model.nextBlock - 1);
    const whole = blocksOf(model, "call").filter(({ result }) => result?.output.whole != null);
    expect(whole.length).to.be.within(maxWhole - 2, maxWhole);
    expect(blocksOf(model, "call")[0]?.result?.output).to.deep.include({ whole: null, hidden: 292 });
    if (process.env.MODEL_FIGURES) process.stderr.write(`${elapsedMs} ms, ${heapBytes / 2 ** 20} MiB\n`);
    if ("gc" in globalThis) expect(heapBytes).to.be.below(80 * 2 ** 20);
  });

  it("keeps no more than the ends of a call that ends when it is old", () => {
    const { events, say } = recorder();
    say("tool_call", callOf("slow"));
    for (let index = 0; index < maxWhole; index++) {
      say("tool_call", callOf(`c${index}`));
      say("tool_output", outputOf(`c${index}`, "quick"));
    }
    say("tool_output", outputOf("slow", "line\n".repeat(100)));
    const [slow, quick] = blocksOf(reduce(emptyModel(), inputsOf(events)), "call");
    expect(slow?.result?.output).to.include({ whole: null, hidden: 92 });
    expect(quick?.result?.output.whole).to.equal("quick");
  });

  it("lets go of old blocks when a few are very long", () => {
    const { events, say } = recorder();
    for (let index = 0; index < 60; index++) {
      say("user_message", { content: "x".repeat(1_000_000), input_id: `i${index}`, via: "input", queued: false });
      say("processing", { message: "x", turn: 1, input_id: `i${index}` });
    }
    const model = reduce(emptyModel(), inputsOf(events));
    expectValid(model);
    expect(model.blocks.length).to.be.within(20, 32);
    expect(model.dropped + model.blocks.length).to.equal(60);
  });
});
