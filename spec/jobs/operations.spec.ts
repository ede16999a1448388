import { expect } from "chai";
import { hello, type JobsShop, openShop } from "./setting.ts";

describe("hf_jobs: the other operations", () => {
  let jobs: JobsShop;

  afterEach(() => jobs.close());

  describe("a refusal of the Hub", () => {
    for (const [status, body, words] of [
      [402, { error: "Pre-paid credit balance is insufficient" }, "ada has no credits"],
      [403, { error: "Missing permission job.write" }, "write access"],
      [404, {}, "does not exist"],
      [422, { error: "bad flavor" }, "bad flavor"],
    ] as const) {
      it(`with ${status} is said in words, and starts nothing`, async () => {
        jobs = await openShop({ before: ({ method }) => (method === "POST" ? { status, body } : undefined) });
        const result = await jobs.call({ operation: "run", script: hello });
        expect(result.ok).to.equal(false);
        expect(result.text).to.include(words);
        expect(jobs.facts).to.deep.equal([]);
      });
    }

    it("with 429 is waited out, and with 500 the job is looked for before anything is said", async () => {
      let posts = 0;
      jobs = await openShop({
        before: ({ method }) => {
          if (method !== "POST") return undefined;
          posts += 1;
          return { status: 500, body: { error: "oops" } };
        },
      });
      const result = await jobs.call({ operation: "run", script: hello });
      expect(posts).to.equal(1);
      expect(result.text).to.include("did not say whether it started the job").and.include("ps");
      expect(jobs.hub.to("/api/jobs/ada").filter(({ query }) => query.has("label"))).to.have.length(3);
    }).timeout(15_000);
  });

  describe("looking and ending", () => {
    it("lists what runs, with commands that can be read", async () => {
      jobs = await openShop();
      await jobs.call({ operation: "run", script: hello, wait: false, dependencies: ["numpy<2"] });
      const { text } = await jobs.call({ operation: "ps" });
      expect(text)
        .to.include("job1  RUNNING (this session)")
        .and.include("numpy<2")
        .and.include("(the script script.py)");
      expect(text.length).to.be.below(400);
    });

    it("finds a job of an organisation without being told of which", async () => {
      jobs = await openShop({ orgs: ["lab"] });
      await jobs.call({ operation: "run", script: hello, wait: false, namespace: "lab" });
      const { text } = await jobs.call({ operation: "inspect", job_id: "job1" });
      expect(text).to.include("Job job1 of lab").and.include("stage: RUNNING");
      const cancelled = await jobs.call({ operation: "cancel", job_id: "job1" });
      expect(cancelled.text).to.include("CANCELED");
      expect(jobs.hub.to("/api/jobs/lab/job1/cancel")).to.have.length(1);
    });

    it("may end its own jobs, and asks before it ends another's", async () => {
      jobs = await openShop();
      await jobs.call({ operation: "run", script: hello, wait: false });
      const own = await jobs.prepare({ operation: "cancel", job_id: "job1" });
      expect(own.ok && own.touches.map(({ kind }) => kind)).to.deep.equal(["network"]);
      const spec = jobs.hub.jobs[0]?.spec as { labels: Record<string, string> };
      spec.labels["ml-intern-session"] = "another";
      const foreign = await jobs.prepare({ operation: "cancel", job_id: "job1" });
      expect(foreign.ok && foreign.touches.map(({ kind }) => kind)).to.deep.equal(["network", "delete"]);
    });

    it("shows the newest lines of a log that goes on", async () => {
      const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`);
      jobs = await openShop({ course: () => ({ lines }) });
      await jobs.call({ operation: "run", script: hello, wait: false });
      const { text } = await jobs.call({ operation: "logs", job_id: "job1", tail: 5 });
      expect(text).to.include("RUNNING").and.include("line 299").and.not.include("line 294\n");
    }).timeout(10_000);

    it("says that a job is not there", async () => {
      jobs = await openShop({ orgs: ["lab"] });
      expect(await jobs.refusal({ operation: "cancel", job_id: "nope" })).to.include("no job nope of ada, lab");
    });

    it("lists the machines with the prices of now", async () => {
      jobs = await openShop();
      const { text } = await jobs.call({ operation: "hardware" });
      expect(text).to.include("a10g-large: $1.50/h, 1 x A10G, 24 GB");
    });
  });

  describe("schedules", () => {
    it("are asked for each time, and looking at them is not", async () => {
      jobs = await openShop();
      const run = await jobs.prepare({ operation: "scheduled run", script: hello, schedule: "0 9 * * 1" });
      expect(run.ok && run.touches[1]).to.deep.include({ kind: "publish", what: "scheduled_job" });
      await jobs.run(run);
      const resume = await jobs.prepare({ operation: "scheduled resume", scheduled_job_id: "sched1" });
      expect(resume.ok && resume.touches[1]).to.deep.include({ kind: "publish", what: "scheduled_job" });
      const look = await jobs.prepare({ operation: "scheduled ps" });
      expect(look.ok && look.touches.map(({ kind }) => kind)).to.deep.equal(["network"]);
    });

    it("of an organisation are found without being told of which", async () => {
      jobs = await openShop({ orgs: ["lab"] });
      const asked = { operation: "scheduled run", script: hello, schedule: "@daily", namespace: "lab" };
      await jobs.call(asked);
      const changed = await jobs.call({ operation: "scheduled suspend", scheduled_job_id: "sched1" });
      expect(changed.text).to.equal("The schedule sched1 of lab is suspended; what runs already runs on.");
      expect(await jobs.refusal({ operation: "scheduled delete", scheduled_job_id: "none" })).to.include(
        "There is no schedule none of ada, lab. List them with operation scheduled ps.",
      );
    });

    it("say what they cost, to who approves them and to the model, and that no budget counts it", async () => {
      jobs = await openShop();
      const asked = { script: hello, schedule: "@daily", hardware_flavor: "cpu-upgrade", timeout: "1h" };
      const cost = "up to $0.03 a run, $0.03 a day, $0.93 a month (31 runs)";
      const budget = "No budget of this session counts that";
      const run = await jobs.prepare({ operation: "scheduled run", ...asked });
      expect(run.ok && run.title).to.equal(`Job on cpu-upgrade (@daily), ${cost} of ada: script.py`);
      expect((await jobs.preview(run))?.text).to.include(`# Schedule: @daily: ${cost}. ${budget}`);
      expect((await jobs.run(run)).text)
        .to.include(cost)
        .and.include(budget);
      expect((await jobs.call({ operation: "scheduled ps" })).text)
        .to.include(cost)
        .and.include(budget);
      const one = { scheduled_job_id: "sched1" };
      expect((await jobs.call({ operation: "scheduled inspect", ...one })).text)
        .to.include(cost)
        .and.include(budget);
      const resume = await jobs.prepare({ operation: "scheduled resume", ...one });
      expect(resume.ok && resume.title).to.equal(`Job on cpu-upgrade again (@daily), ${cost} of ada: sched1`);
      expect((await jobs.preview(resume))?.text)
        .to.include(`# Schedule: @daily: ${cost}. ${budget}`)
        .and.include("# Paid by: ada")
        .and.include("(the script script.py)");
      expect((await jobs.run(resume)).text).to.include(`is resumed. It costs ${cost}. ${budget}`);
    });

    it("cost what nobody knows where the Hub names no price", async () => {
      jobs = await openShop({ hardware: [{ name: "cpu-basic", cpu: "2", ram: "16 GB", accelerator: null }] });
      const run = await jobs.prepare({ operation: "scheduled run", script: hello, schedule: "0 9 * * 1" });
      expect(run.ok && run.title).to.include("an unknown price a run, up to 5 runs a month");
    });

    it("are made, listed, suspended and deleted, also those that have run", async () => {
      jobs = await openShop();
      const made = await jobs.call({ operation: "scheduled run", script: hello, schedule: "@daily" });
      expect(made.text).to.include('sched1  "@daily"').and.include("last ran 2026-01-02");
      expect((await jobs.call({ operation: "scheduled ps" })).text).to.include("job job9");
      await jobs.call({ operation: "scheduled suspend", scheduled_job_id: "sched1" });
      expect(jobs.hub.schedules[0]?.suspend).to.equal(true);
      expect((await jobs.call({ operation: "scheduled inspect", scheduled_job_id: "sched1" })).text).to.include(
        "suspended",
      );
      await jobs.call({ operation: "scheduled delete", scheduled_job_id: "sched1" });
      expect(jobs.hub.schedules).to.have.length(0);
      const gone = await jobs.call({ operation: "scheduled inspect", scheduled_job_id: "sched1" });
      expect(gone.ok).to.equal(false);
    });
  });

  describe("a Trackio dashboard", () => {
    const trackio = { space: "ada/board", project: "p" };
    const space = (body: object) => ({
      after: ({ path }: { path: string }) => (path === "/api/spaces/ada/board" ? { body } : undefined),
    });
    const launch = { operation: "run", script: hello, secrets: ["HF_TOKEN"], trackio, wait: false };

    it("is made where the Space is not there, private and asked for", async () => {
      let made: object | null = null;
      jobs = await openShop({
        after: ({ path, json }) => {
          if (path === "/api/repos/create") {
            made = json as object;
            return { body: { url: "x" } };
          }
          if (path === "/api/spaces/ada/board/commit/main") return { body: { success: true } };
          if (path !== "/api/spaces/ada/board") return undefined;
          const missing = { status: 404, headers: { "x-error-code": "RepoNotFound" } };
          return made === null ? missing : { body: { sha: "new", siblings: [{ rfilename: ".gitattributes" }] } };
        },
      });
      const prepared = await jobs.prepare(launch);
      expect(prepared.ok && prepared.touches[2]).to.deep.include({
        kind: "publish",
        target: "ada/board",
        what: "create_repo",
      });
      await jobs.run(prepared);
      expect(made).to.deep.include({ type: "space", organization: "ada", name: "board", visibility: "private" });
      expect(jobs.hub.to("/api/spaces/ada/board/commit/main")[0]?.text).to.include('"parentCommit":"new"');
      expect(jobs.hub.jobs[0]?.spec.environment).to.include({ TRACKIO_SPACE_ID: "ada/board", TRACKIO_PROJECT: "p" });
      expect(jobs.hub.jobs[0]?.spec.command).to.include("trackio");
    });

    it("is put into an empty Space of the user's, in one commit", async () => {
      jobs = await openShop({
        after: ({ path }) => {
          if (path === "/api/spaces/ada/board") return { body: { sha: "abc", siblings: [{ rfilename: "README.md" }] } };
          return path === "/api/spaces/ada/board/commit/main" ? { body: { success: true } } : undefined;
        },
      });
      expect((await jobs.call(launch)).text).to.include("/spaces/ada/board");
      const commits = jobs.hub.to("/api/spaces/ada/board/commit/main");
      expect(commits).to.have.length(1);
      expect(commits[0]?.text).to.include('"parentCommit":"abc"').and.include("app.py");
    });

    it("is never put over somebody's work, nor into another's Space", async () => {
      jobs = await openShop(space({ sha: "a", siblings: [{ rfilename: "app.py" }, { rfilename: "model.py" }] }));
      expect(await jobs.refusal(launch)).to.include("left alone");
      const foreign = await jobs.refusal({ ...launch, trackio: { ...trackio, space: "bob/board" } });
      expect(foreign).to.include("does not belong to ada");
      expect(jobs.hub.asked.filter(({ method }) => method === "POST")).to.have.length(0);
    });
  });
});
