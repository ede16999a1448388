import { expect } from "chai";
import { countRestart, restartDelay } from "../../runtime/actor/backoff.ts";
import { decodeError, encodeError } from "../../runtime/actor/codec.ts";
import { firstAskOf, realmOf } from "../../runtime/actor/envelope.ts";
import { createMailbox, type Item } from "../../runtime/actor/mailbox.ts";
import { createOutlet } from "../../runtime/actor/outlet.ts";
import { createScheduler, type Runnable } from "../../runtime/actor/schedule.ts";
import { createGate } from "../../runtime/place/gate.ts";
import { rejection, until } from "../support/runtime/system.ts";

function tell(type: string, body: unknown = null): Item {
  return { envelope: { v: 1, to: "a", from: "b", type, body, epoch: 1 }, via: 0 };
}

describe("the delay before a restart", () => {
  const backoff = { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 };

  it("is none for the first failure, then doubles up to its limit", () => {
    const delays = [1, 2, 3, 4, 9, 50, 5_000].map((failures) => restartDelay(backoff, failures, 0.5));
    expect(delays).to.deep.equal([0, 50, 100, 200, 5_000, 5_000, 5_000]);
  });

  it("is spread to both sides", () => {
    expect(restartDelay(backoff, 2, 0)).to.equal(40);
    expect(restartDelay(backoff, 2, 0.999)).to.be.closeTo(60, 0.1);
  });

  it("counts restarts within the period only", () => {
    expect(countRestart([0, 500, 1_000], 1_200, 1_000)).to.deep.equal([500, 1_000, 1_200]);
  });
});

describe("an error in transit", () => {
  const send = (thrown: unknown) => decodeError(structuredClone(encodeError(thrown)));

  it("keeps what an aggregate is made of", () => {
    const error = send(new AggregateError([new TypeError("one"), new Error("two")], "both")) as AggregateError;
    expect(error).to.be.instanceOf(AggregateError);
    expect(error.errors.map((part: Error) => `${part.name} ${part.message}`)).to.deep.equal([
      "TypeError one",
      "Error two",
    ]);
  });

  it("survives being its own cause, and data without an end", () => {
    const error = new Error("round") as Error & { data?: unknown };
    const data: { self?: unknown } = {};
    data.self = data;
    error.cause = error;
    error.data = data;
    expect(send(error)).to.include({ message: "round" });
  });

  it("survives getters that throw and proxies", () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    expect(send(hostile)).to.be.instanceOf(Error);
    expect(send(Object.assign(new Error("x"), { when: new Date(0), big: 5n, map: new Map() }))).to.include({
      when: "1970-01-01T00:00:00.000Z",
      big: "5",
    });
  });

  it("cannot reach a prototype by a field's name", () => {
    const error = decodeError(JSON.parse('{"name":"__proto__","message":"m","fields":{"__proto__":{"evil":1}}}'));
    expect((error as Error & { evil?: number }).evil).to.equal(undefined);
    expect(({} as { evil?: number }).evil).to.equal(undefined);
  });

  it("keeps names that are no class here", () => {
    expect(send(Object.assign(new Error("m"), { name: "HttpError" }))).to.include({ name: "HttpError", message: "m" });
  });
});

describe("a mailbox", () => {
  it("keeps the order over many messages", () => {
    const box = createMailbox({ capacity: 10_000, whenFull: "reject" }, () => undefined);
    const seen: unknown[] = [];
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 1_500; index++) box.push(tell("t", round * 1_500 + index));
      for (let index = 0; index < 1_400; index++) seen.push(box.shift()?.envelope.body);
    }
    for (let next = box.shift(); next !== undefined; next = box.shift()) seen.push(next.envelope.body);
    expect(seen).to.deep.equal(Array.from({ length: 7_500 }, (_, index) => index));
  });

  it("coalesces one-way messages by type when it is full, and never requests", () => {
    const dropped: unknown[] = [];
    const box = createMailbox({ capacity: 4, whenFull: "coalesce" }, (item) => dropped.push(item.envelope.body));
    const ask: Item = { ...tell("x", "ask"), envelope: { ...tell("x", "ask").envelope, id: 7 } };
    for (const item of [tell("x", 1), ask, tell("y", 2), tell("x", 3), tell("x", 4)])
      expect(box.push(item)).to.equal(true);
    expect(dropped).to.deep.equal([1, 3]);
    expect(box.push(tell("z", 5))).to.equal(true);
    expect(box.push(tell("v", 6))).to.equal(false);
    expect(box.takeAll().map((item) => item.envelope.body)).to.deep.equal(["ask", 2, 4, 5]);
  });

  it("gives out a request by its number", () => {
    const box = createMailbox({ capacity: 4, whenFull: "reject" }, () => undefined);
    box.push({ ...tell("x"), envelope: { ...tell("x").envelope, id: 7 } });
    box.push(tell("y"));
    expect(box.remove(8)).to.equal(undefined);
    expect(box.remove(7)?.envelope.id).to.equal(7);
    expect(box.size).to.equal(1);
  });
});

