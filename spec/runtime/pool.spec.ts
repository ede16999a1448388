import { expect } from "chai";
import { createPool, type Pool, RuntimeError } from "../../runtime/index.ts";
import { moduleUrl, rejection, until } from "../support/runtime/system.ts";

describe("the pool", function () {
  this.timeout(20_000);
  let pool: Pool;
  const soon = { deadlineMs: 10_000 };

  before(() => {
    pool = createPool({ entry: moduleUrl("runtime-pool"), maxThreads: 2, maxQueue: 2, heapMb: 64 });
  });
  after(() => pool.close());

  it("runs a named function in a thread", async () => {
    expect(await pool.run<number>("double", 21, soon)).to.equal(42);
  });

  it("brings an error back with its class, code, data and cause", async () => {
    const error = await rejection(pool.run("fail", null, soon));
    expect(error).to.be.instanceOf(RangeError).and.include({ code: "RANGE", message: "too far" });
    expect(error.data).to.deep.equal({ n: 1 });
    expect(error.cause).to.include({ message: "root" });
  });

  it("says when there is no such function", async () => {
    expect((await rejection(pool.run("nothing", null, soon))).message).to.include('no function "nothing"');
    expect((await rejection(pool.run("toString", null, soon))).message).to.include('no function "toString"');
  });

  it("runs calls at the same time on several threads, and refuses what is too many", async () => {
    const calls = [1, 2, 3, 4].map(() => pool.run<number>("spin", 50, soon));
    expect(await rejection(pool.run("spin", 50, soon))).to.include({ code: "MAILBOX_FULL" });
    expect(new Set(await Promise.all(calls)).size).to.equal(2);
  });

  it("ends a call at its deadline even when it does not let go, and goes on", async () => {
    const error = await rejection(pool.run("spin", 60_000, { deadlineMs: 50 }));
    expect(error).to.be.instanceOf(RuntimeError).and.include({ code: "ASK_TIMEOUT" });
    expect(await pool.run<number>("double", 2, soon)).to.equal(4);
  });

  it("ends a call that is cancelled, running or waiting", async () => {
    const cancel = new AbortController();
    const options = { ...soon, signal: cancel.signal };
    const calls = [1, 2, 3].map(() => rejection(pool.run("spin", 60_000, options)));
    const waiting = pool.run<number>("double", 3, soon);
    cancel.abort();
    for (const error of await Promise.all(calls)) expect(error).to.include({ code: "CANCELLED" });
    expect(await waiting).to.equal(6);
    expect(await rejection(pool.run("double", 1, options))).to.include({ code: "CANCELLED" });
  });

  it("goes on when a thread exits, and tells the caller", async () => {
    const waiting = [1, 2, 3].map((n) => (n === 3 ? pool.run("double", n, soon) : rejection(pool.run("die", n, soon))));
    const [first, second, third] = await Promise.all(waiting);
    expect(first).to.include({ code: "ACTOR_GONE" });
    expect(second).to.include({ code: "ACTOR_GONE" });
    expect(third).to.equal(6);
  });

  it("goes on when a thread runs out of memory, and tells the caller", async () => {
    const error = await rejection(pool.run("fillHeap", null, soon));
    expect(error).to.include({ code: "ACTOR_GONE" });
    expect(error.data).to.deep.equal({ reason: "out_of_memory" });
    expect(await pool.run<number>("double", 2, soon)).to.equal(4);
  });

  it("refuses what is no plain data, either way", async () => {
    expect(await rejection(pool.run("double", () => 1, soon))).to.include({ code: "BAD_MESSAGE" });
    expect(await rejection(pool.run("unsendable", null, soon))).to.include({ code: "BAD_MESSAGE" });
    expect(await pool.run<number>("double", 2, soon)).to.equal(4);
  });

  it("moves buffers that are to be moved", async () => {
    const buffer = new ArrayBuffer(1_000_000);
    expect(await pool.run<number>("bytesOf", buffer, { ...soon, transfer: [buffer] })).to.equal(1_000_000);
    expect(buffer.byteLength).to.equal(0);
  });

  it("gives threads no environment", async () => {
    expect(await pool.run<string[]>("environment", null, soon)).to.deep.equal([]);
  });

  it("ends calls under way when it is closed, and takes no more", async () => {
    const closing = createPool({ entry: moduleUrl("runtime-pool"), maxThreads: 1 });
    await closing.run("double", 1, soon);
    const running = rejection(closing.run("spin", 60_000, soon));
    const waiting = rejection(closing.run("spin", 60_000, soon));
    await until(() => true);
    await closing.close();
    expect(await running).to.include({ code: "ACTOR_GONE" });
    expect(await waiting).to.include({ code: "ACTOR_GONE" });
    expect(await rejection(closing.run("double", 1, soon))).to.include({ code: "ACTOR_GONE" });
    await closing.close();
  });
});
