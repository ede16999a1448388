import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { until } from "../support/program.ts";
import { argumentsOf, hello, type JobsShop, openShop, quick, runLocally, token } from "./setting.ts";

describe("hf_jobs: what a call means", () => {
  let jobs: JobsShop;

  afterEach(() => jobs.close());

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
    jobs = await openShop({}, true, undefined, { WANDB_API_KEY: "wandb-0123456789" });
    const prepared = await jobs.prepare({
      operation: "run",
      script: hello,
      hardware_flavor: "a10g-large",
      timeout: "2h",
      secrets: ["HF_TOKEN", "WANDB_API_KEY"],
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
      "HF_TOKEN (your token: the job can act as you), WANDB_API_KEY",
      "trl>=0.9",
      "Overruled: hardware",
      hello,
    ]) {
      expect(preview?.text).to.include(part);
    }
    expect(preview?.text).not.to.include(token);
  });

  it("is not fetched from anywhere before somebody has judged the call", async () => {
    jobs = await openShop();
    for (const script of ["https://example.org/train.py?d=data", "http://127.0.0.1:1/x.py"]) {
      expect(await jobs.refusal({ operation: "run", script })).to.include("Read it with web_fetch, and pass its text.");
    }
    const asked = jobs.hub.asked.length;
    const script = `${jobs.hub.url}/ada/scripts/resolve/main/train.py`;
    await jobs.refusal({ operation: "run", script });
    expect(jobs.hub.asked.slice(asked).map(({ path }) => path)).to.include("/ada/scripts/resolve/main/train.py");
    jobs.hub.unexpected.length = 0;
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
