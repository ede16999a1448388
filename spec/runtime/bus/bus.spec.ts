import { expect } from "chai";
import { type Bus, type BusEvent, type BusOptions, codeOf, createBus, openJournal } from "../../../runtime/index.ts";
import { withFolder } from "../../support/journal.ts";

/** Runs a spec with a bus on a fresh journal that has some records already. */
function withBus(records: number, options: Omit<BusOptions, "journal">, use: (bus: Bus) => void | Promise<void>) {
  return withFolder(async (dir) => {
    const before = openJournal({ dir });
    for (let n = 1; n <= records; n += 1) before.append("old", n);
    before.close();
    const journal = openJournal({ dir });
    try {
      await use(createBus({ journal, ...options }));
    } finally {
      journal.close();
    }
  });
}

/** A short name of an event: its seq, with a `~` when it is ephemeral. */
const nameOf = (event: BusEvent): string => `${event.durable ? "" : "~"}${event.seq}`;

/** What a reader gets until the bus or the subscription closes, or until it has so many. */
async function collect(events: AsyncIterable<BusEvent>, count = Number.POSITIVE_INFINITY): Promise<string[]> {
  const names: string[] = [];
  for await (const event of events) if (names.push(nameOf(event)) >= count) break;
  return names;
}

describe("bus", () => {
  it("hands durable and ephemeral events to live readers in one order", () =>
    withBus(2, {}, async (bus) => {
      bus.publish("before", null);
      const reading = collect(bus.subscribe({ from: "live" }));
      bus.emit("chunk", "a");
      const event = bus.publish("said", { text: "hello" });
      bus.emit("chunk", "b");
      bus.close();
      expect(event).to.include({ type: "said", seq: 4, durable: true });
      expect(await reading).to.deep.equal(["~3", "4", "~4"]);
    }));

  it("replays from the file, then from memory, then live, without gap or repeat", () =>
    withBus(600, { ring: 8 }, async (bus) => {
      for (let n = 0; n < 20; n += 1) bus.publish("new", n);
      const reading = collect(bus.subscribe({ from: 5 }));
      // The reader is still in the file while these come.
      for (let n = 0; n < 30; n += 1) {
        bus.publish("newer", n);
        await new Promise((done) => setImmediate(done));
      }
      bus.close();
      expect(await reading).to.deep.equal(Array.from({ length: 646 }, (_, index) => String(index + 5)));
    }));

  it("starts a reader of everything with the snapshot, and others without", () => {
    let state = 3;
    return withBus(3, { snapshot: () => ({ state }) }, async (bus) => {
      bus.tap((event) => {
        state = event.seq;
      });
      bus.publish("new", null);
      const seen: unknown[] = [];
      const onSnapshot = (snapshot: unknown, seq: number): void => void seen.push([snapshot, seq]);
      const fromStart = collect(bus.subscribe({ from: 1, onSnapshot }));
      expect(seen).to.deep.equal([[{ state: 4 }, 4]]);
      const fromTwo = collect(bus.subscribe({ from: 2, onSnapshot }));
      const withoutHandler = collect(bus.subscribe({ from: 1 }));
      bus.publish("newer", null);
      bus.close();
      expect(await fromStart).to.deep.equal(["5"]);
      expect(await fromTwo).to.deep.equal(["2", "3", "4", "5"]);
      expect(await withoutHandler).to.deep.equal(["1", "2", "3", "4", "5"]);
      expect(seen).to.have.length(1);
    });
  });

  it("waits for a seq that is yet to come", () =>
    withBus(1, {}, async (bus) => {
      const reading = collect(bus.subscribe({ from: 4 }));
      bus.emit("early", null);
      for (let n = 0; n < 4; n += 1) bus.publish("new", n);
      bus.close();
      expect(await reading).to.deep.equal(["4", "5"]);
    }));

  it("gives a reader only what passes its filter, in history and live", () =>
    withBus(1000, {}, async (bus) => {
      const filter = (event: BusEvent): boolean => event.seq % 300 === 0;
      const reading = collect(bus.subscribe({ from: 1, filter }));
      for (let n = 0; n < 200; n += 1) bus.publish("new", n);
      bus.close();
      expect(await reading).to.deep.equal(["300", "600", "900", "1200"]);
    }));

  it("ends the reader whose filter throws, and nobody else", () =>
    withBus(0, {}, async (bus) => {
      const failing = collect(
        bus.subscribe({
          from: 1,
          filter: () => {
            throw new Error("bad filter");
          },
        }),
      ).catch((error: unknown) => String(error));
      const other = collect(bus.subscribe({ from: 1 }));
      bus.publish("new", null);
      bus.close();
      expect(await failing).to.equal("Error: bad filter");
      expect(await other).to.deep.equal(["1"]);
    }));

  it("lets the loop turn while a reader walks through a long history", () =>
    withBus(5000, {}, async (bus) => {
      let turns = 0;
      const count = (): void => {
        turns += 1;
        timer = setImmediate(count);
      };
      let timer = setImmediate(count);
      await collect(bus.subscribe({ from: 1 }), 5000);
      clearImmediate(timer);
      expect(turns).to.be.greaterThan(10);
    }));

  it("ends an iteration when its subscription is closed, also in mid-history and while it waits", () =>
    withBus(10, {}, async (bus) => {
      const live = bus.subscribe({ from: "live" });
      const waiting = collect(live);
      const past = bus.subscribe({ from: 1 });
      const iterator = past[Symbol.asyncIterator]();
      expect((await iterator.next()).value).to.include({ seq: 1 });
      past.close();
      live.close();
      bus.publish("new", null);
      expect(await waiting).to.deep.equal([]);
      expect((await iterator.next()).done).to.equal(true);
      expect(await collect(bus.subscribe({ from: 1 }), 2)).to.deep.equal(["1", "2"]);
    }));

  it("gives those who come after its end what there was, and ends", () =>
    withBus(3, {}, async (bus) => {
      bus.close();
      expect(await collect(bus.subscribe({ from: 2 }))).to.deep.equal(["2", "3"]);
      expect(await collect(bus.subscribe({ from: "live" }))).to.deep.equal([]);
    }));

  it("answers several waiting reads in order", () =>
    withBus(1, {}, async (bus) => {
      const iterator = bus.subscribe({ from: 1 })[Symbol.asyncIterator]();
      const reads = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
      bus.publish("new", null);
      bus.publish("new", null);
      bus.close();
      const steps = await Promise.all(reads);
      expect(steps.map((step) => (step.done ? "end" : step.value.seq))).to.deep.equal([1, 2, 3, "end"]);
    }));

  it("hands nothing on when the journal refuses", () =>
    withBus(0, {}, async (bus) => {
      const tapped: string[] = [];
      bus.tap((event) => tapped.push(nameOf(event)));
      const reading = collect(bus.subscribe({ from: 1 }));
      let code: string | undefined;
      try {
        bus.publish("bad", 1n);
      } catch (error) {
        code = codeOf(error);
      }
      bus.publish("good", 1);
      bus.close();
      expect([code, tapped, await reading]).to.deep.equal(["BAD_MESSAGE", ["1"], ["1"]]);
    }));
});

