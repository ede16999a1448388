import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { eitherWay, eventually, limitMs, openSandbox, processesBelow } from "./setting.ts";

const graceMs = 300;

eitherWay("The end of a command", { graceMs }, (setting) => {
  const file = (name: string): string => join(setting().workspace, name);
  const nothingLeft = (): void => {
    expect(processesBelow(setting().callsDir).length, "processes left").to.equal(0);
  };

  /** Runs a command and cancels it once it has made a file. Answers with the result and how long the end took. */
  async function cancelOnce(ready: string, command: string) {
    const dial = new AbortController();
    const callId = `cancelled-${ready}`;
    const asked = setting().exec(command, { callId, signal: dial.signal });
    const refused = asked.catch((error: Error) => error);
    await eventually(() => existsSync(file(ready)), `${ready} exists`);
    const began = performance.now();
    dial.abort();
    expect(await refused).to.have.property("code", "CANCELLED");
    const result = await setting().exec(command, { callId });
    return { result, elapsedMs: performance.now() - began };
  }

  it("comes by SIGTERM when its time is up, and its last words are kept", async () => {
    const result = await setting().exec("trap 'echo caught; exit 0' TERM; echo ready; while :; do sleep 0.01; done", {
      timeoutMs: 150,
    });
    expect(result.status).to.deep.equal({ state: "timed_out" });
    expect(result.output.text).to.match(/^ready\n(Terminated\n)?caught\n$/);
    nothingLeft();
  });

  it("comes by SIGKILL after the grace when SIGTERM is ignored", async () => {
    const began = performance.now();
    const result = await setting().exec("trap '' TERM; echo stubborn; while :; do sleep 1; done", { timeoutMs: 100 });
    expect(result.status).to.deep.equal({ state: "timed_out" });
    expect(result.output.text).to.equal("stubborn\n");
    expect(performance.now() - began).to.be.within(100 + graceMs - 20, 100 + graceMs + 1_000);
    nothingLeft();
  });

  it("comes on cancelling, at once when the command obeys", async () => {
    const { result, elapsedMs } = await cancelOnce("one", "touch one; sleep 60");
    expect(result.status).to.deep.equal({ state: "cancelled" });
    expect(elapsedMs).to.be.below(graceMs);
    nothingLeft();
  });

  it("comes on cancelling right after the grace when the command does not obey", async () => {
    const { result, elapsedMs } = await cancelOnce("two", "trap '' TERM; touch two; while :; do sleep 1; done");
    expect(result.status).to.deep.equal({ state: "cancelled" });
    expect(elapsedMs).to.be.within(graceMs - 20, graceMs + 150);
    nothingLeft();
  });

  it("takes stopped processes with it", async () => {
    const { result } = await cancelOnce("three", "sleep 60 & kill -STOP $!; touch three; wait");
    expect(result.status).to.deep.equal({ state: "cancelled" });
    nothingLeft();
  });

  it("takes those with it that left its group and its session", async () => {
    await cancelOnce("four", "setsid sh -c 'trap \"\" TERM; touch four; while :; do sleep 1; done' & wait");
    nothingLeft();
  });

  it("takes those with it that also dropped their environment", async () => {
    const heart = file("heart");
    await cancelOnce(
      "five",
      `setsid env -i /bin/sh -c 'trap "" TERM; touch five; while :; do echo x >>${heart}; sleep 0.05; done' & wait`,
    );
    const size = () => readFileSync(heart).length;
    const before = size();
    // The only proof of its end is that it no longer writes: it carries no mark.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(size()).to.equal(before);
  });

  it("takes a burst of forks with it", async () => {
    const { result } = await cancelOnce("six", "for i in $(seq 150); do sleep 60 & done; touch six; wait");
    expect(result.status).to.deep.equal({ state: "cancelled" });
    nothingLeft();
  });

  it("does not wait for a process that holds the output open, and says that it was ended", async () => {
    const began = performance.now();
    const result = await setting().exec("sleep 60 & echo done");
    expect(result.status).to.deep.equal({ state: "exited", code: 0 });
    expect(result.output.text).to.match(/^done\n\[The command is over; 1 process that it left running was ended\./);
    expect(performance.now() - began).to.be.below(2_000);
    nothingLeft();
  });

  it("ends what was sent to the background with its output elsewhere, and says so", async () => {
    const result = await setting().exec("nohup sleep 60 >/dev/null 2>&1 & echo done");
    expect(result.output.text).to.contain("1 process that it left running was ended");
    nothingLeft();
  });

  it("ends a daemon in a session of its own, and says so", async () => {
    const result = await setting().exec("setsid sleep 60 >/dev/null 2>&1 & sleep 0.1; echo done");
    expect(result.output.text).to.contain("1 process that it left running was ended");
    nothingLeft();
  });

  it("is the same for every later attach", async () => {
    const request = { callId: "late", timeoutMs: 50 };
    const first = await setting().exec("echo x; sleep 60", request);
    const second = await setting().exec("echo x; sleep 60", request);
    expect(second).to.deep.equal({ ...first, adopted: true });
  });
});

describe("An orderly exit", function () {
  this.timeout(limitMs);
  it("ends everything that runs, in parallel", async () => {
    const setting = await openSandbox({ limits: { graceMs: 400 } });
    try {
      const stubborn = (name: string) => `trap '' TERM; touch ${name}; while :; do sleep 1; done`;
      const names = ["one", "two", "three", "four"];
      const running = names.map((name) => setting.exec(stubborn(name)));
      await setting.exec(stubborn("job"), { background: true });
      const ready = () => [...names, "job"].every((name) => existsSync(join(setting.workspace, name)));
      await eventually(ready, "all of them run");
      const began = performance.now();
      expect(await setting.ref.ask("stopAll", {}, { deadlineMs: 5_000 })).to.equal(5);
      expect(performance.now() - began).to.be.below(1_400);
      for (const { status } of await Promise.all(running)) expect(status).to.deep.equal({ state: "cancelled" });
      expect(processesBelow(setting.callsDir)).to.deep.equal([]);
    } finally {
      await setting.close();
    }
  });
});
