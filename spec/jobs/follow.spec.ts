import { expect } from "chai";
import { type JobsReach, runJob } from "../../actors/hub/jobs/client.ts";
import { type Follow, type FollowPace, followJob } from "../../actors/hub/jobs/follow.ts";
import { createReplay } from "../../actors/hub/jobs/replay.ts";
import { doorFor } from "../http/setting.ts";
import { type JobsService, type JobsServiceOptions, startJobsService } from "../support/jobs-service.ts";
import { until } from "../support/program.ts";

const pace: FollowPace = { stageMs: [5, 10], reopenMs: [5, 10], quietMs: 60 };
const spec = { dockerImage: "python:3.12", command: ["python", "-V"], flavor: "cpu-basic", timeoutSeconds: 60 };

describe("following a job", () => {
  let service: JobsService;
  let lines: string[];
  let troubles: string[];
  const { signal } = new AbortController();

  async function begin(options: JobsServiceOptions, more: Partial<Follow> = {}) {
    service = await startJobsService(options);
    lines = [];
    troubles = [];
    const reach: JobsReach = { door: doorFor({ services: { hub: service.url }, keys: { hub: "hf_x" } }), signal };
    const { id } = await runJob(reach, "ada", spec);
    const job = service.jobs.find((candidate) => candidate.id === id);
    if (job === undefined) throw new Error("no job");
    const ended = followJob({
      ...reach,
      namespace: "ada",
      id,
      pace,
      onLine: (text) => void lines.push(text),
      onTrouble: (words) => troubles.push(words),
      ...more,
    });
    return { ended, job };
  }

  afterEach(() => service.close());

  it("ends with the job and not with its log", async () => {
    const { ended, job } = await begin({});
    job.write("epoch 1");
    await until("the first line", () => lines.includes("epoch 1"));
    job.closeLogs();
    await until("another stream", () => job.logReads() >= 2);
    job.write("epoch 2");
    job.end("COMPLETED");
    expect((await ended).stage).to.equal("COMPLETED");
    expect(lines).to.deep.equal(["epoch 1", "epoch 2"]);
  });

  it("repeats no line of a log that begins anew, and loses none of one moment", async () => {
    const { ended, job } = await begin({});
    job.write("same", "same", "other");
    await until("the lines", () => lines.length === 3);
    job.closeLogs("cut");
    job.write("same");
    job.end("COMPLETED");
    await ended;
    expect(lines).to.deep.equal(["same", "same", "other", "same"]);
  });

  it("ends although the log never does", async () => {
    const { ended, job } = await begin({ course: () => ({ lines: ["a"], neverCloses: true }) });
    await until("the line", () => lines.length === 1);
    job.end("ERROR", "Job timeout");
    const last = await ended;
    expect(last).to.include({ stage: "ERROR", message: "Job timeout" });
    expect(lines).to.deep.equal(["a"]);
  });

  it("gets through a log whose stream always ends early", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const { ended, job } = await begin({ course: () => ({ lines: many, closesAfter: 10 }) });
    await until("the first lines", () => lines.length === 10 && job.logReads() > 2);
    job.end("COMPLETED");
    await ended;
    expect(lines).to.deep.equal(many);
  });

  it("waits without asking for a log while the job has no machine", async () => {
    const { ended, job } = await begin({ course: () => ({ starts: false }) });
    await until("a few questions", () => service.to("/api/jobs/ada/job1").length > 4);
    expect(job.logReads()).to.equal(0);
    job.start();
    job.write("up");
    await until("the line", () => lines.includes("up"));
    job.end("COMPLETED");
    await ended;
  });

  it("holds out while the Hub fails, and says so once", async () => {
    let isDown = false;
    const { ended, job } = await begin({ before: () => (isDown ? { status: 503, body: "down" } : undefined) });
    isDown = true;
    await until("the trouble", () => troubles.length === 1);
    await until("more questions", () => service.to("/api/jobs/ada/job1").length > 12);
    isDown = false;
    job.end("COMPLETED");
    expect((await ended).stage).to.equal("COMPLETED");
    expect(troubles).to.have.length(2);
  });

  it("takes a job that the Hub has ceased to know for deleted", async () => {
    let isGone = false;
    const { ended } = await begin({ before: () => (isGone ? { status: 404 } : undefined) });
    isGone = true;
    expect(await ended).to.include({ id: "job1", stage: "DELETED" });
  });

  it("gives up where the token is refused", async () => {
    let isRefused = false;
    const { ended } = await begin({
      before: () => (isRefused ? { status: 401, body: { error: "Invalid" } } : undefined),
    });
    isRefused = true;
    const error = await ended.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ status: 401 });
  });

  it("stops at once when it is called off", async () => {
    const stop = new AbortController();
    const { ended } = await begin({}, { signal: stop.signal });
    await until("a question", () => service.to("/api/jobs/ada/job1").length > 0);
    stop.abort(new Error("enough"));
    const error = await ended.then(
      () => null,
      (thrown: Error) => thrown.message,
    );
    expect(error).to.equal("enough");
  });

  it("ends with the listener's failure", async () => {
    const onLine = () => {
      throw new Error("disk full");
    };
    const { ended, job } = await begin({}, { onLine });
    job.write("x");
    const error = await ended.then(
      () => null,
      (thrown: Error) => thrown.message,
    );
    expect(error).to.equal("disk full");
  });
});

describe("the memory of a log that is read again", () => {
  it("takes lines of machines whose clocks differ by less than a minute for what they are", () => {
    const replay = createReplay();
    const log = [
      { text: "rank 0", at: 50_000 },
      { text: "rank 1", at: 20_000 },
      { text: "rank 0", at: 51_000 },
    ];
    replay.restart();
    expect(log.map(replay.isNew)).to.deep.equal([true, true, true]);
    replay.restart();
    const again = [...log, { text: "rank 1", at: 21_000 }];
    expect(again.map(replay.isNew)).to.deep.equal([false, false, false, true]);
  });

  it("is bounded, and still knows what is old", () => {
    const replay = createReplay();
    replay.restart();
    for (let at = 0; at < 100_000; at += 1) expect(replay.isNew({ text: "x", at })).to.equal(true);
    replay.restart();
    let fresh = 0;
    for (let at = 0; at < 100_001; at += 1) if (replay.isNew({ text: "x", at })) fresh += 1;
    expect(fresh).to.equal(1);
  });

  it("knows lines without a time by the time before them", () => {
    const replay = createReplay();
    const log = [
      { text: "a", at: 5 },
      { text: "b", at: null },
    ];
    replay.restart();
    expect(log.map(replay.isNew)).to.deep.equal([true, true]);
    replay.restart();
    expect(log.map(replay.isNew)).to.deep.equal([false, false]);
  });
});
