import { expect } from "chai";
import { type Bus, type BusEvent, codeOf, createBus, openJournal, type Subscription } from "../../../runtime/index.ts";
import { quickPlace, seeded, withFolder } from "../../support/journal.ts";

/** Every event is known by a name of its own, which is its data. */
type Log = string[];

/** A reader that takes events only as fast as it is let, and subscribes again when it was detached. */
interface Follower {
  /** First durable seq that it is owed. */
  from: number;
  /** How many events there were when it came, and when it was first detached. */
  joined: number;
  detachedAt: number | null;
  got: string[];
  dropped(): number;
  /** Lets it take so many more events. */
  allow(count: number): void;
  done: Promise<void>;
}

function follow(bus: Bus, log: Log, from: number, capacity: number, snapshots: boolean): Follower {
  let allowed = 0;
  let wake = (): void => undefined;
  let subscription: Subscription;
  const follower: Follower = {
    from,
    joined: log.length,
    detachedAt: null,
    got: [],
    dropped: () => subscription.dropped,
    allow(count) {
      allowed += count;
      wake();
    },
    done: Promise.resolve(),
  };
  function subscribe(next: number): void {
    const onSnapshot = (state: unknown, seq: number): void => {
      // The state is the number of durable events folded.
      expect(state).to.equal(seq);
      follower.from = seq + 1;
    };
    subscription = bus.subscribe({ from: next, capacity, ...(snapshots ? { onSnapshot } : {}) });
  }
  async function read(): Promise<void> {
    let iterator = subscription[Symbol.asyncIterator]();
    for (;;) {
      while (allowed === 0) await new Promise<void>((resolve) => (wake = resolve));
      allowed -= 1;
      try {
        const step = await iterator.next();
        if (step.done) return;
        follower.got.push(String(step.value.data));
      } catch (error) {
        expect(codeOf(error)).to.equal("LAGGED");
        const next = subscription.lagged?.from ?? 0;
        expect(error).to.have.deep.property("data", { from: next });
        follower.detachedAt ??= log.indexOf(String(next));
        subscribe(next);
        iterator = subscription[Symbol.asyncIterator]();
      }
    }
  }
  subscribe(from);
  follower.done = read();
  return follower;
}

const isDurable = (name: string): boolean => !name.startsWith("~");

function check(follower: Follower, log: Log, last: number): void {
  const durable = Array.from({ length: Math.max(0, last - follower.from + 1) }, (_, index) =>
    String(follower.from + index),
  );
  expect(follower.got.filter(isDurable)).to.deep.equal(durable);
  // In place: what it got is the log with some events left out.
  let at = -1;
  for (const name of follower.got) {
    const found = log.indexOf(name, at + 1);
    expect(found, `${name} in order`).to.be.greaterThan(at);
    at = found;
  }
  if (follower.detachedAt !== null) return;
  const owed = log.slice(follower.joined).filter((name) => !isDurable(name)).length;
  const got = follower.got.filter((name) => !isDurable(name)).length;
  expect(got + follower.dropped(), "ephemeral events, got or counted").to.equal(owed);
}

describe("bus against a model", () => {
  it("keeps its word under random publishing, subscribing and reading", function () {
    this.timeout(20_000);
    return withFolder(async (dir) => {
      let detached = 0;
      let dropped = 0;
      for (let seed = 1; seed <= 60; seed += 1) {
        const random = seeded(seed);
        const pick = (limit: number): number => Math.floor(random() * limit);
        const journal = openJournal({ dir: `${dir}/${seed}`, syncEveryMs: 0 });
        const log: Log = [];
        for (let n = pick(400); n > 0; n -= 1) log.push(String(journal.append("old", String(journal.seq + 1)).seq));
        let folded = journal.seq;
        const bus = createBus({ journal, ring: 1 + pick(16), snapshot: () => folded });
        bus.tap((event: BusEvent) => {
          log.push(String(event.data));
          if (event.durable) folded += 1;
        });
        const followers: Follower[] = [];
        for (let step = 0; step < 300; step += 1) {
          const dice = random();
          if (dice < 0.35) bus.publish("new", String(journal.seq + 1));
          else if (dice < 0.6) bus.emit("chunk", `~${step}`);
          else if (dice < 0.64) followers.push(follow(bus, log, 1 + pick(journal.seq + 1), 1 + pick(12), false));
          else if (dice < 0.66) followers.push(follow(bus, log, 1, 1 + pick(12), true));
          else if (dice < 0.9) followers[pick(followers.length)]?.allow(1 + pick(20));
          else await new Promise((done) => setImmediate(done));
        }
        bus.close();
        for (const follower of followers) follower.allow(Number.POSITIVE_INFINITY);
        await Promise.all(followers.map((follower) => follower.done));
        for (const follower of followers) {
          check(follower, log, journal.seq);
          if (follower.detachedAt !== null) detached += 1;
          dropped += follower.dropped();
        }
        journal.close();
      }
      // The dice did reach the interesting places.
      expect(detached).to.be.greaterThan(20);
      expect(dropped).to.be.greaterThan(20);
    }, quickPlace);
  });
});
