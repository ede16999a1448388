// The sandbox runtime, through the whole program: a scripted model works on a machine of a scripted Hub, which really
// runs its commands.
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type FakeJob, type JobsService, startJobsService } from "../support/jobs-service.ts";
import { type MachineService, startMachineService } from "../support/machine-service.ts";
import { type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

const token = "hf_spec_token";

interface Said {
  role: string;
  content: unknown;
}
const resultsIn = (request: SeenRequest): string[] =>
  (request.body.messages as Said[])
    .filter(({ role }) => role === "tool")
    .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)));

type Step = { name: string; arguments: object };
/** A command that goes on, and shows that it does. */
const beats = (name: string) => `while true; do date >> ${name}.txt; sleep 0.1; done`;
const make: Step = { name: "sandbox_create", arguments: {} };
const bash = (command: string, more: object = {}): Step => ({ name: "bash", arguments: { command, ...more } });

describe("the sandbox runtime", function () {
  this.timeout(60_000);
  let model: ScriptedServer;
  let hub: JobsService;
  let machine: MachineService;
  let house: House;
  let args: string[];
  /** What happens when a machine begins. */
  let begins = () => {};
  const clear = () => rmSync(machine.here("/workspace"), { recursive: true, force: true });

  async function open(steps: (step: number, results: string[]) => Step[] | string): Promise<void> {
    const entry: Entry = async (request, index) => {
      const results = resultsIn(request);
      const next = steps(results.length, results);
      const turn: OpenAiTurn =
        typeof next === "string"
          ? { text: next }
          : { calls: next.map((call, at) => ({ id: `c${results.length}_${at}`, ...call })) };
      const answer = replies(turn);
      return typeof answer === "function" ? await answer(request, index) : answer;
    };
    model = await startOpenAiServer(entry, { models: [] });
    machine = await startMachineService();
    begins = () => {};
    hub = await startJobsService({
      course: () => {
        begins();
        return {};
      },
      exposes: (job) => (machine.isDown ? [] : [withToken(job)]),
      after: ({ path }) => (path === "/api/spaces" ? { body: [] } : undefined),
    });
    house = makeHouse({ LLAMACPP_BASE_URL: model.url, HF_ENDPOINT: hub.url, HF_TOKEN: token });
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ open_hosts: [new URL(machine.url).host], limits: { grace_ms: 200 } }));
    args = ["--config", file, "--model", "llamacpp/m", "--sandbox-tools"];
  }
  /** A machine accepts the token that its job was started with; one that has been replaced is looked at for a while yet. */
  function withToken({ spec }: FakeJob): string {
    const { spec: newest } = hub.jobs.at(-1) ?? { spec };
    machine.token = (newest.secrets as { SBX_TOKEN: string }).SBX_TOKEN;
    return machine.url;
  }
  afterEach(async () => {
    await Promise.all([model.close(), hub.close(), machine.close()]);
    house.remove();
  });

  const outputs = () => eventsOf(house.journal(), "tool_output").map(({ data }) => data);

  it("makes a machine, works there and not here, copies both ways, and ends the machine with the session", async () => {
    await open((step, results) => {
      const steps: Step[][] = [
        [make],
        [bash("pwd; echo there > made.txt; cat made.txt")],
        [{ name: "sandbox_create", arguments: { operation: "upload", local_path: "data", path: "data" } }],
        [{ name: "read", arguments: { path: "data/table.csv" } }],
        [{ name: "edit", arguments: { path: "data/table.csv", old_str: "1,2", new_str: "3,4" } }],
        [{ name: "write", arguments: { path: "/workspace/new/script.py", content: "print('hi')\n" } }],
        [bash("cat data/table.csv; python3 new/script.py || echo no python")],
        [{ name: "sandbox_create", arguments: { operation: "download", path: "data", local_path: "back" } }],
      ];
      return steps[step] ?? `done: ${results.at(-1)}`;
    });
    mkdirSync(join(house.workspace, "data"));
    writeFileSync(join(house.workspace, "data/table.csv"), "a,b\n1,2\n");
    writeFileSync(join(house.workspace, "data/.env"), "HF_TOKEN=secret\n");
    const run = await house.run(["work", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    const results = outputs();
    for (const { tool, output, success } of results) expect(success, `${tool}: ${output}`).to.equal(true);
    const [made, first, up, read, edited, written, second, down] = results.map(({ output }) => output);
    expect(made).to.contain("cpu-basic at $0.01/h, paid by ada").and.contain("Work in /workspace");
    expect(first).to.match(/\/workspace\nthere\n/);
    expect(up).to.contain("Copied 1 file").and.contain(".env");
    expect(read).to.contain("1,2");
    expect(edited).to.contain("Edited /workspace/data/table.csv").and.contain("+3,4");
    expect(written).to.contain("Created /workspace/new/script.py");
    expect(second).to.contain("3,4");
    expect(down).to.contain("Copied 1 file");
    expect(readFileSync(join(house.workspace, "back/table.csv"), "utf8")).to.equal("a,b\n3,4\n");
    expect(existsSync(join(house.workspace, "made.txt")), "nothing was done here").to.equal(false);
    expect(existsSync(machine.here("/workspace/made.txt"))).to.equal(true);

    const [job] = hub.jobs;
    expect(hub.jobs).to.have.length(1);
    expect(job?.stage).to.equal("CANCELED");
    const labels = (job?.spec.labels ?? {}) as Record<string, string>;
    const nonce = labels["hf-sandbox-nonce"] ?? "";
    expect(machine.token).to.equal(createHmac("sha256", token).update(`hf-sandbox:${nonce}`).digest("hex"));
    expect(JSON.stringify(job?.spec), "the user's token does not go there").to.not.contain(token);
    expect(machine.asked.every(({ headers }) => headers.authorization === `Bearer ${token}`)).to.equal(true);
    const journal = house.journal();
    expect(eventsOf(journal, "hf_job_submit").map(({ data }) => data.job_type)).to.deep.equal(["sandbox"]);
    expect(eventsOf(journal, "hf_job_complete")[0]?.data.estimated_cost_usd).to.be.closeTo(0.01 / 60, 1e-4);
    expect(JSON.stringify(journal)).to.not.contain(machine.token ?? "?");
    const offered = ((model.requests[0]?.body.tools ?? []) as { function: { name: string } }[]).map(
      (tool) => tool.function.name,
    );
    expect(offered).to.include("sandbox_create").and.not.include("grep");
    expect([...hub.unexpected, ...machine.unexpected]).to.deep.equal([]);
  });

  it("says that there is no machine, that it has ended, and refuses to write over what was not read", async () => {
    await open((step) => {
      if (step === 0) return [bash("true")];
      if (step === 1) return [make];
      if (step === 2) return [bash("echo mine > kept.txt")];
      if (step === 3) return [{ name: "write", arguments: { path: "kept.txt", content: "yours" } }];
      if (step === 4) {
        machine.isDown = true;
        hub.jobs[0]?.end("ERROR", "the machine ran out of memory");
        return [bash("true")];
      }
      return "done";
    });
    const run = await house.run(["work", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    const texts = outputs().map(({ output }) => output);
    expect(texts[0]).to.contain("There is no sandbox. Make one with sandbox_create.");
    expect(texts[3]).to.contain("/workspace/kept.txt exists and you have not read it");
    expect(texts[4]).to.contain("The sandbox has ended (error: the machine ran out of memory)");
    expect(readFileSync(machine.here("/workspace/kept.txt"), "utf8")).to.equal("mine\n");
  });

  it("shows what was kept here of a long result, and names a script that is not there", async () => {
    await open((step, results) => {
      if (step === 0) return [make];
      if (step === 1) return [{ name: "hf_jobs", arguments: { operation: "logs", job_id: "job1" } }];
      const kept = /read is in (\S+)\.\n/.exec(results[1] ?? "")?.[1] ?? "";
      if (step === 2) return [{ name: "read", arguments: { path: kept } }];
      if (step === 3) return [{ name: "hf_jobs", arguments: { operation: "run", script: "gone.py" } }];
      return "done";
    });
    const going = house.start(["work", ...args]);
    (await until("the machine", () => hub.jobs[0])).write(...Array.from({ length: 50 }, (_, line) => `line ${line}`));
    const run = await going.done;
    expect(run.code, run.stderr).to.equal(0);
    const [, , shown, missing] = outputs();
    expect(shown?.output).to.contain("line 0").and.contain("line 49");
    expect(missing?.output).to.contain("There is no file /workspace/gone.py on the sandbox.");
  });

  it("goes on with the same machine and the same command when the program is killed", async () => {
    await open((step, results) => {
      if (step === 0) return [make];
      if (step === 1)
        return [bash("echo began >> log.txt; while [ ! -f go ]; do sleep 0.1; done; echo went on; cat log.txt")];
      return `said: ${results.at(-1)}`;
    });
    const first = house.start(["work", ...args]);
    await until("the command", () => existsSync(machine.here("/workspace/log.txt")));
    first.child.kill("SIGKILL");
    await first.done;
    writeFileSync(machine.here("/workspace/go"), "");
    const listed = await house.run(["sandboxes", "--json", ...args.slice(0, 2)]);
    const [one] = JSON.parse(listed.stdout).sandboxes;
    expect(one).to.deep.include({ id: "job1", hardware: "cpu-basic", owner: "resumable", priceUsdPerHour: 0.01 });
    // The session knows where it works.
    const run = await house.run(["--continue", ...args.filter((arg) => arg !== "--sandbox-tools")]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("went on\nbegan");
    expect(readFileSync(machine.here("/workspace/log.txt"), "utf8"), "it ran once").to.equal("began\n");
    expect(hub.jobs).to.have.length(1);
    expect(hub.jobs[0]?.stage).to.equal("CANCELED");
  });

  it("does not run commands here for a user who has asked for a machine", async () => {
    await open((_, results) => `seen ${results.length}`);
    const here = args.filter((arg) => arg !== "--sandbox-tools");
    expect((await house.run(["work", ...here])).code).to.equal(0);
    const refused = await house.run(["--continue", "more", ...args]);
    expect([refused.code, refused.stderr]).to.deep.equal([
      2,
      "ml-intern: This session began on this machine, and its commands run here, not on a sandbox. [SESSION_LOCAL]\n  Leave --sandbox-tools out, or begin a new session with it.\n",
    ]);
    const file = args[1] ?? "";
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), tool_runtime: "sandbox" }));
    const told = await house.run(["--continue", "more", ...here]);
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stderr).to.contain("its commands run here, not on a sandbox");
    expect(hub.jobs).to.have.length(0);
  });

  it("attaches to the machine that a killed call was about to make", async () => {
    await open((step) => (step === 0 ? [make] : step === 1 ? [bash("echo here")] : "done"));
    machine.isDown = true;
    const first = house.start(["work", ...args]);
    await until("the job", () => hub.jobs.length === 1);
    first.child.kill("SIGKILL");
    await first.done;
    machine.isDown = false;
    const run = await house.run(["--continue", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(hub.jobs).to.have.length(1);
    expect(
      outputs()
        .map(({ output }) => output)
        .join(),
    ).to.contain("here");
  });

  it("ends a command there with all that it started when its time is up, and when the user stops", async () => {
    await open((step) => {
      if (step === 0) return [make];
      if (step === 1) return [bash(`${beats("timed")} & sleep 100`, { timeout: 1 })];
      if (step === 2) return [bash(`nohup setsid sh -c '${beats("left")}' >/dev/null 2>&1 & sleep 0.3; echo begun`)];
      if (step === 3) return [bash(`setsid sh -c '${beats("stopped")}' & touch waits; sleep 100`)];
      return "done";
    });
    const running = house.start(["work", ...args]);
    await until("the last command", () => existsSync(machine.here("/workspace/waits")));
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.code, run.stderr).to.equal(130);
    const [, timed, left] = outputs();
    expect(timed?.output).to.contain("timed out");
    expect(left?.output).to.contain("begun");
    for (const name of ["timed", "left", "stopped"]) {
      const file = machine.here(`/workspace/${name}.txt`);
      expect(statSync(file).size, name).to.be.greaterThan(0);
      const before = statSync(file).size;
      await setTimeout(400);
      expect(statSync(file).size, `what beats in ${name}.txt goes on`).to.equal(before);
    }
    expect(hub.jobs[0]?.stage, "left for --continue, or ended").to.be.oneOf(["RUNNING", "CANCELED"]);
  });

  it("carries the workspace over to other hardware, as it was, and leaves nothing of it here", async () => {
    const other = { name: "sandbox_create", arguments: { hardware: "cpu-upgrade", replaces: "nothing" } };
    const write = bash("mkdir -p src/.x; echo 'echo run' > src/run.sh; chmod +x src/run.sh; ln -s run.sh src/link");
    const look = bash("ls -A src; src/link");
    const steps = [[make], [write], [other], [look], [make], [look]];
    await open((step) => steps[step] ?? "done");
    // Each machine of the Hub's begins empty.
    begins = clear;
    const run = await house.run(["work", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    const titles = eventsOf(house.journal(), "tool_call").flatMap(({ data }) =>
      data.tool === "sandbox_create" ? [data.title] : [],
    );
    expect(titles).to.deep.equal([
      "Make a sandbox: cpu-basic, up to 1 h",
      "Make a sandbox: cpu-upgrade, up to 1 h, end the one on cpu-basic and move the files of /workspace to it",
      "Make a sandbox: cpu-basic, up to 1 h, end the one on cpu-upgrade and move the files of /workspace to it",
    ]);
    const seen = outputs().filter(({ tool }) => tool === "bash");
    for (const { output } of seen.slice(1)) expect(output).to.contain(".x\nlink\nrun.sh\nrun\nexit code 0");
    expect(outputs()[2]?.output).to.contain("The files of the one before are there");
    expect(hub.jobs.map(({ stage }) => stage)).to.deep.equal(["CANCELED", "CANCELED", "CANCELED"]);
    const kept = readdirSync(house.home, { recursive: true }).filter((file) => String(file).includes("carried"));
    expect(kept).to.deep.equal([]);
  });

  it("loses none of them when the program is killed while neither machine is there", async () => {
    const other = { name: "sandbox_create", arguments: { hardware: "cpu-upgrade" } };
    const steps = [[make], [bash("echo mine > kept.txt")], [other], [bash("cat kept.txt")]];
    await open((step) => steps[step] ?? "done");
    const first = house.start(["work", ...args]);
    begins = () => {
      if (hub.jobs.length === 0) return;
      clear();
      machine.isDown = true;
      first.child.kill("SIGKILL");
      begins = () => {};
    };
    await first.done;
    machine.isDown = false;
    const run = await house.run(["--continue", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(outputs().at(-1)?.output).to.contain("mine");
    expect(hub.jobs.map(({ stage }) => stage)).to.deep.equal(["CANCELED", "CANCELED"]);
  });

  it("ends a machine with its files where that is wished, and says so before", async () => {
    const other = { name: "sandbox_create", arguments: { hardware: "cpu-upgrade", keep_files: false } };
    const steps = [[make], [bash("echo x > x")], [other]];
    await open((step) => steps[step] ?? "done");
    begins = clear;
    await house.run(["work", ...args]);
    const titles = eventsOf(house.journal(), "tool_call").map(({ data }) => data.title);
    expect(titles[2]).to.equal("Make a sandbox: cpu-upgrade, up to 1 h, end the one on cpu-basic with all its files");
    expect(outputs()[2]?.output).to.contain("The files of the one before are gone.");
    expect(existsSync(machine.here("/workspace/x"))).to.equal(false);
  });

  it("leaves the machine alone whose files cannot be packed", async () => {
    const other = { name: "sandbox_create", arguments: { hardware: "cpu-upgrade" } };
    const steps = [[make], [bash("echo x > x; mkdir -p /tmp/.ml-intern/carried.tgz")], [other]];
    await open((step) => steps[step] ?? "done");
    await house.run(["work", ...args]);
    expect(outputs()[2]).to.include({ success: false });
    expect(outputs()[2]?.output).to.contain("The sandbox stays as it is").and.contain("keep_files");
    expect(hub.jobs).to.have.length(1);
  });

  it("asks before hardware that costs, and stays within the budget", async () => {
    await open((step) => (step === 0 ? [{ name: "sandbox_create", arguments: { hardware: "a100-large" } }] : "done"));
    const unasked = await house.run(["work", ...args]);
    expect(unasked.code).to.equal(3);
    expect(outputs()[0]?.output).to.contain("Not run");
    const poor = await house.run(["work", ...args, "--approval", "auto", "--budget", "1"]);
    expect(poor.stdout + poor.stderr).to.not.contain("a100-large at");
    expect(hub.jobs).to.have.length(0);
  });

  it("names hardware that the Hub does not have, and the nearest that it has", async () => {
    await open((step) => (step === 0 ? [{ name: "sandbox_create", arguments: { hardware: "a100-larg" } }] : "done"));
    await house.run(["work", ...args]);
    expect(outputs()[0]?.output).to.contain("Did you mean a100-large");
  });

  it("can be swept up when its session was left", async () => {
    await open((step) => (step === 0 ? [make] : step === 1 ? [bash("touch waits; sleep 100")] : "done"));
    const running = house.start(["work", ...args]);
    await until("the command", () => existsSync(machine.here("/workspace/waits")));
    const open_ = await house.run(["sandboxes", "--sweep", ...args.slice(0, 2)]);
    expect(open_.stdout).to.contain("its session is open");
    expect(hub.jobs[0]?.stage, "one that is in use stays").to.equal("RUNNING");
    running.child.kill("SIGKILL");
    await running.done;
    const swept = await house.run(["sandboxes", "--sweep", ...args.slice(0, 2)]);
    expect(swept.stdout).to.contain("ended");
    expect(hub.jobs[0]?.stage).to.equal("CANCELED");
    expect((await house.run(["sandboxes", ...args.slice(0, 2)])).stdout).to.equal("No sandbox runs.\n");
  });

  it("leaves nothing that costs when a machine does not come up", async () => {
    await open((step) => (step === 0 ? [make] : "done"));
    machine.isDown = true;
    const running = house.start(["work", ...args]);
    await until("the job", () => hub.jobs.length === 1);
    hub.jobs[0]?.end("ERROR", "no such image");
    const run = await running.done;
    expect(run.code, run.stderr).to.equal(0);
    expect(outputs()[0]?.output).to.contain("ended before it was ready (error: no such image)");
  });
});
