// The commands of this experiment, all without packages and all seeded:
//   node run.mjs profile TABLE [--target TEXT | --maybe-target TEXT] [--kind classification|regression]
//   node run.mjs train CANDIDATE [--small]     scores one candidate over all seeds
//   node run.mjs test                          scores the plan's winner on the test rows
//   node run.mjs plot                          draws the learning curves
//   node run.mjs all                           does all of it again and compares with the results kept
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readTable, TableError } from "./csv.mjs";
import { makeDataset } from "./dataset.mjs";
import { openExperiment, readResult, workspace, writeResult } from "./experiment.mjs";
import { candidates } from "./models.mjs";
import { plot } from "./plot.mjs";
import { profile } from "./profile.mjs";
import { test } from "./test.mjs";
import { train } from "./train.mjs";

const print = (line) => process.stdout.write(`${line}\n`);

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    target: { type: "string" },
    "maybe-target": { type: "string" },
    kind: { type: "string" },
    small: { type: "boolean", default: false },
  },
});

function runProfile(path) {
  const table = readTable(path);
  const wish = { target: options.target ?? options["maybe-target"] ?? "", must: options.target !== undefined };
  print(`RESULT ${JSON.stringify(profile(table, makeDataset(table, { ...wish, kind: options.kind ?? null })))}`);
}

function runTrain(name, small) {
  if (!candidates.includes(name)) throw new Error(`unknown candidate "${name}"; there are: ${candidates.join(", ")}`);
  const result = train(openExperiment(), name, { small, print });
  writeResult(name, result);
  print(`RESULT ${JSON.stringify(result)}`);
}

function runTest() {
  const result = test(openExperiment());
  writeResult("test", result);
  print(`RESULT ${JSON.stringify(result)}`);
}

function runPlot() {
  const { plan } = openExperiment();
  const results = Object.keys(plan.candidates).flatMap((name) => readResult(name) ?? []);
  writeFileSync(resolve(workspace, plan.plot), plot(results, plan.metric, `${plan.target}: learning curves`));
  print(`RESULT ${JSON.stringify({ plot: plan.plot, curves: results.length })}`);
}

function runAll() {
  const { plan } = openExperiment();
  const kept = Object.keys(plan.candidates).map((name) => [name, readResult(name)]);
  const keptTest = readResult("test");
  const repeat = (name, before, run) => {
    if (name !== "test" && before === undefined) return;
    run();
    print(
      `${name}: ${JSON.stringify(readResult(name)) === JSON.stringify(before) ? "the same result again" : "a DIFFERENT result"}`,
    );
  };
  for (const [name, before] of kept) repeat(name, before, () => runTrain(name, before.small));
  if (plan.winner) repeat("test", keptTest, runTest);
  runPlot();
}

const [command, argument] = positionals;
try {
  if (command === "profile" && argument) runProfile(argument);
  else if (command === "train" && argument) runTrain(argument, options.small);
  else if (command === "test") runTest();
  else if (command === "plot") runPlot();
  else if (command === "all") runAll();
  else throw new Error("usage: run.mjs profile TABLE | train CANDIDATE | test | plot | all");
} catch (error) {
  if (error instanceof TableError) print(`PROBLEM ${JSON.stringify({ code: error.code, message: error.message })}`);
  else process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
