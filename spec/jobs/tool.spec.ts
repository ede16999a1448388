import { execFileSync } from "node:child_process";
import { readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { shortCommand, uvCommand } from "../../actors/tools/jobs/uv.ts";
import type { Prepared } from "../../actors/tools/protocol.ts";
import { until } from "../support/program.ts";
import { type JobsShop, openShop, token } from "./setting.ts";

const hello = 'print("hello")\n';
const quick = () => ({ lines: ["hello"], end: { stage: "COMPLETED" } });
const argumentsOf = (prepared: Prepared) => {
  if (!prepared.ok) throw new Error(prepared.error);
  return prepared.arguments as Record<string, never>;
};

describe("hf_jobs", () => {
  let jobs: JobsShop;

  afterEach(() => jobs.close());

  describe("run", () => {
    it("waits for the end and tells of the stage, the cost and the log", async () => {
      jobs = await openShop({ course: quick });
      const result = await jobs.call({ operation: "run", script: hello, hardware_flavor: "cpu-upgrade" });
      expect(result).to.include({ ok: true, untrusted: "the log of job job1" });
      expect(result.text).to.include("job1: COMPLETED after 1m 30s and about $0.00").and.include("hello");
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
        "HF_TOKEN",
      );
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

  describe("what a call means", () => {
    it("is pinned before it is judged: script, payer, machine, price and time", async () => {
      jobs = await openShop({ orgs: ["lab"] });
      const path = jobs.shop.put("train.py", hello);
      const prepared = await jobs.prepare({
        operation: "run",
        script: "train.py",
        namespace: "LAB",
        hardware_flavor: "A10G-Large",
        timeout: "1.5h",
        overrule: ["hardware"],
      });
      writeFileSync(path, "import shutil\nshutil.rmtree('/')\n");
      expect(argumentsOf(prepared)).to.deep.include({ script: hello, namespace: "lab", hardware_flavor: "a10g-large" });
      expect(argumentsOf(prepared).settled).to.deep.include({
        script_name: "train.py",
        seconds: 5_400,
        usd_per_hour: 1.5,
      });
      if (!prepared.ok) throw new Error("not prepared");
      const host = new URL(jobs.hub.url).host;
      expect(prepared.touches).to.deep.equal([
        { kind: "network", host },
        { kind: "spend", usd: 2.25, payer: "lab" },
      ]);
      expect(prepared.title).to.equal("Job on a10g-large, up to $2.25 of lab: train.py");
      const running = jobs.run(prepared);
      const job = await until("the job", () => jobs.hub.jobs[0]);
      expect(runLocally(job.spec.command as string[])).to.equal("hello\n");
      job.end("COMPLETED");
      await running;
    }).timeout(10_000);

    it("is checked again as the user has edited it, and that is what runs", async () => {
      jobs = await openShop({ course: quick });
      const edit = async (script: string) => {
        const before = argumentsOf(await jobs.prepare({ operation: "run", script: hello, timeout: "1h" }));
        return jobs.prepare({ ...before, script });
      };
      expect((await edit("def f(:\n")).ok).to.equal(false);
      const edited = await edit('print("edited")\n');
      expect(argumentsOf(edited).settled).to.deep.include({ script_name: "script.py", seconds: 3_600 });
      await jobs.run(edited);
      expect(runLocally(jobs.hub.jobs[0]?.spec.command as string[])).to.equal("edited\n");
    });

    it("is refused by the gates with all that they have against it, and passes where they are overruled", async () => {
      jobs = await openShop();
      const script = "from trl import SFTTrainer\nSFTTrainer().train()\n";
      const refusal = await jobs.refusal({ operation: "run", script });
      for (const gate of ["dependencies: ", "results: ", "timeout: ", "hardware: "])
        expect(refusal).to.include(`- ${gate}`);
      expect(refusal)
        .to.include('overrule: ["dependencies","results","timeout","hardware"]')
        .and.include("nothing was spent");
      const overrule = ["dependencies", "results", "timeout", "hardware"];
      const prepared = await jobs.prepare({ operation: "run", script, overrule });
      expect((argumentsOf(prepared).settled as unknown as { overruled: string[] }).overruled).to.have.length(4);
    });

    it("is shown to whoever approves: script, machine, cost, payer, secrets and warnings", async () => {
      jobs = await openShop();
      const prepared = await jobs.prepare({
        operation: "run",
        script: hello,
        hardware_flavor: "a10g-large",
        timeout: "2h",
        secrets: ["HF_TOKEN"],
        overrule: ["hardware"],
        dependencies: ["trl>=0.9"],
      });
      const request = { id: "c", tool: "hf_jobs", arguments: argumentsOf(prepared), attempt: 1, seen: {} };
      const preview = await jobs.shop.executor.preview(request, {
        signal: new AbortController().signal,
        progress: () => undefined,
      });
      expect(preview?.kind).to.equal("script");
      for (const part of [
        "Paid by: ada",
        "a10g-large, 1 x A10G, 24 GB, $1.50 an hour",
        "Costs at most: $3.00, ended after 2h",
        "HF_TOKEN (your token",
        "trl>=0.9",
        "Overruled: hardware",
        hello,
      ]) {
        expect(preview?.text).to.include(part);
      }
      expect(preview?.text).not.to.include(token);
    });

    it("cannot be forged by a model", async () => {
      jobs = await openShop();
      const prepared = await jobs.prepare({
        operation: "run",
        script: hello,
        settled: { usd_per_hour: 0, seconds: 1 },
      });
      expect(argumentsOf(prepared).settled).to.deep.include({ usd_per_hour: 0.01, seconds: 1_800 });
    });

    it("names the accounts that can pay where another one is asked for", async () => {
      jobs = await openShop({ orgs: ["lab", "acme"] });
      const refusal = await jobs.refusal({ operation: "run", script: hello, namespace: "labb" });
      expect(refusal).to.include("Did you mean lab?").and.include("ada, acme, lab");
    });

    it("names the hardware that is nearest", async () => {
      jobs = await openShop();
      const refusal = await jobs.refusal({ operation: "run", script: hello, hardware_flavor: "a10g-larg" });
      expect(refusal).to.include("a10g-large");
    });

    it("has an unknown cost where nobody says the price", async () => {
      jobs = await openShop({ hardware: [{ name: "cpu-basic" }] });
      const prepared = await jobs.prepare({ operation: "run", script: hello });
      expect(prepared.ok && prepared.touches[1]).to.deep.equal({ kind: "spend", usd: null, payer: "ada" });
    });

    it("takes the shipped prices where the Hub gives none, and says of when they are", async () => {
      jobs = await openShop({ before: ({ path }) => (path === "/api/jobs/hardware" ? { status: 500 } : undefined) });
      const settled = argumentsOf(await jobs.prepare({ operation: "run", script: hello })).settled as unknown as {
        price: string;
      };
      expect(settled.price).to.match(/a price of 20\d\d/);
    });

    it("is refused without a token, with what to do", async () => {
      jobs = await openShop({}, false);
      expect(await jobs.refusal({ operation: "run", script: hello })).to.include("HF_TOKEN");
    });

    for (const [what, args, words] of [
      ["a script and a command", { script: hello, command: ["ls"] }, "either a script or a command"],
      ["neither", {}, "either a script or a command"],
      ["a file that is not there", { script: "gone.py" }, "There is no file gone.py"],
      ["an empty script", { script: " \n" }, "empty"],
      ["a timeout that is none", { script: hello, timeout: "soon" }, "no timeout"],
      ["a timeout of a year", { script: hello, timeout: "365d" }, "at most 7d"],
      ["a volume that is none", { script: hello, volumes: ["/data"] }, "no volume"],
      ["a job id that is missing", { operation: "logs" }, "needs job_id"],
      ["a schedule that is none", { operation: "scheduled run", script: hello, schedule: "often" }, "no schedule"],
    ] as const) {
      it(`is refused with ${what}`, async () => {
        jobs = await openShop();
        expect(await jobs.refusal({ operation: "run", ...args } as never)).to.include(words);
        expect(jobs.hub.jobs).to.have.length(0);
      });
    }

    it("does not send a file that is closed to tools", async () => {
      jobs = await openShop();
      const path = join(jobs.shop.home, ".ssh/id_rsa.py");
      expect(await jobs.refusal({ operation: "run", script: path })).to.match(/closed to tools|no file/);
    });

    it("takes a single line of code for code", async () => {
      jobs = await openShop();
      expect(argumentsOf(await jobs.prepare({ operation: "run", script: "print(1)" })).script).to.equal("print(1)\n");
    });
  });

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
      const resume = await jobs.prepare({ operation: "scheduled resume", scheduled_job_id: "sched1" });
      expect(resume.ok && resume.touches[1]).to.deep.include({ kind: "publish", what: "scheduled_job" });
      const look = await jobs.prepare({ operation: "scheduled ps" });
      expect(look.ok && look.touches.map(({ kind }) => kind)).to.deep.equal(["network"]);
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

    it("is left to Trackio where the Space is not there, and asked for", async () => {
      jobs = await openShop({ after: () => ({ status: 404, headers: { "x-error-code": "RepoNotFound" } }) });
      const prepared = await jobs.prepare(launch);
      expect(prepared.ok && prepared.touches[2]).to.deep.include({
        kind: "publish",
        target: "ada/board",
        what: "create_repo",
      });
      await jobs.run(prepared);
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

describe("a script on its way into a job", () => {
  const script = (text: string, more = {}) => ({
    text,
    name: "train.py",
    args: [],
    dependencies: [],
    python: null,
    ...more,
  });

  it("arrives byte for byte, with quotes, dollars and letters of all kinds", () => {
    const text = `print(r"""$HOME \`id\` 'x' "y" \\n é 漢 🙂""")\n`;
    expect(runLocally(uvCommand(script(text)))).to.equal("$HOME `id` 'x' \"y\" \\n é 漢 🙂\n");
  });

  it("needs no shell: dependencies and arguments stay what they are", () => {
    const args = ["a b", "$(id)", "'"];
    const command = uvCommand(
      script("import sys\nprint(sys.argv[1:])\n", {
        dependencies: ["numpy<2", "transformers[torch]>=4.40"],
        args,
        python: "3.11",
      }),
    );
    expect(command).not.to.include("sh");
    expect(command.join(" ")).to.include(
      "uv run --with numpy<2 --with transformers[torch]>=4.40 --python 3.11 a b $(id) '",
    );
    expect(runLocally(command)).to.equal(`['a b', '$(id)', "'"]\n`);
  });

  it("may be larger than one argument of a process", () => {
    const noise = Array.from({ length: 9_000 }, (_, index) => `# ${Math.sin(index)}`).join("\n");
    const command = uvCommand(script(`${noise}\nprint("end")\n`));
    expect(Math.max(...command.map(({ length }) => length))).to.be.below(128 * 1024);
    expect(runLocally(command)).to.equal("end\n");
  });

  it("is refused when it is too large, with another way", () => {
    const noise = Array.from({ length: 60_000 }, (_, index) => `# ${Math.sin(index)}`).join("\n");
    expect(() => uvCommand(script(noise))).to.throw("too large");
  });

  it("is left out where a command is shown", () => {
    expect(shortCommand(uvCommand(script("print(1)\n", { dependencies: ["trl"] })))).to.equal(
      'uv run --with trl "(the script train.py)"',
    );
  });
});

/** Runs a job's command here, with a stand-in for uv that runs the script with its arguments. */
function runLocally(command: string[]): string {
  const uv = join(tmpdir(), `uv-${process.pid}`, "uv");
  execFileSync("mkdir", ["-p", join(uv, "..")]);
  writeFileSync(uv, '#!/bin/sh\nwhile [ "$1" ]; do case "$1" in *.py) exec python3 "$@";; *) shift;; esac; done\n', {
    mode: 0o755,
  });
  try {
    const [program = "", ...args] = command;
    return execFileSync(program, args, {
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(uv, "..")}:${process.env.PATH}` },
    });
  } finally {
    unlinkSync(uv);
  }
}
