import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { openStore, type Store } from "../../actors/root/store.ts";
import { feedWatcher } from "../../actors/root/watch.ts";
import { watcherChild } from "../../actors/watcher/child.ts";
import type { SilentCall } from "../../actors/watcher/protocol.ts";
import { silences } from "../../actors/watcher/silence.ts";
import { createSystem, type Inspection, type Subscription, type System } from "../../runtime/index.ts";
import { type HandClock, handClock } from "./hand-clock.ts";

const minute = 60_000;

describe("watcher: when a silence is worth a word", () => {
  const due = (silentMs: number, reportedMs: number) =>
    silences([{ tool_call_id: "c", tool: "bash", title: "t", silent_ms: silentMs, reported_ms: reportedMs }]).length >
    0;

  it("is at five minutes, and then each time that it has doubled", () => {
    const words: number[] = [];
    for (let at = 1; at <= 100; at++) if (due(at * minute, (words.at(-1) ?? 0) * minute)) words.push(at);
    expect(words).to.deep.equal([5, 10, 20, 40, 80]);
  });

  it("comes no later for a word that came late", () => {
    expect(due(9.9 * minute, 6.5 * minute)).to.equal(false);
    expect(due(10 * minute, 6.5 * minute)).to.equal(true);
    expect(due(45 * minute, 0), "one word for a silence that nobody looked at").to.equal(true);
    expect(due(79 * minute, 45 * minute)).to.equal(false);
  });
});

describe("watcher: calls of which nothing is heard", () => {
  let dir: string;
  let store: Store;
  let system: System;
  let clock: HandClock;
  let seen: Inspection[];
  let reader: Subscription;
  let settled: () => void;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "silence-"));
    store = openStore(dir);
    seen = [];
    settled = () => undefined;
    clock = handClock();
    system = createSystem({
      hostEntry: new URL("./host.js", import.meta.url),
      tap: (observation) => {
        seen.push(observation);
        if (observation.kind === "reply" && observation.type === "silent") settled();
      },
    });
    await system.supervise("root", [watcherChild()], {
      strategy: "one_for_one",
      intensity: 3,
      periodMs: 10_000,
      backoff: { minMs: 1, maxMs: 10, jitter: 0, resetAfterMs: 1000 },
    });
    feedWatcher(system, store, "s", { clock });
    reader = store.bus.subscribe({ from: "live", filter: ({ type }) => type === "call_silent" });
    const started = { version: 1 as const, cwd: "/w", model: "m", created_by: "spec" };
    store.publish({ type: "session_started", data: started }, false);
    store.publish({ type: "user_message", data: { content: "go", input_id: "i", via: "input", queued: false } }, false);
    store.publish({ type: "processing", data: { message: "go", turn: 1, input_id: "i" } }, false);
  });

  afterEach(async () => {
    await system.stop();
    store.close();
    rmSync(dir, { recursive: true });
  });

  function begin(id: string): void {
    const gate = { verdict: "run" } as const;
    const call = { tool: "bash", arguments: {}, tool_call_id: id, on_crash: "adopt" as const, touches: [], gate };
    store.publish({ type: "tool_call", data: { ...call, title: `Run: ${id}`, timeout_ms: 36_000_000 } }, false);
    store.publish({ type: "tool_state_change", data: { tool_call_id: id, tool: "bash", state: "running" } }, false);
  }

  function end(id: string): void {
    const data = { tool: "bash", tool_call_id: id, output: "", success: true, outcome: "done" as const };
    store.publish({ type: "tool_output", data: { ...data, duration_ms: 1 } }, false);
  }

  const speak = (id: string) =>
    store.emit({ type: "tool_log", data: { tool: "bash", tool_call_id: id, log: "still here" } });
  const questions = () => seen.filter((one) => one.kind === "message" && one.type === "silent").length;
  const started = () => seen.some((one) => one.kind === "started" && one.actor === "watcher");

  /** Lets minutes pass, one by one; each question to the watcher is answered before the next. */
  async function minutes(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const before = questions();
      const answered = new Promise<void>((resolve) => {
        settled = resolve;
      });
      clock.pass(minute);
      if (questions() === before) continue;
      await answered;
      // The answer is seen by the tap before it gets to the one who asked.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What was reported: everything that the reader gets before its end. */
  async function reported(): Promise<SilentCall[]> {
    store.bus.close();
    const calls: SilentCall[] = [];
    for await (const event of reader) {
      const { type, data } = event as unknown as SessionEvent;
      if (type === "call_silent") calls.push(data);
    }
    return calls;
  }

  it("reports a first call that hangs, at doubling intervals, with its title", async () => {
    begin("call_a");
    await minutes(21);
    expect(await reported()).to.deep.equal(
      [5, 10, 20].map((n) => ({ tool: "bash", tool_call_id: "call_a", title: "Run: call_a", silent_ms: n * minute })),
    );
  });

  it("starts no watcher for calls that end within a minute, and leaves no timer behind", async () => {
    for (const id of ["call_a", "call_b"]) {
      begin(id);
      clock.pass(minute - 1);
      end(id);
    }
    expect(clock.timers()).to.equal(0);
    expect([started(), questions()]).to.deep.equal([false, 0]);
    begin("call_c");
    await minutes(1);
    expect([started(), questions()]).to.deep.equal([true, 1]);
  });

  it("counts from the last sign of life, and begins anew after one", async () => {
    begin("call_a");
    await minutes(4);
    speak("call_a");
    await minutes(4);
    speak("call_b");
    await minutes(1);
    speak("call_a");
    await minutes(5);
    expect((await reported()).map(({ silent_ms }) => silent_ms / minute)).to.deep.equal([5, 5]);
  });

  it("does not wake the watcher for a call that talks, however much", async () => {
    begin("call_a");
    for (let half = 0; half < 20; half++) {
      for (let line = 0; line < 1000; line++) speak("call_a");
      clock.pass(minute / 2);
    }
    expect(seen.filter((one) => one.kind === "message" && one.to === "watcher")).to.deep.equal([]);
    expect(started()).to.equal(false);
    expect(await reported()).to.deep.equal([]);
  });

  it("speaks of the silent one only, and of none that has ended", async () => {
    for (const id of ["call_a", "call_b", "call_c"]) begin(id);
    await minutes(4);
    speak("call_b");
    end("call_c");
    await minutes(2);
    expect((await reported()).map((call) => call.tool_call_id)).to.deep.equal(["call_a"]);
  });

  it("says nothing of a call that speaks while the watcher thinks", async () => {
    begin("call_a");
    await minutes(4);
    clock.pass(minute);
    speak("call_a");
    await minutes(2);
    expect(await reported()).to.deep.equal([]);
  });

  it("goes on after the watcher has died, and repeats nothing", async () => {
    begin("call_a");
    await minutes(6);
    system.kill("watcher");
    await minutes(5);
    expect((await reported()).map(({ silent_ms }) => silent_ms / minute)).to.deep.equal([5, 10]);
  });

  it("is at rest once the session is shut down", () => {
    begin("call_a");
    expect(clock.timers()).to.equal(1);
    store.publish({ type: "shutdown", data: { reason: "error" } }, false);
    expect(clock.timers()).to.equal(0);
  });
});
