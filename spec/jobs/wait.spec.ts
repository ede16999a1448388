import { expect } from "chai";
import { until } from "../support/program.ts";
import { hello, type JobsShop, openShop } from "./setting.ts";

describe("hf_jobs: wait", function () {
  this.timeout(20_000);
  let jobs: JobsShop;

  afterEach(() => jobs.close());

  /** Starts a job that no call waits for. */
  async function start(more: object = {}) {
    await jobs.call({ operation: "run", script: hello, wait: false, ...more });
    const job = jobs.hub.jobs.at(-1);
    if (job === undefined) throw new Error("no job");
    return job;
  }

  const wait = (more: object, signal = new AbortController().signal) =>
    jobs.call({ operation: "wait", ...more }, { signal });
  const cancels = () => jobs.hub.asked.filter(({ path }) => path.endsWith("/cancel"));

  it("ends at once for a job that is over, with its state, time, cost and the end of its log", async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `step ${index}`);
    jobs = await openShop({ course: () => ({ lines, end: { stage: "COMPLETED" } }) });
    const job = await start({ hardware_flavor: "cpu-upgrade" });
    const result = await wait({ job_id: "job1" });
    expect(result).to.include({ ok: true, untrusted: "the log of job job1" });
    expect(result.text)
      .to.include("Job job1: COMPLETED after 1m 30s and about $0.001.")
      .and.include("step 120\n")
      .and.include("step 199")
      .and.not.include("step 119\n");
    expect(result.data).to.deep.equal({
      ended: ["job1"],
      jobs: [
        {
          job_id: "job1",
          namespace: "ada",
          stage: "COMPLETED",
          flavor: "cpu-upgrade",
          wall_time_s: 90,
          cost_usd: 0.001,
        },
      ],
    });
    expect(job.logReads(), "reads of the log, for its end alone").to.equal(1);
  });

  it("waits for the real end, shows the stages to people, and asks nobody for leave", async () => {
    jobs = await openShop({ course: () => ({ starts: false }) });
    const job = await start();
    const prepared = await jobs.prepare({ operation: "wait", job_id: "job1" });
    expect(prepared.ok && prepared.touches.map(({ kind }) => kind)).to.deep.equal(["network"]);
    expect(prepared.ok && prepared.title).to.equal("Jobs: wait for job1, at most 1h");
    const waiting = jobs.run(prepared);
    await until("the first stage", () => jobs.logs.join("").includes("SCHEDULING"));
    job.start();
    await until("the second", () => jobs.logs.join("").includes("RUNNING"));
    await until("a follower of its log", () => job.logReads() >= 1);
    job.write("all is well");
    job.end("COMPLETED");
    expect((await waiting).text)
      .to.include("COMPLETED")
      .and.include("all is well");
  });

  it("follows a job once, however many wait for it", async () => {
    jobs = await openShop();
    const job = await start();
    const both = [wait({ job_id: "job1" }), wait({ job_id: "job1" })];
    await until("both", () => jobs.logs.join("").match(/RUNNING/g)?.length === 2);
    await until("a follower", () => job.logReads() > 0);
    job.write("a line");
    expect(job.logReads()).to.equal(1);
    job.end("COMPLETED");
    for (const { text } of await Promise.all(both)) expect(text).to.include("COMPLETED").and.include("a line");
  });

  it("waits for several, and has failed when one of them has, with what helps", async () => {
    jobs = await openShop();
    const first = await start();
    const second = await start();
    const waiting = wait({ job_id: "job1", job_ids: ["job2", "job1"] });
    await until("both", () => first.logReads() >= 1 && second.logReads() >= 1);
    second.write("CUDA out of memory");
    second.end("ERROR", "exit code 1");
    first.end("COMPLETED");
    const result = await waiting;
    expect(result.ok).to.equal(false);
    expect(result.text)
      .to.match(/Job job1: COMPLETED[\s\S]*Job job2: ERROR after 1m 30s/)
      .and.include("The Hub says: exit code 1")
      .and.include("smaller batch");
    expect(result.untrusted).to.equal("the log of job job1, job2");
  });

  it("says at the end of its time that the job goes on, and how to look again", async () => {
    jobs = await openShop();
    const job = await start();
    const result = await wait({ job_id: "job1", wait_minutes: 0 });
    expect(result.ok).to.equal(true);
    expect(result.text)
      .to.include("Waited 1s")
      .and.match(/Job job1 goes on \(RUNNING for \d+s, about \$0.0002 so far\)\. Wait again/);
    expect(result).to.not.have.property("untrusted");
    expect(result.data).to.deep.include({ ended: [] });
    expect(job.stage).to.equal("RUNNING");
    expect(cancels()).to.deep.equal([]);
  });

  it("tells of those that have ended when the time is over for others", async () => {
    jobs = await openShop();
    await start();
    (await start()).end("COMPLETED");
    const result = await wait({ job_ids: ["job1", "job2"], wait_minutes: 0 });
    expect(result.text).to.include("Job job1 goes on (RUNNING").and.include("Job job2: COMPLETED");
    expect(result.data).to.deep.include({ ended: ["job2"] });
  });

  it("is interrupted without touching the job", async () => {
    jobs = await openShop();
    const job = await start();
    const stop = new AbortController();
    const waiting = wait({ job_id: "job1" }, stop.signal);
    await until("a follower", () => job.logReads() >= 1);
    stop.abort();
    expect(await waiting).to.deep.include({ ok: false, outcome: "cancelled" });
    expect(job.stage).to.equal("RUNNING");
    expect(cancels()).to.deep.equal([]);
    // It can be waited for again, whether or not the follower has heard yet that nobody waits.
    const again = wait({ job_id: "job1" });
    await until("the stage", () => jobs.logs.join("").match(/RUNNING/g)?.length === 2);
    job.end("COMPLETED");
    expect((await again).ok).to.equal(true);
  });

  it("goes on when the follower dies", async () => {
    jobs = await openShop();
    const job = await start();
    const waiting = wait({ job_id: "job1" });
    await until("a follower", () => job.logReads() >= 1);
    jobs.killFollower();
    await until("the next one", () => job.logReads() >= 2);
    job.end("COMPLETED");
    expect((await waiting).text).to.include("Job job1: COMPLETED");
  });

  it("finds the jobs of an organisation, and shows people the lines of one that is not this session's", async () => {
    jobs = await openShop({ orgs: ["lab"] });
    const job = await start({ namespace: "lab" });
    (job.spec.labels as Record<string, string>)["ml-intern-session"] = "another";
    const waiting = wait({ job_id: "job1" });
    await until("a follower", () => job.logReads() >= 1);
    job.write("loss 0.5");
    await until("the line", () => jobs.logs.join("").includes("loss 0.5"));
    job.end("COMPLETED");
    expect((await waiting).text).to.include("/jobs/lab/job1");
  });

  it("is refused without a job, with too many, and with one that is not there", async () => {
    jobs = await openShop();
    expect(await jobs.refusal({ operation: "wait" })).to.include("Name one with job_id");
    const many = Array.from({ length: 17 }, (_, index) => `job${index}`);
    expect(await jobs.refusal({ operation: "wait", job_ids: many })).to.include("up to 16");
    expect(await jobs.refusal({ operation: "wait", job_id: "none" })).to.include("no job none of ada");
  });

  it("waits an hour where nothing is said, and never longer than a day", async () => {
    jobs = await openShop();
    await start();
    const limitOf = async (more: object) => {
      const prepared = await jobs.prepare({ operation: "wait", job_id: "job1", ...more });
      return prepared.ok ? Math.floor(prepared.timeoutMs / 3_600_000) : null;
    };
    expect(await limitOf({})).to.equal(1);
    expect(await limitOf({ wait_minutes: 180 })).to.equal(3);
    expect(await limitOf({ wait_minutes: 1e9 })).to.equal(24);
  });
});
