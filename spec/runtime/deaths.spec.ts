import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import {
  moduleUrl,
  probe,
  type Recorded,
  rejection,
  soon,
  startSystem,
  stopSystems,
  until,
} from "../support/runtime/system.ts";

const programOf = (name: string) => fileURLToPath(moduleUrl(name));

// Each way in which a host can die, and what is left: an answer for whoever waits, and an actor that starts again.
describe("a host", function () {
  this.timeout(30_000);
  let run: Recorded;
  afterEach(stopSystems);

  /** The epoch after a death, once the actor is back. */
  async function isBack(times: number): Promise<number> {
    await until(() => run.of("restarting").length === times, "the restart");
    return run.ref("a").ask("epoch", null, soon);
  }

  for (const at of ["thread", "process"] as const) {
    describe(`at the place "${at}"`, () => {
      beforeEach(async () => {
        run = await startSystem([probe("a", { at, heapMb: 64 })], {}, { hangLimitMs: 400 });
        await run.ref("a").ask("echo", 1, soon);
      });

      it("dies of a promise that nobody looks at, and reports its error", async () => {
        const error = await rejection(run.ref("a").ask("reject", null, soon));
        expect(error).to.include({ code: "ACTOR_GONE" });
        expect(error.cause).to.include({ message: "nobody looks", code: "STRAY" });
        expect(await isBack(1)).to.equal(2);
        expect(run.of("stopped")[0]).to.include({ reason: "crash" });
      });

      it("dies of an exit that nobody asked for", async () => {
        const error = await rejection(run.ref("a").ask("exit", 3, soon));
        expect(error.data).to.deep.equal({ actor: "a", reason: "crash" });
        expect(await isBack(1)).to.equal(2);
      });

      it("dies of a full heap, alone", async () => {
        const error = await rejection(run.ref("a").ask("fillHeap", null, soon));
        expect(error.data).to.deep.equal({ actor: "a", reason: "out_of_memory" });
        expect(await isBack(1)).to.equal(2);
      });

      it("is killed while it computes", async () => {
        const spinning = rejection(run.ref("a").ask("spin", 60_000, soon));
        await until(() => run.of("message").some((one) => one.type === "spin"));
        const killed = Date.now();
        run.system.kill("a");
        expect(await spinning).to.include({ code: "ACTOR_GONE" });
        expect(Date.now() - killed).to.be.below(1_000);
        expect(await isBack(1)).to.equal(2);
      });

      it("counts as hung when it computes on after a deadline", async () => {
        expect(await rejection(run.ref("a").ask("spin", 60_000, { deadlineMs: 250 }))).to.include({
          code: "ASK_TIMEOUT",
        });
        expect(await isBack(1)).to.equal(2);
        expect(run.of("stopped")[0]).to.include({ reason: "hung" });
      });

      it("does not count as hung while its callers still have time", async () => {
        expect(await run.ref("a").ask("spin", 700, soon)).to.equal(null);
        expect(run.of("restarting")).to.deep.equal([]);
      });

      it("lives on when a message is no plain data: the sender is told", async () => {
        const body = { run: () => undefined };
        expect(await rejection(run.ref("a").ask("echo", body, soon))).to.include({ code: "BAD_MESSAGE" });
        expect(() => run.ref("a").tell("note", body as never))
          .to.throw()
          .with.property("code", "BAD_MESSAGE");
        expect(await rejection(run.ref("a").ask("answerFunction", null, soon))).to.include({ code: "BAD_MESSAGE" });
        expect(await run.ref("a").ask("epoch", null, soon)).to.equal(1);
      });

      it("refuses a message that is no plain data and waited for the start", async () => {
        run.system.kill("a");
        const asked = run.ref("a").ask("echo", () => 1, soon);
        expect(await rejection(asked)).to.include({ code: "BAD_MESSAGE" });
        expect(await run.ref("a").ask("epoch", null, soon)).to.equal(2);
      });

      it("has no environment, and what it prints goes to the log", async () => {
        expect(await run.ref("a").ask("environment", null, soon)).to.deep.equal([]);
        await run.ref("a").ask("print", "printed", soon);
        await until(() => run.of("log").length >= 2);
        expect(run.of("log").map((one) => [one.actor, one.level, one.message])).to.have.deep.members([
          ["a", "info", "printed out"],
          ["a", "warn", "printed err"],
        ]);
      });

      it("can run a pool", async () => {
        expect(await run.ref("a").ask("pooled", 4, soon)).to.equal(8);
      });
    });
  }

  for (const signal of ["SIGKILL", "SIGSEGV", "SIGABRT"] as const) {
    it(`in a process of its own dies of ${signal}, alone`, async () => {
      run = await startSystem([probe("a", "process")]);
      const error = await rejection(run.ref("a").ask("signalSelf", signal, soon));
      expect(error.data).to.deep.equal({ actor: "a", reason: "crash" });
      expect(String(error.cause)).to.include(signal);
      expect(await isBack(1)).to.equal(2);
    });
  }

  it("that is stuck in a native call is given up and replaced", async () => {
    // In a program of its own: a stuck thread keeps its program from exiting.
    const failed = await rejection(promisify(execFile)(process.execPath, [programOf("runtime-zombie")]));
    expect(failed).to.include({ signal: "SIGKILL", stderr: "" });
    const report = JSON.parse(String(failed.stdout));
    expect(report).to.deep.equal({ code: "ASK_TIMEOUT", epoch: 2, reason: "hung", zombies: 1 });
  });

  describe("of a program", () => {
    let parent: ChildProcess;
    const startParent = async (how: string): Promise<string> => {
      parent = spawn(process.execPath, [programOf("runtime-parent"), how], { stdio: ["ignore", "pipe", "pipe"] });
      let text = "";
      parent.stdout?.on("data", (chunk) => {
        text += chunk;
      });
      parent.stderr?.on("data", (chunk) => {
        text += chunk;
      });
      await until(() => text.includes("\n") || parent.exitCode !== null);
      return text;
    };
    /** A process that has ended stays known until its new parent collects it, which may take seconds. */
    const isAlive = (pid: number) => {
      try {
        if (process.platform === "linux") return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    afterEach(() => parent.kill("SIGKILL"));

    it("dies with it, however it dies", async () => {
      const pid = Number(await startParent("stay"));
      expect(isAlive(pid)).to.equal(true);
      parent.kill("SIGKILL");
      await until(() => !isAlive(pid));
    });

    it("prints nothing to its terminal, and does not keep it from exiting", async () => {
      const text = await startParent("stop");
      expect(text).to.match(/^\d+\n$/);
      const [code] = parent.exitCode === null ? await once(parent, "exit") : [parent.exitCode];
      expect(code).to.equal(0);
    });
  });
});
