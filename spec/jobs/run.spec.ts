import { readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import { until } from "../support/program.ts";
import { hello, type JobsShop, openShop, quick, token } from "./setting.ts";

describe("hf_jobs: run", () => {
  let jobs: JobsShop;

  afterEach(() => jobs.close());

  it("waits for the end and tells of the stage, the cost and the log", async () => {
    jobs = await openShop({ course: quick });
    const result = await jobs.call({ operation: "run", script: hello, hardware_flavor: "cpu-upgrade" });
    expect(result).to.include({ ok: true, untrusted: "the log of job job1" });
    expect(result.text).to.include("job1: COMPLETED after 1m 30s and about $0.001").and.include("hello");
    expect(jobs.facts.map(({ type }) => type)).to.deep.equal(["hf_job_submit", "hf_job_complete"]);
    expect(jobs.facts[0]?.data).to.include({ job_id: "job1", namespace: "ada", price_usd_per_hour: 0.03 });
    expect(jobs.facts[1]?.data).to.include({ final_status: "completed", wall_time_s: 90, estimated_cost_usd: 0.001 });
    expect(jobs.hub.unexpected).to.deep.equal([]);
  });

  it("calls a job that has failed a call that has failed, with its last words and what helps", async () => {
    jobs = await openShop({
      course: () => ({
        lines: ["step 1", "torch.OutOfMemoryError: CUDA out of memory."],
        end: { stage: "ERROR", message: "exit code 1" },
      }),
    });
    const result = await jobs.call({ operation: "run", script: hello });
    expect(result.ok).to.equal(false);
    expect(result.text)
      .to.include("ERROR")
      .and.include("exit code 1")
      .and.include("smaller batch")
      .and.include("CUDA out");
  });

  it("says of a job that ran out of time that it did", async () => {
    jobs = await openShop({ course: () => ({ end: { stage: "ERROR", message: "Job timeout" } }) });
    const result = await jobs.call({ operation: "run", script: hello });
    expect(result.text).to.include("ended by its timeout");
  });

  it("does not take the end of a log for the end of the job", async () => {
    jobs = await openShop({ course: () => ({ lines: ["a"] }) });
    const running = jobs.call({ operation: "run", script: hello });
    const job = await until("the job", () => jobs.hub.jobs[0]);
    await until("a stream", () => job.logReads() === 1);
    job.closeLogs();
    await until("another stream", () => job.logReads() > 1);
    job.end("COMPLETED");
    expect((await running).text).to.include("COMPLETED");
  }).timeout(10_000);

  it("answers at once where nobody wants to wait", async () => {
    jobs = await openShop();
    const result = await jobs.call({ operation: "run", script: hello, wait: false });
    expect(result).to.deep.include({
      ok: true,
      data: { job_id: "job1", namespace: "ada", stage: "RUNNING", flavor: "cpu-basic" },
    });
    expect(jobs.facts.map(({ type }) => type)).to.deep.equal(["hf_job_submit"]);
  });

  it("hands the log to people as it comes, and to the model its beginning and its end", async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `METRIC step=${index} loss=0.5`);
    jobs = await openShop({ course: () => ({ lines, end: { stage: "COMPLETED" } }) });
    const result = await jobs.call({ operation: "run", script: hello });
    expect(result.text.length).to.be.below(18_000);
    expect(result.text)
      .to.include("step=0 ")
      .and.include("step=4999")
      .and.match(/whole log is in (\S+)/);
    const file = /whole log is in (\S+)/.exec(result.text)?.[1] ?? "";
    expect(readFileSync(file, "utf8").split("\n")).to.have.length(5_001);
    expect(statSync(file).mode & 0o077).to.equal(0);
    expect(jobs.logs.join("")).to.include("step=4999");
  });

  it("keeps the token out of everything but the one request", async () => {
    jobs = await openShop({ course: () => ({ lines: [`my token is ${token}`], end: { stage: "COMPLETED" } }) });
    const prepared = await jobs.prepare({ operation: "run", script: hello, secrets: ["HF_TOKEN"] });
    const result = await jobs.run(prepared);
    expect(jobs.hub.jobs[0]?.spec.secrets).to.deep.equal({ HF_TOKEN: token });
    const { secrets: _, ...rest } = jobs.hub.jobs[0]?.spec ?? {};
    const seen = JSON.stringify([prepared, result, jobs.facts, jobs.logs, rest]);
    expect(seen).not.to.include(token);
    expect(result.text).to.include("[redacted]");
  });

  it("gives a job no secret that is not named", async () => {
    jobs = await openShop({ course: quick });
    await jobs.call({ operation: "run", script: hello });
    expect(jobs.hub.jobs[0]?.spec).not.to.have.property("secrets");
    expect(await jobs.refusal({ operation: "run", script: hello, secrets: ["AWS_SECRET_KEY"] })).to.include(
      'let no job have "AWS_SECRET_KEY"; it may have HF_TOKEN',
    );
  });

  it("gives a job what the user's settings allow, and keeps that out of everything else too", async () => {
    const value = "a-key-of-wandb-0123456789";
    const course = () => ({ lines: [`the key is ${value}`], end: { stage: "COMPLETED" } });
    jobs = await openShop({ course }, true, undefined, { WANDB_API_KEY: value, OTHER_KEY: "not-named-here" });
    const prepared = await jobs.prepare({ operation: "run", script: hello, secrets: ["WANDB_API_KEY"] });
    const result = await jobs.run(prepared);
    expect(jobs.hub.jobs[0]?.spec.secrets).to.deep.equal({ WANDB_API_KEY: value });
    expect(JSON.stringify([prepared, result, jobs.facts, jobs.logs])).not.to.include(value);
    const wrong = await jobs.refusal({ operation: "run", script: `key = "${value}"`, secrets: ["WANDB_API_KEY"] });
    expect(wrong).to.include("hardcoded_secret");
  });

  it("attaches to the job that the same call has started before a crash, and starts no other", async () => {
    jobs = await openShop();
    const prepared = await jobs.prepare({ operation: "run", script: hello });
    void jobs.run(prepared, { id: "c1" });
    const job = await until("the job", () => jobs.hub.jobs[0]);
    const again = jobs.run(prepared, { id: "c1", attempt: 2 });
    job.end("COMPLETED");
    expect((await again).text).to.include("job1: COMPLETED");
    expect(jobs.hub.jobs).to.have.length(1);
    await jobs.run(prepared, { id: "c2", attempt: 2, signal: AbortSignal.timeout(200) });
    expect(jobs.hub.jobs).to.have.length(2);
  });

  it("finds the job whose start was not answered", async () => {
    // The Hub starts the job, and its answer gets lost.
    jobs = await openShop({ course: quick, after: () => ({ status: 404 }), losesStarts: true });
    const result = await jobs.call({ operation: "run", script: hello });
    expect(result.text).to.include("job1: COMPLETED");
    expect(jobs.hub.jobs).to.have.length(1);
  });

  it("makes one schedule, whether its answer gets lost or the call comes again after a crash", async () => {
    jobs = await openShop({ losesStarts: true });
    const prepared = await jobs.prepare({ operation: "scheduled run", script: hello, schedule: "@daily" });
    expect((await jobs.run(prepared, { id: "c1" })).text).to.include("sched1");
    expect((await jobs.run(prepared, { id: "c1", attempt: 2 })).text).to.include("sched1");
    expect(jobs.hub.schedules).to.have.length(1);
    expect((await jobs.run(prepared, { id: "c2", attempt: 2 })).text).to.include("sched2");
  });

  it("takes the address of a Space for the Space's image", async () => {
    jobs = await openShop({ course: quick });
    await jobs.call({ operation: "run", image: "hf.co/spaces/ada/trainer", command: ["python", "-V"] });
    expect(jobs.hub.jobs[0]?.spec).to.include({ spaceId: "ada/trainer" }).and.not.have.property("dockerImage");
  });

  it("passes on variables, labels and mounts", async () => {
    jobs = await openShop({ course: quick });
    const more = {
      env: { SEED: "1" },
      labels: { run: "a" },
      volumes: ["hf://buckets/ada/out:/out", "hf://datasets/ada/d:/d"],
    };
    await jobs.call({ operation: "run", script: hello, ...more });
    const spec = jobs.hub.jobs[0]?.spec ?? {};
    expect(spec.environment).to.include({ SEED: "1", PYTHONUNBUFFERED: "1" });
    expect(spec.labels).to.include({ run: "a", "ml-intern-session": "s1" });
    expect(spec.volumes).to.deep.equal([
      { type: "bucket", source: "ada/out", mountPath: "/out" },
      { type: "dataset", source: "ada/d", mountPath: "/d", readOnly: true },
    ]);
  });

  it("ends the job that was started while the call was being stopped", async () => {
    const stop = new AbortController();
    jobs = await openShop({
      before: ({ method, path }) => {
        if (method === "POST" && path === "/api/jobs/ada") stop.abort();
        return undefined;
      },
    });
    const prepared = await jobs.prepare({ operation: "run", script: hello });
    expect((await jobs.run(prepared, { signal: stop.signal })).outcome).to.equal("cancelled");
    await until("the cancel", () => jobs.hub.jobs[0]?.stage === "CANCELED");
  });
});
