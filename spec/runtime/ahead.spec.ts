import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { beginSpare } from "../../runtime/ahead.ts";
import { moduleUrl, probe, soon, startSystem, stopSystems, until } from "../support/runtime/system.ts";

/** The number of a thread that is begun now: those with lower ones were there before. */
async function threadOfNow(): Promise<number> {
  const worker = new Worker("", { eval: true });
  const { threadId } = worker;
  await worker.terminate();
  return threadId;
}

describe("a thread that is begun ahead", function () {
  this.timeout(20_000);
  afterEach(stopSystems);

  const threadOf = async (run: Awaited<ReturnType<typeof startSystem>>, id: string) =>
    ((await run.ref(id).ask("where", null, soon)) as { thread: number }).thread;

  it("becomes the first host, and only that", async () => {
    beginSpare(moduleUrl("host"), moduleUrl("runtime-probe"));
    const now = await threadOfNow();
    const run = await startSystem([probe("a", "thread"), probe("b", "thread")]);
    expect(await threadOf(run, "a")).to.be.lessThan(now);
    expect(await threadOf(run, "b")).to.be.greaterThan(now);
    const told = { to: "b", type: "echo", body: "there", deadlineMs: 5_000 };
    expect(await run.ref("a").ask("ask", told, soon), "it knows the others").to.deep.equal({ answer: "there" });
    run.system.kill("a");
    await until(() => run.of("started").some(({ actor, epoch }) => actor === "a" && epoch === 2));
    expect(await threadOf(run, "a"), "its successor is a thread like any").to.be.greaterThan(now);
  });

  it("is kept for a host with a heap of the usual size", async () => {
    beginSpare(moduleUrl("host"), moduleUrl("runtime-probe"));
    const now = await threadOfNow();
    const run = await startSystem([probe("small", { at: "thread", heapMb: 64 }), probe("usual", "thread")]);
    expect(await threadOf(run, "small")).to.be.greaterThan(now);
    expect(await threadOf(run, "usual")).to.be.lessThan(now);
  });

  for (const [what, module] of [
    ["cannot load what it was to load", "data:text/javascript,throw new Error('broken')"],
    ["has died", "data:text/javascript,process.exit(1)"],
  ] as const) {
    it(`does no harm when it ${what}`, async () => {
      beginSpare(moduleUrl("host"), new URL(module));
      await threadOfNow();
      const run = await startSystem([probe("a", "thread")]);
      await until(
        async () =>
          (await run
            .ref("a")
            .ask("echo", "here", soon)
            .catch(() => null)) === "here",
      );
    });
  }
});
