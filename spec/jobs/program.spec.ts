// Jobs on the Hub through the whole program: what is paid for, what survives, who hears of what.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { acts } from "../support/acts.ts";
import { type JobsService, startJobsService } from "../support/jobs-service.ts";
import { startOpenAiServer } from "../support/openai-server.ts";
import { converse } from "../support/person.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const hello = 'print("hello")\n';

const job = (id: string, more: object = {}) => ({
  id,
  name: "hf_jobs",
  arguments: { operation: "run", script: hello, ...more },
});

describe("jobs on the Hub, in the whole program", function () {
  this.timeout(60_000);
  let hub: JobsService;
  let model: ScriptedServer;
  let house: House;
  let args: string[];

  async function open(script: Entry, options: Parameters<typeof startJobsService>[0] = {}): Promise<void> {
    hub = await startJobsService(options);
    model = await startOpenAiServer(script);
    house = makeHouse({ LLAMACPP_BASE_URL: model.url, HF_ENDPOINT: hub.url, HF_TOKEN: "hf_AbCdEfGhIjKlMnOpQrStUvWx" });
    args = ["--model", "llamacpp/m", "--approval", "auto"];
  }

  afterEach(async () => {
    await Promise.all([hub.close(), model.close()]);
    house.remove();
  });

  const starts = () => hub.asked.filter(({ method, path }) => method === "POST" && path === "/api/jobs/ada");
  const asked = () => model.requests.filter(({ path }) => path === "/v1/chat/completions");

  it("survive the program: killed while one runs, it is found again, paid for once, and its end is told", async () => {
    await open(acts({ calls: [job("a", { hardware_flavor: "cpu-upgrade" })] }, { text: "It went well." }));
    const first = house.start(["train", ...args]);
    const running = await until("the job on record", () =>
      eventsOf(house.journal(), "hf_job_submit").length === 1 ? hub.jobs[0] : undefined,
    );
    first.child.kill("SIGKILL");
    await first.done;
    const reads = running.logReads();
    const second = house.start(["--continue", ...args]);
    await until("a follower", () => running.logReads() > reads);
    running.write("done at last");
    running.end("COMPLETED");
    const run = await second.done;
    expect(run).to.include({ code: 0, stdout: "It went well.\n" });
    expect(starts()).to.have.length(1);
    const journal = house.journal();
    expect(eventsOf(journal, "hf_job_complete").map(({ data }) => data)).to.deep.include.members([
      {
        job_id: "job1",
        namespace: "ada",
        flavor: "cpu-upgrade",
        final_status: "completed",
        message: null,
        wall_time_s: 90,
        estimated_cost_usd: 0.001,
      },
    ]);
    const [output] = eventsOf(journal, "tool_output");
    expect(output?.data).to.include({ success: true });
    expect(output?.data.output).to.include("done at last");
    expect(JSON.stringify(journal)).not.to.include("hf_AbCdEfGhIjKlMnOpQrStUvWx");
    expect(hub.unexpected).to.deep.equal([]);
  });

  it("survive the thread that waits for them, and count in what the run has cost", async () => {
    await open(acts({ calls: [job("a", { hardware_flavor: "cpu-upgrade" })] }, { text: "It went well." }));
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ prices: { "llamacpp/m": { input: 0, output: 0 } } }));
    const running = house.start(["train", ...args, "--config", file, "--output-format", "json"]);
    const one = await until("the job on record", () =>
      eventsOf(house.journal(), "hf_job_submit").length === 1 ? hub.jobs[0] : undefined,
    );
    running.child.kill("SIGUSR2");
    await until("the next start of the call", () => eventsOf(house.journal(), "hf_job_submit").length === 2);
    one.end("COMPLETED");
    const run = await running.done;
    expect(run.code).to.equal(0);
    expect(starts()).to.have.length(1);
    expect(JSON.parse(run.stdout)).to.deep.include({ cost_usd: 0.001 });
  });

  it("go on without a call that waits, and the model is told of their end before its next call", async () => {
    const wait = { id: "b", name: "bash", arguments: { command: "until [ -e go ]; do sleep 0.05; done" } };
    await open(acts({ calls: [job("a", { wait: false })] }, { calls: [wait] }, { text: "I have heard." }));
    const running = house.start(["train", ...args]);
    const one = await until("the job", () => hub.jobs[0]);
    await until("the second call", () => asked().length === 2);
    one.end("ERROR", "exit code 1");
    await until("its end on record", () => eventsOf(house.journal(), "hf_job_complete").length === 1);
    writeFileSync(join(house.workspace, "go"), "");
    const run = await running.done;
    expect(run.code).to.equal(0);
    expect(eventsOf(house.journal(), "hf_job_complete")[0]?.data).to.include({ final_status: "error" });
    const [notice] = eventsOf(house.journal(), "notice");
    expect(notice?.data.content)
      .to.include("Job job1 of ada")
      .and.include("error after 2 min")
      .and.not.include("exit code");
    expect(JSON.stringify(asked()[2]?.body)).to.include("Job job1 of ada");
  });

  it("are waited for without being followed twice, and their end is told once", async () => {
    const wait = { id: "b", name: "hf_jobs", arguments: { operation: "wait", job_id: "job1" } };
    await open(acts({ calls: [job("a", { wait: false })] }, { calls: [wait] }, { text: "I have read it." }));
    const running = house.start(["train", ...args]);
    const one = await until("the job", () => hub.jobs[0]);
    await until("the call that waits", () => eventsOf(house.journal(), "tool_call").length === 2);
    await until("the follower", () => one.logReads() > 0);
    one.write("loss 0.25");
    expect(one.logReads()).to.equal(1);
    one.end("COMPLETED");
    const run = await running.done;
    expect(run).to.include({ code: 0, stdout: "I have read it.\n" });
    const journal = house.journal();
    expect(eventsOf(journal, "tool_output")[1]?.data.output)
      .to.include("Job job1: COMPLETED after 1m 30s")
      .and.include("loss 0.25");
    expect(eventsOf(journal, "hf_job_complete")).to.have.length(1);
    expect(eventsOf(journal, "notice")).to.deep.equal([]);
    expect(eventsOf(journal, "approval_required")).to.deep.equal([]);
    expect(asked()).to.have.length(3);
  });

  it("are waited for anew when the program was killed while it waited", async () => {
    const wait = { id: "b", name: "hf_jobs", arguments: { operation: "wait", job_id: "job1" } };
    await open(acts({ calls: [job("a", { wait: false })] }, { calls: [wait] }, { text: "I have read it." }));
    const first = house.start(["train", ...args]);
    await until("the call that waits", () =>
      eventsOf(house.journal(), "tool_state_change").some(
        ({ data }) => data.tool_call_id === "b" && data.state === "running",
      ),
    );
    first.child.kill("SIGKILL");
    await first.done;
    hub.jobs[0]?.write("loss 0.25");
    hub.jobs[0]?.end("COMPLETED");
    const second = await house.run(["--continue", ...args]);
    expect(second).to.include({ code: 0, stdout: "I have read it.\n" });
    const outputs = eventsOf(house.journal(), "tool_output").map(({ data }) => data);
    expect(outputs.map(({ tool_call_id, outcome }) => [tool_call_id, outcome])).to.deep.equal([
      ["a", "done"],
      ["b", "done"],
    ]);
    expect(outputs[1]?.output).to.include("Job job1: COMPLETED").and.include("loss 0.25");
    expect(starts()).to.have.length(1);
    expect(eventsOf(house.journal(), "notice")).to.deep.equal([]);
  });

  it("run on when the user interrupts a call that only waits for them", async () => {
    const wait = { id: "b", name: "hf_jobs", arguments: { operation: "wait", job_id: "job1" } };
    await open(acts({ calls: [job("a", { wait: false })] }, { calls: [wait] }, { text: "never" }));
    const running = house.start(["train", ...args]);
    await until("the call that waits", () =>
      eventsOf(house.journal(), "tool_state_change").some(
        ({ data }) => data.tool_call_id === "b" && data.state === "running",
      ),
    );
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.code).to.equal(130);
    expect(run.stderr).to.include("Job job1 (script.py) runs on");
    expect(hub.jobs[0]?.stage).to.equal("RUNNING");
    expect(hub.to("/api/jobs/ada/job1/cancel")).to.deep.equal([]);
  });

  it("are named at the end of a run with what they cost, for they run on", async () => {
    await open(acts({ calls: [job("a", { wait: false, hardware_flavor: "cpu-upgrade" })] }, { text: "Started." }));
    const run = await house.run(["train", ...args]);
    expect(run.code).to.equal(0);
    expect(run.stderr).to.include("Job job1 (script.py) runs on: cpu-upgrade at $0.03 an hour, for 30 min at most.");
    expect(hub.jobs[0]?.stage).to.equal("RUNNING");
  });

  it("are cancelled in the account that pays when the user interrupts the call that waits", async () => {
    await open(acts({ calls: [job("a", { namespace: "lab" })] }, { text: "never" }), { orgs: ["lab"] });
    const running = house.start(["train", ...args]);
    const one = await until("the job on record", () =>
      eventsOf(house.journal(), "hf_job_submit").length === 1 ? hub.jobs[0] : undefined,
    );
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.code).to.equal(130);
    expect(one.stage).to.equal("CANCELED");
    expect(hub.to("/api/jobs/lab/job1/cancel")).to.have.length(1);
    expect(run.stderr).not.to.include("runs on");
  });

  describe("after text that nobody vouches for, and with a secret", () => {
    const list = { id: "a", name: "hf_jobs", arguments: { operation: "ps" } };
    const withToken = job("b", { secrets: ["HF_TOKEN"], wait: false });

    it("are not started while nobody is there to say so, whatever approves the rest", async () => {
      const plain = job("c", { wait: false });
      await open(acts({ calls: [list] }, { calls: [withToken, plain] }, { text: "I cannot." }));
      const run = await house.run(["train", ...args]);
      expect(run.code, run.stderr).to.equal(3);
      expect(starts().map(({ json }) => Object.keys(json as object).includes("secrets"))).to.deep.equal([false]);
      const [refused] = eventsOf(house.journal(), "tool_output").filter(({ data }) => data.outcome === "denied");
      expect(refused?.data).to.include({ tool_call_id: "b" });
      expect(refused?.data.output).to.contain("Nobody is there to approve it").and.contain("Do without it");
      expect(run.stderr)
        .to.contain("would start a job that gets a secret of yours; the list of jobs")
        .and.contain("only a person may allow it")
        .and.not.contain("--approval auto");
    });

    it("are started when a person says so, who reads what the wish may come from", async () => {
      await open(acts({ calls: [list] }, { calls: [withToken] }, { text: "Started." }));
      const run = await converse({
        house,
        entry,
        env: { LLAMACPP_BASE_URL: model.url, HF_ENDPOINT: hub.url, HF_TOKEN: "hf_AbCdEfGhIjKlMnOpQrStUvWx" },
        args: ["train", ...args],
        answer: () => "y",
        lastWords: "Started.",
      });
      expect(run.code, run.stderr).to.equal(0);
      expect(starts().map(({ json }) => Object.keys((json as { secrets: object }).secrets))).to.deep.equal([
        ["HF_TOKEN"],
      ]);
      const [question] = eventsOf(house.journal(), "approval_required");
      expect(question?.data.tools[0]).to.include({ always: true, source: "the list of jobs" });
    });
  });

  it("are not scheduled under a budget, which does not count them, while nobody is there to say so", async () => {
    const schedule = {
      id: "a",
      name: "hf_jobs",
      arguments: {
        operation: "scheduled run",
        script: hello,
        schedule: "@daily",
        hardware_flavor: "cpu-upgrade",
        timeout: "1h",
      },
    };
    await open(acts({ calls: [schedule] }, { text: "I cannot." }));
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ prices: { "llamacpp/m": { input: 0, output: 0 } } }));
    const run = await house.run(["train", ...args, "--config", file, "--budget", "5"]);
    expect(run.code, run.stderr).to.equal(3);
    expect(hub.schedules).to.deep.equal([]);
    const [question] = eventsOf(house.journal(), "approval_required");
    expect(question?.data.tools[0]).to.include({ always: true });
    expect(question?.data.tools[0]?.preview?.text)
      .to.contain("up to $0.03 a run, $0.03 a day, $0.93 a month (31 runs)")
      .and.contain("No budget of this session counts that");
  });

  it("are refused before they start when the budget does not suffice, two of one reply together", async () => {
    const dear = { hardware_flavor: "a10g-large", timeout: "2h", overrule: ["hardware"], wait: false };
    await open(acts({ calls: [job("a", dear), job("b", dear)] }, { text: "One will do." }));
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ prices: { "llamacpp/m": { input: 0, output: 0 } } }));
    const run = await house.run(["train", ...args, "--config", file, "--budget", "5"]);
    expect(run.code).to.equal(0);
    const outcomes = eventsOf(house.journal(), "tool_output").map(({ data }) => [data.tool_call_id, data.outcome]);
    expect(outcomes).to.have.deep.members([
      ["b", "over_budget"],
      ["a", "done"],
    ]);
    expect(starts()).to.have.length(1);
  });
});