describe("taps of a bus", () => {
  it("hear each event before publish returns, until they are taken off", () =>
    withBus(0, {}, (bus) => {
      const heard: string[] = [];
      const listener = (event: BusEvent): void => void heard.push(nameOf(event));
      const off = bus.tap(listener);
      bus.tap(listener);
      bus.publish("a", null);
      expect(heard).to.deep.equal(["1", "1"]);
      off();
      off();
      bus.emit("b", null);
      expect(heard).to.deep.equal(["1", "1", "~1"]);
    }));

  it("do not disturb the publisher, each other or the readers when one throws, and it comes to light", () => {
    const faults: unknown[] = [];
    const onTapError = (error: unknown, event: BusEvent): void => void faults.push([String(error), event.seq]);
    return withBus(0, { onTapError }, async (bus) => {
      const heard: string[] = [];
      bus.tap(() => {
        throw new Error("bad fold");
      });
      bus.tap((event) => heard.push(nameOf(event)));
      const reading = collect(bus.subscribe({ from: 1 }));
      bus.publish("a", null);
      bus.close();
      expect([heard, await reading]).to.deep.equal([["1"], ["1"]]);
      expect(faults).to.deep.equal([["Error: bad fold", 1]]);
    });
  });

  it("end the process by default when one throws", () =>
    withBus(0, {}, async (bus) => {
      const usual = process.listeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      try {
        const uncaught = new Promise((resolve) => process.once("uncaughtException", resolve));
        bus.tap(() => {
          throw new Error("bad fold");
        });
        bus.publish("a", null);
        expect(String(await uncaught)).to.equal("Error: bad fold");
      } finally {
        for (const listener of usual) process.on("uncaughtException", listener);
      }
    }));

  it("may publish and subscribe themselves: everybody sees one order", () => {
    let folded = 0;
    return withBus(0, { snapshot: () => folded }, async (bus) => {
      const heard: string[] = [];
      const late: Promise<string[]>[] = [];
      let snapshots = 0;
      bus.tap((event) => {
        folded = event.seq;
        if (event.seq !== 1 || !event.durable) return;
        bus.publish("answer", null);
        bus.emit("chunk", null);
        late.push(collect(bus.subscribe({ from: "live" })));
        const onSnapshot = (): void => {
          snapshots += 1;
        };
        late.push(collect(bus.subscribe({ from: 1, onSnapshot })));
      });
      bus.tap((event) => heard.push(nameOf(event)));
      const reading = collect(bus.subscribe({ from: 1 }));
      bus.publish("question", null);
      bus.publish("more", null);
      bus.close();
      expect(heard).to.deep.equal(["1", "2", "~2", "3"]);
      expect(await reading).to.deep.equal(["1", "2", "~2", "3"]);
      const [live, all] = await Promise.all(late);
      expect(live?.filter((name) => !name.startsWith("~"))).to.deep.equal(["3"]);
      expect(all?.filter((name) => !name.startsWith("~"))).to.deep.equal(["1", "2", "3"]);
      expect(snapshots).to.equal(0);
    });
  });
});

