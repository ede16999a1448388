import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { readLine } from "../../tui/screen/text/metrics/line.ts";
import { openToolsWithSandbox, type ToolsWithSandbox } from "../tools/with-sandbox.ts";
import { hasPython, keepRecords, logRecords, training } from "./records.ts";

describe("trackio_metrics", function () {
  this.timeout(30_000);
  let stage: ToolsWithSandbox;
  let dir: string;
  let folders = 0;

  before(async function () {
    if (!hasPython()) this.skip();
    stage = await openToolsWithSandbox({ env: (root) => ({ TRACKIO_DIR: join(root, "usual") }) });
  });
  after(() => stage?.close());
  beforeEach(() => {
    folders += 1;
    dir = join(stage.root, `trackio-${folders}`);
  });

  const read = (args: Record<string, Json> = {}) => stage.run("trackio_metrics", { dir, ...args });

  it("lists the projects where there are several, and takes the only one", async () => {
    await keepRecords(join(dir, "digits.db"), training("a", 3, 1));
    expect((await read()).text).to.match(/^Project digits: 1 of 1 runs/);
    await keepRecords(join(dir, "letters.db"), training("a", 3, 1));
    expect((await read()).text).to.equal(`Projects in ${dir}:\ndigits\nletters`);
  });

  it("shows of each run its config, what its metrics came to, and its alerts", async () => {
    await keepRecords(join(dir, "digits.db"), [
      { run: "fast", config: { lr: 0.001, _Username: "ada" } },
      ...training("fast", 5, 1),
      { run: "fast", step: 5, metrics: { "train/loss": "NaN", note: "words", deep: { a: 1 }, on: true } },
      { run: "fast", step: 5, alert: { title: "diverged", text: "loss is NaN", level: "error" } },
      { run: "fast", system: { "gpu/util": 12 } },
    ]);
    const { ok, text, data } = await read({ project: "digits" });
    expect(ok, text).to.equal(true);
    expect(text.split("\n")).to.deep.equal([
      "Project digits: 1 of 1 runs, the newest first.",
      "",
      "fast: step 5, last logged 2026-11-30T10:00:08+00:00",
      "  config: lr=0.001",
      "  train/loss: last nan at 5, min 0.2 at 4, max 1 at 0 (6 logged); NOT FINITE: 1, first at step 5",
      "  gpu/util: last 12, min 12, max 12 (1 logged)",
      "  alert error at 5: diverged: loss is NaN",
    ]);
    expect((data as { runs: { metrics: unknown }[] }).runs[0]?.metrics).to.have.all.keys("train/loss", "gpu/util");
  });

  it("shows the curves of runs beside each other, as the screen reads them", async () => {
    await keepRecords(join(dir, "digits.db"), [...training("lr 1e-3", 100, 1), ...training("2nd", 50, 0.5)]);
    const { text } = await read({ metric: "train/loss", points: 5 });
    expect(text).to.contain("lr_1e-3 (lr 1e-3): last 0.01 at 99, min 0.01 at 99, max 1 at 0 (100 logged); 5 of 100");
    const readings = text.split("\n").flatMap((line) => (line.startsWith("METRIC") ? [readLine(line)] : []));
    const points = readings.flatMap((reading) =>
      (reading?.values ?? []).map(([name, value]) => [name, reading?.step, value]),
    );
    expect(points.filter(([name]) => name === "lr_1e-3").map(([, step]) => step)).to.deep.equal([0, 25, 50, 74, 99]);
    expect(points.filter(([name]) => name === "run_2nd")).to.deep.include(["run_2nd", 49, 0.039216]);
  });

  it("goes on after a step", async () => {
    await keepRecords(join(dir, "digits.db"), training("a", 30, 1));
    const { text } = await read({ metric: "train/loss", after: 27 });
    expect(text.match(/^METRIC .*$/gm)).to.deep.equal(["METRIC step=28 a=0.034483", "METRIC step=29 a=0.033333"]);
  });

  it("sees what a training that still runs has just logged, and what one left that was killed", async () => {
    const writer = await logRecords(join(dir, "digits.db"), training("a", 4, 1));
    expect(readdirSync(dir)).to.include("digits.db-wal");
    expect((await read()).text).to.contain("a: step 3");
    await writer.kill();
    expect((await read()).text).to.contain("a: step 3");
  });

  it("reads a folder that it cannot write to", async function () {
    const walled = await openToolsWithSandbox({ isolation: "auto" });
    try {
      const outside = join(walled.root, "elsewhere");
      await keepRecords(join(outside, "digits.db"), training("a", 4, 1));
      const probe = await walled.run("bash", { command: `touch ${outside}/x` });
      // Where commands are not isolated there is no wall to read through.
      if (probe.ok) this.skip();
      expect((await walled.run("trackio_metrics", { dir: outside })).text).to.contain("a: step 3");
    } finally {
      await walled.close();
    }
  });

  it("looks where Trackio puts its records when no folder is named", async () => {
    await keepRecords(join(stage.root, "usual", "own.db"), training("a", 2, 1));
    expect((await stage.run("trackio_metrics", {})).text).to.contain("Project own");
  });

  it("counts what lies in the inbox of a network file system, each record once", async () => {
    await keepRecords(join(dir, "digits.db"), [{ run: "a", step: 0, metrics: { loss: 3 }, log_id: "l0" }]);
    mkdirSync(join(dir, "inbox", "w1"), { recursive: true });
    const record = (step: number, loss: number) =>
      JSON.stringify({
        kind: "metric",
        project: "digits",
        run: "a",
        run_id: "a",
        step,
        metrics: { loss },
        log_id: `l${step}`,
      });
    const odd = [
      '{"kind":',
      "[]",
      '{"kind":"metric","project":"digits","run":5,"step":"last","timestamp":7,"metrics":{"loss":"high"}}',
      '{"kind":"alert","project":"digits","run":"a","run_id":"a","title":null,"step":null}',
      '{"kind":"metric","project":"digits","run":"a","run_id":"a","metrics":[1],"config":"x"}',
    ];
    const lines = [record(0, 3), record(1, 2), ...odd];
    writeFileSync(join(dir, "inbox", "w1", "00000000.jsonl"), `${lines.join("\n")}\n`);
    expect((await read()).text).to.contain("loss: last 2 at 1, min 2 at 1, max 3 at 0 (2 logged)");
  });

  it("tells runs of one name apart, and reads records from before runs had ids", async () => {
    await keepRecords(join(dir, "new.db"), [
      ...training("same", 2, 1, { id: "one" }),
      ...training("same", 2, 3, { id: "two" }),
    ]);
    expect((await read({ metric: "train/loss" })).text).to.contain("METRIC step=1 same=0.25 same-2=0.5");
    await keepRecords(join(dir, "old.db"), training("a", 2, 1), "old");
    expect((await read({ project: "old" })).text).to.contain("a: step 1");
  });

  it("keeps its answer short, whatever is there", async () => {
    const wide = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`metric/${"x".repeat(60)}${index}`, index]),
    );
    await keepRecords(
      join(dir, "wide.db"),
      Array.from({ length: 40 }, (_, run) => ({ run: `run ${run}`, step: 1, metrics: wide })),
    );
    const { ok, text } = await read();
    expect(ok, text).to.equal(true);
    expect(text.length).to.be.lessThan(20_000);
    expect(text)
      .to.contain("12 of 40 runs")
      .and.to.match(/… and 2\d\d more metrics/);
  });

  it("says what there is when a name is wrong", async () => {
    await keepRecords(join(dir, "digits.db"), training("a", 2, 1));
    const cases: [Record<string, Json>, string][] = [
      [{ project: "digit" }, `There is no project digit in ${dir}. There is: digits.`],
      [{ runs: ["b"] }, "The project digits has no run b. There is: a."],
      [{ metric: "loss" }, "None of these runs has logged loss. There is: train/loss."],
      [{ dir: join(dir, "none") }, `Nothing was logged with Trackio: there is no folder ${join(dir, "none")}.`],
    ];
    for (const [args, said] of cases) {
      expect(await read(args)).to.deep.include({ ok: false, text: said });
    }
  });

  it("says what is wrong with a file that is no database", async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, "broken.db"), "x".repeat(5_000));
    const { ok, text } = await read();
    expect([ok, text]).to.deep.equal([false, "Trackio's records could not be read: file is not a database"]);
  });

  it("says that there is no Python", async () => {
    const bin = join(dir, "bin");
    mkdirSync(bin, { recursive: true });
    for (const name of ["bash", "sh", "cat"]) symlinkSync(`/bin/${name}`, join(bin, name));
    chmodSync(bin, 0o755);
    const bare = await openToolsWithSandbox({ env: () => ({ PATH: bin }) });
    try {
      expect(await bare.run("trackio_metrics", {})).to.deep.include({
        ok: false,
        text: "Commands find no Python, which it takes to read Trackio's records.",
      });
    } finally {
      await bare.close();
    }
  });

  it("runs a command, and changes nothing", async () => {
    await keepRecords(join(dir, "digits.db"), training("a", 2, 1));
    const prepared = await stage.prepare("trackio_metrics", { dir, metric: "loss", runs: ["a"] });
    expect(prepared).to.deep.include({
      touches: [{ kind: "run", path: stage.workspace }],
      title: "Trackio: loss of (a)",
      onCrash: "pure",
    });
    await read();
    expect(readdirSync(dir)).to.deep.equal(["digits.db"]);
  });
});
