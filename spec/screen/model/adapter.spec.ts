import { expect } from "chai";
import type { SessionEvent } from "../../../actors/events.ts";
import { createBus, openJournal } from "../../../runtime/index.ts";
import { batchMs, batchSize, createIntake, follow } from "../../../tui/screen/model/adapter.ts";
import { maxLogChars } from "../../../tui/screen/model/coalesce.ts";
import type { Input } from "../../../tui/screen/model/inputs.ts";
import { makeWorkspace } from "../../offline/session.ts";
import { until } from "../../support/program.ts";
import { handClock } from "../../watcher/hand-clock.ts";

function chunk(content: string, seq = 1): Input {
  const event = { type: "assistant_chunk", seq, ts: 1, session_id: "s1", data: { content } };
  return { kind: "event", event: event as SessionEvent };
}

function log(text: string, id: string, seq = 1): Input {
  const data = { tool: "bash", tool_call_id: id, log: text };
  return { kind: "event", event: { type: "tool_log", seq, ts: 1, session_id: "s1", data } as SessionEvent };
}

function fact(seq: number): Input {
  const event = { type: "session_renamed", seq, ts: 1, session_id: "s1", data: { name: `n${seq}` } };
  return { kind: "event", event: event as SessionEvent };
}

function intake() {
  const clock = handClock();
  const batches: (readonly Input[])[] = [];
  return { clock, batches, ...createIntake((batch) => batches.push(batch), clock) };
}

describe("screen model: the intake", () => {
  it("hands on the first at once and what follows together, sixty times a second at most", () => {
    const { clock, batches, push } = intake();
    push(chunk("a"));
    expect(batches).to.have.length(1);
    for (let ms = 0; ms < 1_000; ms++) {
      for (let piece = 0; piece < 20; piece++) push(chunk("b"));
      clock.pass(1);
    }
    clock.pass(batchMs);
    expect(batches.length).to.be.within(55, 65);
    expect(batches.every((batch) => batch.length === 1)).to.equal(true);
    const text = batches
      .flat()
      .map((input) => (input.kind === "event" ? (input.event.data as { content: string }).content : ""));
    expect(text.join("")).to.equal(`a${"b".repeat(20_000)}`);
  });

  it("does not wait with many facts, and sets no timer while nothing comes", () => {
    const { clock, batches, push, flush } = intake();
    push(fact(1));
    for (let seq = 2; seq <= 1_001; seq++) push(fact(seq));
    expect(batches).to.have.length(1 + 1_000 / batchSize);
    expect(batches.every((batch) => batch.length <= batchSize)).to.equal(true);
    flush();
    clock.pass(100);
    expect(clock.timers()).to.equal(0);
    expect(batches.flat()).to.have.length(1_001);
  });

  it("puts output of each call together between two facts, never across one", () => {
    const { batches, push, flush } = intake();
    push(fact(1));
    for (const input of [log("a1\n", "a"), log("b1\n", "b"), log("a2\n", "a"), fact(2), log("a3\n", "a", 2)])
      push(input);
    flush();
    const seen = batches[1]?.map((input) => (input.kind === "event" ? input.event.data : null));
    expect(seen).to.deep.equal([
      { tool: "bash", tool_call_id: "a", log: "a1\na2\n" },
      { tool: "bash", tool_call_id: "b", log: "b1\n" },
      { name: "n2" },
      { tool: "bash", tool_call_id: "a", log: "a3\n" },
    ]);
  });

  it("holds a bounded part of a flood, its newest", () => {
    const { batches, push, flush } = intake();
    push(fact(1));
    for (let line = 0; line < 5_000; line++) push(log(`${"x".repeat(200)} ${line}\n`, "a"));
    flush();
    const [input] = batches[1] ?? [];
    const text = input?.kind === "event" && input.event.type === "tool_log" ? input.event.data.log : "";
    expect(text.length).to.be.below(maxLogChars + 100);
    expect(text.endsWith(" 4999\n")).to.equal(true);
  });

  it("takes nothing once it is closed", () => {
    const { clock, batches, push, close } = intake();
    push(chunk("a"));
    push(chunk("b"));
    close();
    push(chunk("c"));
    clock.pass(100);
    expect(batches).to.have.length(1);
    expect(clock.timers()).to.equal(0);
  });
});

describe("screen model: following the bus", () => {
  const folder = makeWorkspace({});
  after(() => folder.remove());

  it("gets every durable event once though the reader lags, and says that others were missed", async () => {
    const journal = openJournal({ dir: folder.path });
    const bus = createBus({ journal, ring: 16 });
    const taken: Input[] = [];
    // A reader with hardly any room: what is published in one go is too much for it.
    const agent = {
      sessionId: "s1",
      bus: { subscribe: (options: Parameters<typeof bus.subscribe>[0]) => bus.subscribe({ ...options, capacity: 8 }) },
    };
    const following = follow(agent, 1, { push: (input) => taken.push(input), flush() {}, close() {} });
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 100; index++) bus.publish("session_renamed", { name: `${round} ${index}` });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const durable = () => taken.flatMap((input) => (input.kind === "event" ? [input.event.seq] : []));
    await until("all events", () => durable().length >= 500);
    expect(durable()).to.deep.equal(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(taken.some(({ kind }) => kind === "missed")).to.equal(true);

    following.again(499);
    await until("the last two again", () => durable().length >= 502);
    expect(durable().slice(-2)).to.deep.equal([499, 500]);
    bus.close();
    await following.done;
    journal.close();
  });
});