describe("a slow reader of a bus", () => {
  it("loses ephemeral events first, and they are counted", () =>
    withBus(0, {}, async (bus) => {
      const subscription = bus.subscribe({ from: 1, capacity: 4 });
      bus.publish("a", null);
      for (let n = 0; n < 5; n += 1) bus.emit("chunk", n);
      expect(subscription.dropped).to.equal(2);
      bus.publish("b", null);
      expect(subscription.dropped).to.equal(5);
      bus.emit("chunk", null);
      bus.close();
      expect(await collect(subscription)).to.deep.equal(["1", "2", "~2"]);
      expect(subscription.lagged).to.equal(null);
    }));

  it("is then detached, gets what waited, and loses nothing by subscribing again", () =>
    withBus(0, { ring: 2 }, async (bus) => {
      const subscription = bus.subscribe({ from: 1, capacity: 3 });
      for (let n = 0; n < 10; n += 1) bus.publish("new", n);
      expect(subscription.lagged).to.deep.equal({ from: 4 });
      const names: string[] = [];
      let failure: unknown;
      try {
        for await (const event of subscription) names.push(nameOf(event));
      } catch (error) {
        failure = error;
      }
      expect(names).to.deep.equal(["1", "2", "3"]);
      expect(failure).to.include({ code: "LAGGED" }).and.have.deep.property("data", { from: 4 });
      expect(await collect(subscription)).to.deep.equal([]);
      expect(await collect(bus.subscribe({ from: 4 }), 7)).to.deep.equal(["4", "5", "6", "7", "8", "9", "10"]);
    }));

  it("is not detached while it is still in history, however much is published meanwhile", () =>
    withBus(100, { ring: 4 }, async (bus) => {
      const subscription = bus.subscribe({ from: 1, capacity: 3 });
      const iterator = subscription[Symbol.asyncIterator]();
      const seqs: unknown[] = [];
      for (let n = 0; n < 60; n += 1) {
        seqs.push((await iterator.next()).value?.seq);
        for (let more = 0; more < 4; more += 1) bus.publish("new", more);
      }
      bus.close();
      for (;;) {
        const step = await iterator.next();
        if (step.done) break;
        seqs.push(step.value.seq);
      }
      expect(seqs).to.deep.equal(Array.from({ length: 340 }, (_, index) => index + 1));
      expect(subscription.lagged).to.equal(null);
    }));
});
