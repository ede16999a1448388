import { expect } from "chai";
import { HttpError } from "../../actors/http/errors.ts";
import { cancelJob, findJob, getJob, type JobsReach, listJobs, runJob } from "../../actors/hub/jobs/client.ts";
import { billedSeconds, costOf } from "../../actors/hub/jobs/cost.ts";
import { jobsFailure } from "../../actors/hub/jobs/failure.ts";
import { jobHardware, readHardware } from "../../actors/hub/jobs/hardware.ts";
import { readJob } from "../../actors/hub/jobs/read.ts";
import { jobLog, jobMetrics } from "../../actors/hub/jobs/streams.ts";
import { doorFor, failureOf } from "../http/setting.ts";
import { type JobsService, type JobsServiceOptions, startJobsService } from "../support/jobs-service.ts";

const { signal } = new AbortController();
const spec = { dockerImage: "python:3.12", command: ["python", "-V"], flavor: "cpu-basic", timeoutSeconds: 60 };

describe("the client of the Jobs API", () => {
  let service: JobsService;
  const reachOf = async (options: JobsServiceOptions = {}): Promise<JobsReach> => {
    service = await startJobsService(options);
    return { door: doorFor({ services: { hub: service.url }, keys: { hub: "hf_x" } }), signal };
  };

  afterEach(() => service.close());

  it("starts a job, finds it by its label, and ends it in the account that pays", async () => {
    const reach = await reachOf({ orgs: ["lab"] });
    const labels = { "ml-intern-call": "c1" };
    const job = await runJob(reach, "lab", { ...spec, secrets: { HF_TOKEN: "hf_x" }, labels });
    expect(job).to.include({ id: "job1", namespace: "lab", stage: "RUNNING", flavor: "cpu-basic" });
    expect(job.secretNames).to.deep.equal(["HF_TOKEN"]);
    expect((await findJob(reach, "lab", ["ml-intern-call", "c1"]))?.id).to.equal("job1");
    expect(await findJob(reach, "lab", ["ml-intern-call", "c2"])).to.equal(null);
    expect((await cancelJob(reach, "lab", "job1")).stage).to.equal("CANCELED");
    expect(service.to("/api/jobs/lab/job1/cancel")).to.have.length(1);
    expect(service.unexpected).to.deep.equal([]);
  });

  it("does not start a job twice when the answer gets lost", async () => {
    const reach = await reachOf({ before: ({ method }) => (method === "POST" ? "cut" : undefined) });
    expect((await failureOf(runJob(reach, "ada", spec))).code).to.equal("HTTP_UNREACHABLE");
    expect(service.asked.filter(({ method }) => method === "POST")).to.have.length(1);
  });

  it("filters by itself what a server does not filter, and follows its pages", async () => {
    const job = (id: string, stage: string) => ({ id, status: { stage }, owner: { name: "ada" } });
    const reach = await reachOf({
      before: ({ path, query }) => {
        if (path !== "/api/jobs/ada") return undefined;
        if (query.get("cursor") === "2") return { body: [job("c", "RUNNING"), { no: "job" }, 7] };
        return {
          headers: { link: '</api/jobs/ada?cursor=2>; rel="next"' },
          body: [job("a", "RUNNING"), job("b", "ERROR")],
        };
      },
    });
    const found: string[] = [];
    for await (const { id } of listJobs(reach, "ada", { stage: "RUNNING" })) found.push(id);
    expect(found).to.deep.equal(["a", "c"]);
  });

  it("says that an answer is no job instead of going on with it", async () => {
    const reach = await reachOf({ before: () => ({ body: ["surprise"] }) });
    expect((await failureOf(getJob(reach, "ada", "x"))).code).to.equal("HTTP_NO_JSON");
  });

  it("reads a job whose fields are missing or of the wrong kind", () => {
    const job = readJob({
      id: "a",
      status: "RUNNING",
      owner: 3,
      createdAt: "never",
      command: ["x", 1],
      labels: { a: 1 },
    });
    expect(job).to.deep.include({ id: "a", stage: "", namespace: "", createdAt: null, command: ["x"], labels: {} });
    expect(readJob({ status: { stage: "RUNNING" } })).to.equal(null);
  });

  it("reads a log without the Hub's own first line, and what a job uses", async () => {
    const report = {
      cpu_usage_pct: 50,
      memory_used_bytes: 1,
      memory_total_bytes: 2,
      gpus: { "0": { utilization: 90 } },
    };
    const reach = await reachOf({
      course: () => ({ lines: ["one", "two"], end: { stage: "COMPLETED" } }),
      before: ({ path }) =>
        path.endsWith("/metrics") ? { body: `event: metric\ndata: ${JSON.stringify(report)}\n\n` } : undefined,
    });
    await runJob(reach, "ada", spec);
    const lines: string[] = [];
    for await (const { text } of jobLog(reach, "ada", "job1")) lines.push(text);
    expect(lines).to.deep.equal(["one", "two"]);
    for await (const metric of jobMetrics(reach, "ada", "job1")) {
      expect(metric).to.deep.include({ cpuPercent: 50 });
      expect(metric.gpus[0]?.utilization).to.equal(90);
    }
  });

  describe("prices", () => {
    it("are the Hub's unit price times its unit", () => {
      const flavor = (unitCostUSD: unknown, unitLabel: unknown) =>
        readHardware([{ name: "x", unitCostUSD, unitLabel }])[0]?.usdPerHour;
      expect(flavor(0.025, "minute")).to.equal(1.5);
      expect(flavor(1.5, "hour")).to.equal(1.5);
      expect(flavor(0.001, "second")).to.equal(3.6);
      expect(flavor(1, "fortnight")).to.equal(null);
      expect(flavor("1", "minute")).to.equal(null);
      expect(readHardware([{ name: "x", unitCostMicroUSD: 10_000, unitLabel: "minute" }])[0]?.usdPerHour).to.equal(0.6);
    });

    it("come from the Hub without the key, and from the shipped table with its date when it cannot be asked", async () => {
      const reach = await reachOf();
      const live = await jobHardware(reach);
      expect(live.source).to.equal("live");
      expect(live.flavors.find(({ name }) => name === "a10g-large")).to.deep.include({ usdPerHour: 1.5 });
      expect(service.to("/api/jobs/hardware")[0]?.headers.authorization).to.equal(undefined);
      await service.close();
      const shipped = await jobHardware(await reachOf({ before: () => ({ status: 500 }) }));
      expect(shipped.source).to.equal("shipped");
      expect(shipped.asOf).to.match(/^\d{4}-\d{2}-\d{2}/);
      expect(shipped.flavors.find(({ name }) => name === "h200")?.gpu?.vramGb).to.equal(141);
    });
  });

  describe("costs", () => {
    beforeEach(() => reachOf());
    const job = (more: object) => {
      const read = readJob({ id: "a", ...more });
      if (read === null) throw new Error("no job");
      return read;
    };

    it("count each minute that has begun", () => {
      expect(costOf(61, 0.6)).to.equal(0.02);
      expect(costOf(60, 0.6)).to.equal(0.01);
      expect(costOf(0, 0.6)).to.equal(0);
    });

    it("go by the Hub's clock, and are nothing for a job that never had a machine", () => {
      const startedAt = "2026-01-01T00:00:00Z";
      expect(billedSeconds(job({ startedAt, finishedAt: "2026-01-01T00:01:30Z" }))).to.equal(90);
      expect(billedSeconds(job({ createdAt: startedAt, finishedAt: "2026-01-01T01:00:00Z" }))).to.equal(0);
      expect(billedSeconds(job({ durations: { runningSecs: 12 } }))).to.equal(12);
      expect(billedSeconds(job({ startedAt, finishedAt: "2025-01-01T00:00:00Z" }))).to.equal(null);
    });
  });

  describe("a refusal", () => {
    beforeEach(() => reachOf());
    const failure = (status: number, said: string) =>
      jobsFailure(new HttpError("HTTP_STATUS", "x", { status, said }), "lab", "job x", true, "https://hub");

    it("for want of credits names who pays and where to add some", () => {
      for (const [status, said] of [
        [402, ""],
        [403, "Insufficient credits. Add more."],
        [400, "Pre-paid credits required"],
      ] as const) {
        expect(failure(status, said)).to.deep.include({ refusal: "payment" });
        expect(failure(status, said).message).to.include("lab has no credits");
        expect(failure(status, said).hint).to.include("https://hub/settings/billing");
      }
    });

    it("for a quota or a right is not taken for one for want of credits", () => {
      expect(failure(403, "Quota exceeded: 3 concurrent jobs").refusal).to.equal("forbidden");
      expect(failure(404, "").refusal).to.equal("not_found");
    });
  });
});
