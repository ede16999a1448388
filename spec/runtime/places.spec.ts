import { expect } from "chai";
import { RuntimeError } from "../../runtime/index.ts";
import {
  keepBusy,
  places,
  probe,
  type Recorded,
  rejection,
  soon,
  startSystem,
  stopSystems,
  until,
} from "../support/runtime/system.ts";

// One actor behaves the same wherever it runs: the whole suite is run at each place.
for (const at of places) {
  describe(`an actor at the place "${at}"`, function () {
    this.timeout(20_000);
    let run: Recorded;
    const mailbox = { capacity: 4, whenFull: "reject" } as const;

    before(async () => {
      run = await startSystem([
        probe("a", at),
        probe("small", at, { mailbox }),
        probe("wide", at, { concurrency: 3 }),
        probe("oldest", at, { mailbox: { ...mailbox, whenFull: "drop_oldest" } }),
        probe("newest", at, { mailbox: { ...mailbox, whenFull: "coalesce" } }),
        probe("neighbour", { at: "thread", host: "other" }),
        probe("home", "loop"),
      ]);
    });
    after(stopSystems);

    it("answers a request with the handler's value", async () => {
      const body = { text: "é", list: [1, null, { deep: true }] };
      expect(await run.ref("a").ask("echo", body, soon)).to.deep.equal(body);
      expect(await run.ref("a").ask("args", null, soon)).to.deep.equal({ label: "a" });
    });

    it("handles one-way messages in the order in which they were sent", async () => {
      const sent = Array.from({ length: 300 }, (_, index) => `note ${index}`);
      for (const note of sent) expect(run.ref("a").tell("note", note)).to.equal(true);
      expect((await run.ref("a").ask("notes", null, soon)).slice(-300)).to.deep.equal(sent);
    });

    it("brings a handler's error back with its class, fields, cause and stack, and lives on", async () => {
      const error = await rejection(run.ref("a").ask("fail", null, soon));
      expect(error).to.be.instanceOf(TypeError);
      expect(error).to.include({ name: "TypeError", message: "wrong", code: "PROBE_FAILED", hint: "Do it right." });
      expect(error.data).to.deep.equal({ line: 7, seen: ["a", null] });
      expect(error).not.to.have.property("handler");
      expect(error.cause).to.be.instanceOf(RangeError).and.include({ code: "RANGE", message: "too far" });
      expect(error.stack).to.match(/probe/);
      expect(await run.ref("a").ask("epoch", null, soon)).to.equal(1);
    });

    it("brings back what is thrown and is no error", async () => {
      expect(await rejection(run.ref("a").ask("throwValue", "only text", soon))).to.include({ message: "only text" });
      expect(await rejection(run.ref("a").ask("throwValue", { code: "ODD", n: 1 }, soon))).to.include({
        code: "ODD",
        n: 1,
      });
      expect(await rejection(run.ref("a").ask("throwValue", null, soon))).to.be.instanceOf(Error);
    });

    it("reports progress in order, before the answer", async () => {
      const seen: unknown[] = [];
      const onProgress = (update: unknown) => seen.push(update);
      expect(await run.ref("a").ask("count", 5, { ...soon, onProgress })).to.equal(5);
      expect(seen).to.deep.equal([1, 2, 3, 4, 5].map((step) => ({ step })));
    });

    it("fails a request whose progress listener throws, and tells the handler", async () => {
      const onProgress = () => {
        throw new Error("listener");
      };
      expect(await rejection(run.ref("a").ask("count", 3, { ...soon, onProgress }))).to.include({
        message: "listener",
      });
    });

    it("cancels a running handler at once, with a reason that has a code", async () => {
      const cancel = new AbortController();
      const begun: unknown[] = [];
      const onProgress = (update: unknown) => begun.push(update);
      const asked = rejection(run.ref("a").ask("wait", null, { ...soon, signal: cancel.signal, onProgress }));
      await until(() => begun.length === 1);
      cancel.abort(new Error("not wanted any more"));
      const error = await asked;
      expect(error).to.be.instanceOf(RuntimeError);
      expect(error).to.include({ code: "CANCELLED" });
      expect(error.cause).to.include({ message: "not wanted any more" });
      expect((await run.ref("a").ask("notes", null, soon)).at(-1)).to.equal("aborted CANCELLED");
    });

    it("does not start a queued request that was cancelled", async () => {
      const cancel = new AbortController();
      const release = await keepBusy(run.ref("small"));
      const queued = rejection(run.ref("small").ask("wait", null, { ...soon, signal: cancel.signal }));
      cancel.abort();
      expect(await queued).to.include({ code: "CANCELLED" });
      release();
      expect(await run.ref("small").ask("notes", null, soon)).to.deep.equal([]);
    });

    it("does not send a request whose signal has fired already", async () => {
      const asked = run.ref("a").ask("echo", 1, { ...soon, signal: AbortSignal.abort() });
      expect(await rejection(asked)).to.include({ code: "CANCELLED" });
    });

    it("ends a request at its deadline and fires the handler's signal", async () => {
      const started = Date.now();
      expect(await rejection(run.ref("a").ask("wait", null, { deadlineMs: 150 }))).to.include({ code: "ASK_TIMEOUT" });
      expect(Date.now() - started).to.be.within(145, 1_500);
      await until(async () => (await run.ref("a").ask("notes", null, soon)).at(-1) === "aborted ASK_TIMEOUT");
    });

    it("drops a request unread whose deadline passed while it waited", async () => {
      run.ref("a").tell("note", "before");
      const release = await keepBusy(run.ref("a"));
      expect(await rejection(run.ref("a").ask("wait", null, { deadlineMs: 20 }))).to.include({ code: "ASK_TIMEOUT" });
      release();
      expect((await run.ref("a").ask("notes", null, soon)).at(-1)).to.equal("before");
    });

    it("wants a deadline", async () => {
      expect(await rejection(run.ref("a").ask("echo", 1, { deadlineMs: Number.NaN }))).to.include({
        code: "BAD_MESSAGE",
      });
      expect(await rejection(run.ref("a").ask("echo", 1, { deadlineMs: 0 }))).to.include({ code: "ASK_TIMEOUT" });
    });

    it("refuses what finds the mailbox full, and takes messages again later", async () => {
      const small = run.ref("small");
      const release = await keepBusy(small);
      const taken = [1, 2, 3, 4, 5, 6].map((index) => small.tell("note", `full ${index}`));
      expect(taken).to.deep.equal([true, true, true, true, false, false]);
      expect(await rejection(small.ask("echo", 1, soon))).to.include({ code: "MAILBOX_FULL" });
      release();
      await until(() => small.tell("note", "again"));
      await until(async () => (await small.ask("notes", null, soon).catch(() => [])).at(-1) === "again");
      const notes = await small.ask("notes", null, soon);
      expect(notes).to.deep.equal(["full 1", "full 2", "full 3", "full 4", "again"]);
    });

    it("gives up the oldest messages where the mailbox says so, on record", async () => {
      const oldest = run.ref("oldest");
      for (let index = 1; index <= 10; index++) {
        expect(oldest.tell("slowNote", { text: `n${index}`, ms: index === 1 ? 40 : 0 })).to.equal(true);
      }
      await until(async () => (await oldest.ask("notes", null, soon)).at(-1) === "n10");
      const notes = await oldest.ask("notes", null, soon);
      expect(notes.length).to.be.within(3, 9);
      const dropped = run.of("dead_letter").filter((one) => one.to === "oldest");
      expect(dropped).to.have.length(10 - notes.length);
    });

    it("keeps the newest of a type where the mailbox says so", async () => {
      const newest = run.ref("newest");
      const release = await keepBusy(newest);
      for (let index = 1; index <= 20; index++) expect(newest.tell("note", `n${index}`)).to.equal(true);
      release();
      await until(async () => (await newest.ask("notes", null, soon)).at(-1) === "n20");
      expect((await newest.ask("notes", null, soon)).length).to.be.below(12);
    });

    it("has one message in hand at a time, or as many as its spec says", async () => {
      await Promise.all([1, 2, 3].map(() => run.ref("a").ask("sleep", 5, soon)));
      expect(await run.ref("a").ask("peak", null, soon)).to.equal(1);
      await Promise.all([1, 2, 3, 4, 5, 6].map(() => run.ref("wide").ask("sleep", 10, soon)));
      expect(await run.ref("wide").ask("peak", null, soon)).to.equal(3);
    });

    it("answers a request of no known type with an error, and lives on", async () => {
      const ask = run.ref("a").ask as unknown as (type: string, body: unknown, options: object) => Promise<unknown>;
      expect(await rejection(ask("constructor", null, soon))).to.include({ code: "BAD_MESSAGE" });
      expect(await run.ref("a").ask("epoch", null, soon)).to.equal(1);
    });

    it("runs timers, replaces them by key, and forgets them", async () => {
      const a = run.ref("a");
      await a.ask("timer", { ms: 5_000, key: "k", text: "replaced" }, soon);
      await a.ask("timer", { ms: 10, key: "k", text: "fired" }, soon);
      await a.ask("timer", { ms: 5, key: "other", text: "forgotten" }, soon);
      await a.ask("cancelTimer", "other", soon);
      await until(async () => (await a.ask("notes", null, soon)).at(-1) === "fired");
      expect(await a.ask("notes", null, soon)).not.to.include.members(["replaced", "forgotten"]);
    });

    it("reaches actors at other places, and they reach it", async () => {
      for (const other of ["neighbour", "home", "small"]) {
        const there = { to: other, type: "echo", body: { from: "a" }, deadlineMs: 5_000 };
        expect(await run.ref("a").ask("ask", there, soon)).to.deep.equal({ answer: { from: "a" } });
        const back = { to: "a", type: "echo", body: [1], deadlineMs: 5_000 };
        expect(await run.ref(other).ask("ask", back, soon)).to.deep.equal({ answer: [1] });
      }
      run.ref("a").tell("relay", { to: "neighbour", text: "relayed" });
      await until(async () => (await run.ref("neighbour").ask("notes", null, soon)).includes("relayed"));
    });

    it("holds requests between actors to the same rules", async () => {
      const late = { to: "neighbour", type: "wait", body: null, deadlineMs: 150 };
      expect(await run.ref("a").ask("ask", late, soon)).to.deep.equal({ code: "ASK_TIMEOUT" });
      await until(async () => (await run.ref("neighbour").ask("notes", null, soon)).includes("aborted ASK_TIMEOUT"));
      const nobody = { to: "nobody", type: "echo", body: null, deadlineMs: 5_000 };
      expect(await run.ref("a").ask("ask", nobody, soon)).to.deep.equal({ code: "ACTOR_GONE" });
      const failing = { to: "neighbour", type: "fail", body: null, deadlineMs: 5_000 };
      expect(await run.ref("a").ask("ask", failing, soon)).to.deep.equal({ code: "PROBE_FAILED" });
    });

    it("is told when the mailbox of an actor elsewhere is full", async () => {
      const taken = await run.ref("wide").ask("flood", { to: "small", count: 30, ms: 1 }, soon);
      expect(taken).to.be.within(4, 12);
      await until(async () => {
        const notes = await run
          .ref("small")
          .ask("notes", null, soon)
          .catch(() => []);
        return notes.filter((note) => note.startsWith("flood")).length === taken;
      });
    });

    it("knows nobody under an unknown name", async () => {
      expect(run.ref("nobody").tell("note", "x")).to.equal(false);
      expect(await rejection(run.ref("nobody").ask("echo", 1, soon))).to.include({ code: "ACTOR_GONE" });
    });

    it("writes to the log of the system", async () => {
      await run.ref("a").ask("log", "a line", soon);
      await until(() => run.of("log").some((one) => one.actor === "a" && one.message === "a line"));
    });
  });
}
