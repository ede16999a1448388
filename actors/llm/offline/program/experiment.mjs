// The experiment that plan.json describes: its data, its splits, and one training run.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readTable } from "./csv.mjs";
import { makeDataset } from "./dataset.mjs";
import { fitEncoder } from "./encode.mjs";
import { fitCandidate } from "./models.mjs";
import { randomFrom, split } from "./random.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** The folder in which the table's path is meant and the plot is put: the one that holds this program's folder. */
export const workspace = dirname(here);

/** Reads plan.json, the data and the held-out test rows (fixed by the plan, the same for everyone). */
export function openExperiment() {
  const plan = JSON.parse(readFileSync(join(here, "plan.json"), "utf8"));
  const table = readTable(resolve(workspace, plan.table));
  const dataset = makeDataset(table, { target: plan.target, must: true, kind: plan.kind });
  const labels = dataset.kind === "classification" ? dataset.y : null;
  const [development, test] = split(dataset.rows, plan.testShare, randomFrom("test", plan.testSeed), labels);
  return { plan, dataset, labels, development, test };
}

/** Trains a candidate on some rows and predicts others. The encoding, too, is learnt from the training rows alone. */
export function trainAndPredict({ plan, dataset }, candidate, trainRows, otherRows, ...seed) {
  const encoder = fitEncoder(dataset.features, trainRows);
  const pickY = (rows) => dataset.y.constructor.from(rows, (row) => dataset.y[row]);
  const classes = dataset.classes.length;
  const data = { x: encoder.encode(trainRows), y: pickY(trainRows), n: trainRows.length, d: encoder.width, classes };
  const model = fitCandidate(candidate, data, plan.candidates[candidate], randomFrom("fit", candidate, ...seed));
  const predicted = model.predict(encoder.encode(otherRows), otherRows.length);
  return { truth: pickY(otherRows), predicted, classes, chosen: model.chosen, width: encoder.width };
}

/** Results of a step, as read back from `results/`; undefined when there are none. */
export function readResult(name) {
  try {
    return JSON.parse(readFileSync(join(here, "results", `${name}.json`), "utf8"));
  } catch {
    return undefined;
  }
}

/** Keeps results of a step in `results/`. */
export function writeResult(name, result) {
  mkdirSync(join(here, "results"), { recursive: true });
  writeFileSync(join(here, "results", `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
