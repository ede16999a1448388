import { expect } from "chai";
import type { ActorContext, AnyChildSpec, Inspection } from "../../runtime/index.ts";
import type { ProbeProtocol } from "../support/runtime/probe-protocol.ts";
import {
  places,
  probe,
  type Recorded,
  rejection,
  soon,
  startSystem,
  stopSystems,
  until,
} from "../support/runtime/system.ts";

const epochOf = (run: Recorded, id: string) => run.ref(id).ask("epoch", null, soon);

describe("supervision", function () {
  this.timeout(20_000);
  afterEach(stopSystems);

  for (const at of places) {
    describe(`at the place "${at}"`, () => {
      it("restarts a crashed actor alone, and ends what was asked of it with the reason", async () => {
        const run = await startSystem([probe("a", at), probe("b", at)]);
        for (const id of ["a", "b"]) await run.ref(id).ask("echo", 1, soon);
        const asked = rejection(run.ref("a").ask("wait", null, soon));
        run.ref("a").tell("note", "lost");
        await run.ref("b").ask("echo", 1, soon);
        run.system.kill("a");
        const error = await asked;
        expect(error).to.include({ code: "ACTOR_GONE" });
        expect(error.data).to.deep.equal({ actor: "a", reason: "killed" });
        expect(await epochOf(run, "a")).to.equal(2);
        expect(await run.ref("a").ask("notes", null, soon)).to.deep.equal([]);
        expect(await epochOf(run, "b")).to.equal(1);
      });

      it("starts an actor on demand with its first message, which waits for it, or when it is woken", async () => {
        const lazy = (id: string) => probe(id, at, { launch: "on_demand" });
        const run = await startSystem([lazy("asked"), lazy("woken"), lazy("unused"), probe("other", at)]);
        await run.ref("other").ask("echo", 1, soon);
        expect(run.of("started").map((one) => one.actor)).to.deep.equal(["other"]);
        expect(await run.ref("asked").ask("echo", "first", soon)).to.equal("first");
        run.system.wake("woken");
        await until(() => run.of("started").some((one) => one.actor === "woken"));
        run.system.kill("asked");
        await until(() => run.of("restarting").length === 1);
        expect(await epochOf(run, "asked")).to.equal(2);
        run.system.kill("unused");
        await run.system.stop();
        expect(run.of("started").map((one) => one.actor)).not.to.include("unused");
        expect((await rejection(run.ref("unused").ask("echo", 1, soon))).code).to.equal("ACTOR_GONE");
      });

      it("lets asleep lie when it is stopped, whatever the ends of others lead to", async () => {
        const run = await startSystem([probe("busy", at), probe("asleep", at, { launch: "on_demand" })]);
        let hears = () => {};
        const woken = new Promise<void>((resolve) => {
          hears = resolve;
        });
        await new Promise<unknown>((resolve) => {
          run
            .ref("busy")
            .ask("hold", null, { ...soon, onProgress: resolve })
            .catch(() => {
              run.system.wake("asleep");
              run.ref("asleep").tell("note", "too late");
              hears();
            });
        });
        await run.system.stop();
        await woken;
        expect(run.of("started").map((one) => one.actor)).to.deep.equal(["busy"]);
      });

      it("takes a throw in a one-way message for a crash, now or later", async () => {
        const run = await startSystem([probe("a", at)]);
        run.ref("a").tell("fail", "broken");
        await until(() => run.of("restarting").length === 1);
        expect(await epochOf(run, "a")).to.equal(2);
        run.ref("a").tell("failLater", "broken later");
        await until(() => run.of("restarting").length === 2);
        expect(await epochOf(run, "a")).to.equal(3);
        const errors = run.of("stopped").map((one) => [one.reason, one.error?.message]);
        expect(errors).to.deep.equal([
          ["crash", "broken"],
          ["crash", "broken later"],
        ]);
      });

      it("takes a throw in a timer for a crash", async () => {
        const run = await startSystem([probe("a", at)]);
        await run.ref("a").ask("timerThrow", null, soon);
        await until(() => run.of("restarting").length === 1);
        expect(await epochOf(run, "a")).to.equal(2);
      });

      it("keeps messages for an actor that is still starting, as many as its mailbox holds", async () => {
        const mailbox = { capacity: 3, whenFull: "reject" } as const;
        const run = await startSystem([probe("a", at, { args: { label: "a", boot: 50 }, mailbox })]);
        const taken = [1, 2, 3, 4].map((index) => run.ref("a").tell("note", `note ${index}`));
        expect(taken).to.deep.equal([true, true, true, false]);
        await until(() => run.of("started").length === 1);
        // Right after the start the three still fill the mailbox.
        await until(
          async () =>
            (
              await run
                .ref("a")
                .ask("notes", null, soon)
                .catch(() => [])
            ).length === 3,
        );
      });

      it("keeps messages for an actor that waits for its restart", async () => {
        const run = await startSystem([probe("a", at)], {
          backoff: { minMs: 60, maxMs: 60, jitter: 0, resetAfterMs: 60_000 },
        });
        for (const times of [1, 2]) {
          await run.ref("a").ask("echo", 1, soon);
          run.system.kill("a");
          await until(() => run.of("restarting").length === times);
        }
        expect(run.of("restarting").map((one) => one.delayMs)).to.deep.equal([0, 60]);
        expect(run.ref("a").tell("note", "kept")).to.equal(true);
        expect(await run.ref("a").ask("notes", null, soon)).to.deep.equal(["kept"]);
        expect(await epochOf(run, "a")).to.equal(3);
      });

      it("gives up on an actor that fails to start twice in a row", async () => {
        const run = await startSystem([probe("fine", at), probe("a", at, { args: { label: "a", boot: "throw" } })]);
        const asked = rejection(run.ref("a").ask("echo", 1, soon));
        const escalation = await run.supervisor.escalated;
        expect(escalation).to.include({ actor: "a", reason: "boot" });
        expect(escalation.error).to.include({ code: "BOOT_FAILED" });
        expect(escalation.error.message).to.include("does not start");
        expect(await asked).to.include({ code: "ACTOR_GONE" });
        await until(() => !run.ref("fine").tell("note", "x"));
      });

      it("stops an actor within its time, and lets what it has in hand finish", async () => {
        const run = await startSystem([probe("a", at, { concurrency: 2 })]);
        await run.ref("a").ask("echo", 1, soon);
        let begun = 0;
        const options = { ...soon, onProgress: () => begun++ };
        const slept = run.ref("a").ask("sleep", 60, options);
        const waited = rejection(run.ref("a").ask("wait", null, options));
        await until(() => begun === 2);
        await run.supervisor.stop();
        expect(await slept).to.equal("slept");
        expect(await waited).to.include({ code: "ACTOR_GONE" });
        expect(run.ref("a").tell("note", "x")).to.equal(false);
      });

      it("ends an actor that takes longer to stop than it may", async () => {
        const run = await startSystem([probe("a", at, { args: { label: "a", stopMs: 60_000 }, shutdown: 30 })]);
        await run.ref("a").ask("echo", 1, soon);
        const started = Date.now();
        await run.supervisor.stop();
        expect(Date.now() - started).to.be.within(25, 1_500);
      });
    });
  }

  it("starts later siblings again in order, and no others, where the strategy says so", async () => {
    const children = [probe("a", "loop"), probe("b", "loop"), probe("c", "thread"), probe("d", "loop")];
    const run = await startSystem(children, { strategy: "rest_for_one" });
    for (const child of children) await run.ref(child.id).ask("echo", 1, soon);
    run.seen.length = 0;
    run.system.kill("b");
    await until(() => run.of("started").length === 3);
    const epochs = await Promise.all(children.map((child) => epochOf(run, child.id)));
    expect(epochs).to.deep.equal([1, 2, 2, 2]);
    expect(run.of("stopped").map((one) => [one.actor, one.reason])).to.deep.equal([
      ["b", "killed"],
      ["d", "normal"],
      ["c", "normal"],
    ]);
    expect(run.of("restarting")).to.have.length(1);
  });

  it("restarts from the earliest failure when a second one comes during a restart", async () => {
    const children = ["a", "b", "c"].map((id) => probe(id, "loop"));
    const backoff = { minMs: 30, maxMs: 30, jitter: 0, resetAfterMs: 60_000 };
    const run = await startSystem(children, { strategy: "rest_for_one", backoff });
    for (const child of children) await run.ref(child.id).ask("echo", 1, soon);
    run.system.kill("b");
    run.system.kill("a");
    const epochs = await Promise.all(children.map((child) => epochOf(run, child.id)));
    expect(epochs).to.deep.equal([2, 2, 2]);
  });

  it("counts the death of a shared host as one failure", async () => {
    const shared = { at: "thread", host: "shared" } as const;
    const run = await startSystem([probe("a", shared), probe("b", shared)], { intensity: 1 });
    const where = await Promise.all(["a", "b"].map((id) => run.ref(id).ask("where", null, soon)));
    expect(where[0]).to.deep.equal(where[1]);
    run.system.kill("a");
    expect(await Promise.all([epochOf(run, "a"), epochOf(run, "b")])).to.deep.equal([2, 2]);
  });

  it("escalates when there are more restarts in the period than it allows", async () => {
    const run = await startSystem([probe("a", "loop"), probe("b", "loop")], { intensity: 2 });
    for (const _ of [1, 2, 3]) {
      await run.ref("a").ask("echo", 1, soon);
      run.system.kill("a");
    }
    expect(await run.supervisor.escalated).to.include({ actor: "a", reason: "killed" });
    expect(run.of("escalated")).to.deep.equal([
      { kind: "escalated", supervisor: "spec", actor: "a", reason: "killed" },
    ]);
    expect(await rejection(run.ref("a").ask("echo", 1, soon))).to.include({ code: "ACTOR_GONE" });
    await until(() => !run.ref("b").tell("note", "x"));
  });

  it("forgets restarts that are longer ago than the period", async () => {
    const run = await startSystem([probe("a", "loop")], { intensity: 1, periodMs: 40 });
    for (const epoch of [1, 2, 3]) {
      expect(await epochOf(run, "a")).to.equal(epoch);
      run.system.kill("a");
      const end = Date.now() + 50;
      await until(() => Date.now() > end);
    }
    expect(await epochOf(run, "a")).to.equal(4);
  });

  it("restarts a transient actor after a failure, but not after a normal end", async () => {
    const run = await startSystem([probe("a", "process", { restart: "transient" })]);
    await run.ref("a").ask("echo", 1, soon);
    run.system.kill("a");
    expect(await epochOf(run, "a")).to.equal(2);
    const asked = await rejection(run.ref("a").ask("exit", 0, soon));
    expect(asked).to.include({ code: "ACTOR_GONE" });
    await until(() => !run.ref("a").tell("note", "x"));
    expect(run.of("stopped").map((one) => one.reason)).to.deep.equal(["killed", "normal"]);
  });

  it("never restarts a temporary actor", async () => {
    const run = await startSystem([probe("a", "loop", { restart: "temporary" }), probe("b", "loop")]);
    await run.ref("a").ask("echo", 1, soon);
    run.system.kill("a");
    expect(await rejection(run.ref("a").ask("echo", 1, soon))).to.include({ code: "ACTOR_GONE" });
    expect(await epochOf(run, "b")).to.equal(1);
    expect(run.of("restarting")).to.deep.equal([]);
  });

  it("asks for fresh arguments before each start", async () => {
    let starts = 0;
    const args = () => ({ label: `start ${++starts}` });
    const run = await startSystem([probe("a", "thread", { args })]);
    expect(await run.ref("a").ask("args", null, soon)).to.deep.equal({ label: "start 1" });
    run.system.kill("a");
    expect(await run.ref("a").ask("args", null, soon)).to.deep.equal({ label: "start 2" });
  });

  it("gives up on an actor whose arguments cannot be made or cannot be sent", async () => {
    const broken = () => {
      throw new Error("no arguments");
    };
    for (const [args, message] of [
      [broken, "no arguments"],
      [{ label: () => 1 }, "could not be cloned"],
    ] as const) {
      const run = await startSystem([probe("a", "thread", { args })]);
      const { error } = await run.supervisor.escalated;
      expect(error).to.include({ code: "BOOT_FAILED" });
      expect(error.message).to.include(message);
    }
  });

  it("gives up on an actor that takes longer to start than it may", async () => {
    const run = await startSystem(
      [probe("a", "thread", { args: { label: "a", boot: 60_000 } })],
      {},
      { bootLimitMs: 150 },
    );
    const { reason, error } = await run.supervisor.escalated;
    expect([reason, error.message]).to.deep.equal([
      "boot",
      'The actor "a" could not be started: The host "a" did not answer within 150 ms.',
    ]);
  });

  it("gives up on a module that is not there or is no actor", async () => {
    for (const name of ["nowhere", "runtime-pool"]) {
      const run = await startSystem([probe("a", "thread", { entry: new URL(`./${name}.js`, import.meta.url).href })]);
      expect((await run.supervisor.escalated).error.message).to.include(`${name}.js`);
    }
  });

  it("boots threads at the same time, whatever their order", async () => {
    const slow = probe("slow", "thread", { args: { label: "slow", boot: 300 } });
    const run = await startSystem([slow, probe("quick", "thread")]);
    await Promise.all(["slow", "quick"].map((id) => epochOf(run, id)));
    expect(run.of("started").map((one) => one.actor)).to.deep.equal(["quick", "slow"]);
  });

  it("leaves a request alone whose caller has died, and makes its answer a dead letter", async () => {
    const run = await startSystem([probe("caller", "thread"), probe("callee", "loop")]);
    const question = { to: "callee", type: "sleep", body: 300, deadlineMs: 5_000 };
    const asked = rejection(run.ref("caller").ask("ask", question, soon));
    await until(() => run.of("message").some((one) => one.to === "callee" && one.type === "sleep"));
    run.system.kill("caller");
    await asked;
    const isLate = (one: Inspection) => one.kind === "dead_letter" && one.from === "callee";
    await until(() => run.seen.some(isLate));
    expect(await run.ref("callee").ask("peak", null, soon)).to.equal(1);
  });

  it("carries any number of messages between hosts, and each of them", async () => {
    const run = await startSystem([probe("source", "thread"), probe("sink", "process"), probe("home", "loop")]);
    for (const to of ["sink", "home"]) {
      let taken = 0;
      while (taken < 3_000) taken += await run.ref("source").ask("flood", { to, count: 700, ms: 0 }, soon);
      await until(
        async () =>
          (
            await run
              .ref(to)
              .ask("notes", null, soon)
              .catch(() => [])
          ).length === taken,
      );
    }
  });

  it("ends requests of an actor in a host when the actor they wait for dies elsewhere", async () => {
    const run = await startSystem([probe("caller", "thread"), probe("callee", "process")]);
    await run.ref("callee").ask("echo", 1, soon);
    const question = { to: "callee", type: "wait", body: null, deadlineMs: 9_000 };
    const asked = run.ref("caller").ask("ask", question, soon);
    await until(() => run.of("message").some((one) => one.to === "callee" && one.type === "wait"));
    run.system.kill("callee");
    expect(await asked).to.deep.equal({ code: "ACTOR_GONE" });
  });

  it("lets an earlier start of an actor send nothing", async () => {
    let old: ActorContext | undefined;
    const child: AnyChildSpec = {
      ...probe("a", "loop"),
      entry: (_args: unknown, context: ActorContext) => {
        old ??= context;
        return { tells: {}, asks: {} };
      },
    };
    const run = await startSystem([child, probe("b", "loop")]);
    await until(() => run.of("started").length === 2);
    run.system.kill("a");
    await until(() => run.of("started").length === 3);
    expect(old?.signal.aborted).to.equal(true);
    expect(old?.ref<ProbeProtocol>("b").tell("note", "from the dead")).to.equal(false);
    const asked = old?.ref<ProbeProtocol>("b").ask("echo", 1, soon) ?? Promise.resolve();
    expect(await rejection(asked)).to.include({ code: "ACTOR_GONE" });
    expect(await run.ref("b").ask("notes", null, soon)).to.deep.equal([]);
  });

  it("never runs a receiver inside its sender's call", async () => {
    const order: string[] = [];
    const child: AnyChildSpec = {
      ...probe("a", "loop"),
      entry: () => ({ tells: { mark: () => order.push("received") }, asks: {} }),
    };
    const run = await startSystem([child]);
    await until(() => run.of("started").length === 1);
    const mark = run.system.ref<{ tells: { mark: null }; asks: Record<never, never> }>("a");
    mark.tell("mark", null);
    order.push("sent");
    await until(() => order.length === 2);
    expect(order).to.deep.equal(["sent", "received"]);
  });

  it("stops everything in reverse order, and takes nothing after that", async () => {
    const run = await startSystem([probe("a", "loop"), probe("b", "thread"), probe("c", "process")]);
    await Promise.all(["a", "b", "c"].map((id) => epochOf(run, id)));
    const asked = rejection(run.ref("b").ask("wait", null, soon));
    await run.system.stop();
    expect(await asked).to.include({ code: "ACTOR_GONE" });
    expect(run.of("stopped").map((one) => one.actor)).to.deep.equal(["c", "b", "a"]);
    expect(run.ref("a").tell("note", "x")).to.equal(false);
    expect(await rejection(run.system.supervise("late", [], { ...escalating }))).to.include({ code: "BOOT_FAILED" });
  });

  it("refuses specs that cannot work", async () => {
    const run = await startSystem([probe("a", "loop")]);
    const again = run.system.supervise("more", [probe("a", "loop")], escalating);
    expect(await rejection(again)).to.include({ code: "BOOT_FAILED" });
    const factory = { ...probe("f", "thread"), entry: () => ({ tells: {}, asks: {} }) };
    expect(await rejection(run.system.supervise("more", [factory], escalating))).to.include({ code: "BOOT_FAILED" });
  });
});

const escalating = {
  strategy: "one_for_one",
  intensity: 0,
  periodMs: 1_000,
  backoff: { minMs: 1, maxMs: 1, jitter: 0, resetAfterMs: 1_000 },
} as const;