describe("an outlet", () => {
  it("sends no more than the receiver has granted, and goes on when more is granted", () => {
    const sent: unknown[] = [];
    const hooks = {
      send: (item: Item) => sent.push(item.envelope.body),
      onRefused: () => undefined,
      onDrop: () => undefined,
    };
    const outlet = createOutlet({ capacity: 1_024, whenFull: "reject" }, hooks);
    for (let index = 0; index < 10; index++) expect(outlet.push(tell("t", index))).to.equal(true);
    expect(sent).to.have.length(0);
    outlet.open();
    for (let index = 10; index < 600; index++) expect(outlet.push(tell("t", index))).to.equal(true);
    expect(sent).to.have.length(256);
    outlet.grant(128);
    expect(sent).to.have.length(384);
    outlet.grant(10_000);
    expect(sent).to.deep.equal(Array.from({ length: 600 }, (_, index) => index));
  });

  it("holds no more than the mailbox's capacity", () => {
    const hooks = { send: () => undefined, onRefused: () => undefined, onDrop: () => undefined };
    const outlet = createOutlet({ capacity: 1_024, whenFull: "reject" }, hooks);
    outlet.open();
    let taken = 0;
    while (outlet.push(tell("t"))) taken++;
    // The bound, and the half window of credit that may be under way.
    expect(taken).to.be.within(1_024, 1_024 + 128);
  });
});

describe("the scheduler", () => {
  it("gives the loop its turn after 64 messages, and looks for signals after every 16", async () => {
    let polls = 0;
    let ran = 0;
    const scheduler = createScheduler(() => {
      polls++;
    });
    const many: Runnable = { step: () => ++ran < 200 };
    scheduler.later(many);
    expect(ran).to.equal(0);
    await Promise.resolve();
    expect(ran).to.equal(64);
    expect(polls).to.equal(4);
    let loopTurns = 0;
    const count = () => {
      loopTurns++;
      if (ran < 200) setImmediate(count);
    };
    setImmediate(count);
    await until(() => ran === 200);
    expect(loopTurns).to.be.within(2, 5);
  });

  it("serves those in line one after another", async () => {
    const order: string[] = [];
    const scheduler = createScheduler();
    const runnable = (name: string, times: number): Runnable => ({ step: () => order.push(name) > 0 && --times > 0 });
    scheduler.later(runnable("a", 3));
    scheduler.later(runnable("b", 2));
    await Promise.resolve();
    expect(order.join("")).to.equal("ababa");
  });
});

describe("the number of a request", () => {
  it("tells which loop made it", () => {
    for (const realm of [0, 1, 2, 1_000_000]) {
      expect(realmOf(firstAskOf(realm) + 1)).to.equal(realm);
      expect(realmOf(firstAskOf(realm) + 2 ** 32 - 1)).to.equal(realm);
      expect(Number.isSafeInteger(firstAskOf(realm) + 2 ** 32 - 1)).to.equal(true);
    }
  });
});

describe("a gate", () => {
  it("lets so many through, in order, and forgets who gave up", async () => {
    const gate = createGate(1, 2, () => new Error("full"));
    const { signal } = new AbortController();
    const leave = await gate.enter(signal);
    const giveUp = new AbortController();
    const second = rejection(gate.enter(giveUp.signal));
    const third = gate.enter(signal);
    expect(await rejection(gate.enter(signal))).to.include({ message: "full" });
    giveUp.abort(new Error("gave up"));
    expect(await second).to.include({ message: "gave up" });
    leave();
    (await third)();
    (await gate.enter(signal))();
  });
});
