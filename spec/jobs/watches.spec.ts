import { expect } from "chai";
import type { JobEnd, JobProgress } from "../../actors/jobs/protocol.ts";
import { createWatches } from "../../actors/jobs/watches.ts";

describe("one look at a job for all who ask", () => {
  const job = { namespace: "ada", id: "job1" };
  const end: JobEnd = { stage: "completed", message: null, seconds: 90 };

  /** Watches whose looks are in the spec's hands. */
  function open() {
    const looks: {
      tell: (update: JobProgress) => void;
      finish: (end: JobEnd) => void;
      fail: (error: Error) => void;
      signal: AbortSignal;
    }[] = [];
    const watches = createWatches((_, tell, signal) => {
      return new Promise((resolve, reject) => {
        looks.push({ tell, finish: resolve, fail: reject, signal });
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    });
    const ask = (id = job.id) => {
      const stop = new AbortController();
      const heard: JobProgress[] = [];
      const asked = watches.follow({ ...job, id }, (update) => heard.push(update), stop.signal);
      return { asked, heard, stop };
    };
    return { looks, ask };
  }
  const begun = () => new Promise((resolve) => setImmediate(resolve));
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: Error) => error,
    );

  it("is begun once, tells all, and who comes later the stage of now", async () => {
    const { looks, ask } = open();
    const first = ask();
    await begun();
    looks[0]?.tell({ stage: "SCHEDULING" });
    looks[0]?.tell({ log: "a" });
    looks[0]?.tell({ stage: "RUNNING" });
    const second = ask();
    looks[0]?.tell({ log: "b" });
    expect(first.heard).to.deep.equal([{ stage: "SCHEDULING" }, { log: "a" }, { stage: "RUNNING" }, { log: "b" }]);
    expect(second.heard).to.deep.equal([{ stage: "RUNNING" }, { log: "b" }]);
    looks[0]?.finish(end);
    expect(await Promise.all([first.asked, second.asked])).to.deep.equal([end, end]);
    expect(looks).to.have.length(1);
  });

  it("goes on when one of several leaves, and is given up with the last", async () => {
    const { looks, ask } = open();
    const first = ask();
    const second = ask();
    await begun();
    first.stop.abort(new Error("enough"));
    expect((await failureOf(first.asked))?.message).to.equal("enough");
    looks[0]?.tell({ log: "a" });
    expect([first.heard, second.heard]).to.deep.equal([[], [{ log: "a" }]]);
    expect(looks[0]?.signal.aborted).to.equal(false);
    second.stop.abort();
    expect(looks[0]?.signal.aborted).to.equal(true);
    await failureOf(second.asked);
    // One that is being given up is joined by nobody.
    const third = ask();
    await begun();
    expect(looks).to.have.length(2);
    looks[1]?.finish(end);
    expect(await third.asked).to.deep.equal(end);
  });

  it("fails for all, and is begun anew by who asks then", async () => {
    const { looks, ask } = open();
    const both = [ask(), ask()];
    await begun();
    looks[0]?.fail(new Error("refused"));
    for (const { asked } of both) expect((await failureOf(asked))?.message).to.equal("refused");
    const again = ask();
    await begun();
    expect(looks).to.have.length(2);
    again.stop.abort();
    await failureOf(again.asked);
  });

  it("is another one for each job", async () => {
    const { looks, ask } = open();
    const both = [ask("job1"), ask("job2")];
    await begun();
    expect(looks).to.have.length(2);
    for (const look of looks) look.finish(end);
    await Promise.all(both.map(({ asked }) => asked));
  });

  it("is not begun for who has left already", async () => {
    let looks = 0;
    const watches = createWatches(() => {
      looks += 1;
      return Promise.resolve(end);
    });
    const gone = AbortSignal.abort(new Error("gone"));
    expect((await failureOf(watches.follow(job, () => undefined, gone)))?.message).to.equal("gone");
    await begun();
    expect(looks).to.equal(0);
  });
});
