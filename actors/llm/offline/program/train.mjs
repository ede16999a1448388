// Trains one candidate over all seeds and several amounts of training rows, and scores it on validation rows.
import { trainAndPredict } from "./experiment.mjs";
import { round, score } from "./metrics.mjs";
import { randomFrom, split } from "./random.mjs";

/** Rows of a training set when a run has to be small. */
const SMALL_ROWS = 2000;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  values.length < 2
    ? 0
    : Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

/** The sizes of training sets along the learning curve: shares of all rows, none below eight rows, the last one whole. */
function curveSizes(shares, rows) {
  const sizes = shares.map((share) => Math.round(share * rows)).filter((size) => size >= Math.min(8, rows));
  return [...new Set([...sizes, rows])].sort((a, b) => a - b);
}

/**
 * Runs a candidate. `print` gets a line for each seed. Answers the scores of the whole training sets by seed, the
 * settings chosen, and the learning curve of the plan's metric.
 */
export function train(experiment, candidate, { small = false, print = () => {} } = {}) {
  const { plan, labels, development } = experiment;
  const scores = [];
  const chosen = [];
  const curve = new Map();
  let sizes = { train: 0, validation: 0, features: 0 };
  for (const seed of plan.seeds) {
    const [all, held] = split(development, plan.validationShare, randomFrom("validation", seed), labels);
    const trainRows = small ? all.slice(0, SMALL_ROWS) : all;
    const validationRows = held.slice(0, plan.validationRows);
    for (const size of curveSizes(plan.curve, trainRows.length)) {
      const run = trainAndPredict(experiment, candidate, trainRows.slice(0, size), validationRows, seed, size);
      const metrics = score(run.truth, run.predicted, run.classes);
      if (!curve.has(size)) curve.set(size, []);
      curve.get(size).push(metrics[plan.metric]);
      if (size < trainRows.length) continue;
      scores.push({ seed, ...metrics });
      chosen.push(run.chosen);
      sizes = { train: trainRows.length, validation: validationRows.length, features: run.width };
      print(
        `METRIC candidate=${candidate} seed=${seed} ${Object.entries(metrics)
          .map((pair) => pair.join("="))
          .join(" ")}`,
      );
    }
  }
  const points = [...curve].map(([rows, values]) => ({
    rows,
    mean: round(mean(values)),
    sd: round(deviation(values)),
  }));
  return { candidate, small, ...sizes, scores, chosen, curve: points };
}
