// The one look at the test rows: the chosen candidate, trained on all other rows, and the baseline as a yardstick.
import { trainAndPredict } from "./experiment.mjs";
import { bootstrapInterval, confusion, score } from "./metrics.mjs";
import { randomFrom } from "./random.mjs";

/** Scores the plan's winner on the test rows, with a bootstrap interval of the plan's metric. */
export function test(experiment) {
  const { plan, development, test: testRows } = experiment;
  if (!plan.winner) throw new Error('plan.json names no winner yet: set "winner" to a candidate');
  const developed = plan.small ? development.slice(0, 2000) : development;
  const run = trainAndPredict(experiment, plan.winner, developed, testRows, "test");
  const yardstick = trainAndPredict(experiment, "baseline", developed, testRows, "test");
  const interval = bootstrapInterval(run.truth, run.predicted, run.classes, plan.metric, randomFrom("bootstrap"));
  return {
    candidate: plan.winner,
    train: developed.length,
    test: testRows.length,
    chosen: run.chosen,
    metrics: score(run.truth, run.predicted, run.classes),
    interval,
    baseline: score(yardstick.truth, yardstick.predicted, yardstick.classes),
    confusion: run.classes > 0 && run.classes <= 12 ? confusion(run.truth, run.predicted, run.classes) : null,
  };
}
