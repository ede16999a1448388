import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type FollowedJobs, followJobs } from "../../actors/root/jobs.ts";
import { openStore, type Store } from "../../actors/root/store.ts";
import { createSystem, type System } from "../../runtime/index.ts";
import { type JobsService, type JobsServiceOptions, startJobsService } from "../support/jobs-service.ts";
import { until } from "../support/program.ts";
import { keysOf, servicesAt } from "../support/reach.ts";

/** The session's follower of jobs, in its own thread, over a real journal. */
describe("jobs that no call waits for", function () {
  this.timeout(20_000);
  let hub: JobsService;
  let dir: string;
  let store: Store;
  let system: System;
  let jobs: FollowedJobs;
  let said: string[];

  async function begin(options: JobsServiceOptions = {}): Promise<void> {
    hub = await startJobsService(options);
    dir = mkdtempSync(join(tmpdir(), "jobs-spec-"));
    store = openStore(join(dir, "s1"));
    said = [];
    store.bus.tap(({ type, data }) => {
      if (type === "tool_log") said.push((data as { log: string }).log);
      if (type === "hf_job_state") said.push((data as { stage: string }).stage);
    });
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
    const reach = { services: servicesAt({ hub: hub.url }), keys: keysOf({ hub: "hf_secret_token" }) };
    jobs = await followJobs(system, store, { ...reach, userAgent: "spec" });
  }

  afterEach(async () => {
    await jobs.rest(100);
    await system.stop();
    store.close();
    await hub.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Starts a job at the Hub and puts it on record. */
  async function start(): Promise<JobsService["jobs"][number]> {
    const body = JSON.stringify({ dockerImage: "x", command: [], flavor: "a10g-large", timeoutSeconds: 60 });
    await fetch(`${hub.url}/api/jobs/ada`, { method: "POST", body });
    const job = hub.jobs.at(-1);
    if (job === undefined) throw new Error("no job");
    const data = {
      job_id: job.id,
      job_url: "u",
      namespace: "ada",
      flavor: "a10g-large",
      timeout_s: 60,
      job_type: "uv" as const,
      image: null,
      title: "t",
      tool_call_id: `call-${job.id}`,
      price_usd_per_hour: 1.5,
    };
    store.publish({ type: "hf_job_submit", data }, false);
    return job;
  }

  const ended = (id: string) => store.state.jobs.get(id)?.ended ?? null;

  it("are followed to their end, which goes on record with its cost; people see stage and log", async () => {
    await begin();
    const job = await start();
    job.write("\u001b[31mloss 1\u001b[0m hf_secret_token");
    await until("the line", () => said.some((text) => text.includes("loss 1 [redacted]")));
    expect(said).to.include("RUNNING");
    job.end("COMPLETED");
    await until("the end", () => ended("job1") !== null);
    expect(ended("job1")).to.include({ final_status: "completed", wall_time_s: 90, estimated_cost_usd: 0.05 });
    expect(jobs.open()).to.deep.equal([]);
  });

  it("are followed on when the follower dies", async () => {
    await begin();
    const job = await start();
    await until("a stage", () => said.includes("RUNNING"));
    system.kill("jobs");
    job.end("ERROR");
    await until("the end", () => ended("job1") !== null);
    expect(ended("job1")).to.include({ final_status: "error" });
  });

  it("are tried again while the Hub refuses to show them, and people hear of it once", async () => {
    let isRefused = true;
    await begin({
      before: ({ method }) => (isRefused && method === "GET" ? { status: 403, body: { error: "no" } } : undefined),
    });
    const job = await start();
    await until("the words", () => said.some((text) => text.includes("Job job1 cannot be followed")));
    await until("more questions", () => hub.to("/api/jobs/ada/job1").length > 2);
    isRefused = false;
    job.end("COMPLETED");
    await until("the end", () => ended("job1") !== null);
    expect(said.filter((text) => text.includes("cannot be followed"))).to.have.length(1);
  });

  it("are cancelled by the call that started them", async () => {
    await begin();
    await start();
    expect(await jobs.cancel("another")).to.equal(false);
    expect(await jobs.cancel("call-job1")).to.equal(true);
    await until("the end", () => ended("job1") !== null);
    expect(ended("job1")).to.include({ final_status: "canceled" });
  });
});
