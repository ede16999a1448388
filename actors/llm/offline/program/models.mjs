// The candidates. Each one tunes itself on a slice of the training rows it is given, then fits on all of them; the
// validation and test rows are never seen here.
import { fitBoosting, followBoosting, predictBoosting } from "./boosting.mjs";
import { fitSoftmax, ridgePath, softmaxPredict } from "./linear.mjs";
import { score } from "./metrics.mjs";
import { leaveOneOut, predictNeighbours } from "./neighbours.mjs";
import { split } from "./random.mjs";

/** The cases `rows` of a data set `{ x, y, n, d, classes }`. */
export function take({ x, y, d, classes }, rows) {
  const some = { x: new Float64Array(rows.length * d), y: new y.constructor(rows.length), n: rows.length, d, classes };
  rows.forEach((row, at) => {
    some.x.set(x.subarray(row * d, (row + 1) * d), at * d);
    some.y[at] = y[row];
  });
  return some;
}

const first = (data, limit) =>
  data.n <= limit
    ? data
    : take(
        data,
        Array.from({ length: limit }, (_, i) => i),
      );

/**
 * Rows of a training set that stay within a budget of operations. A count, not a clock, so that a slow machine gets the
 * same results; `perRow` has a few operations more than features for what is done once a row.
 */
const rowsFor = (work, perRow) => Math.max(1000, Math.floor(work / perRow));

/** Says how many rows were used when not all of them were. */
const cut = (used, all) => (used.n < all.n ? { rows: used.n } : {});

/** Loss to minimise while tuning: log loss or root mean squared error. */
const lossOf = (data, predicted) => {
  const metrics = score(data.y, predicted, data.classes);
  return data.classes > 0 ? metrics.log_loss : metrics.rmse;
};

/** A fifth of the data to tune on, and the rest. */
function innerSplit(data, random) {
  const rows = Array.from({ length: data.n }, (_, row) => row);
  const [fit, tune] = split(rows, 0.2, random, data.classes > 0 ? data.y : null);
  return [take(data, fit), take(data, tune)];
}

/** The setting with the lowest loss; the earlier one on a tie. */
function lowest(settings, loss) {
  const losses = settings.map(loss);
  return settings[losses.indexOf(Math.min(...losses))];
}

/** Always the class shares, or the mean, of the training rows. */
function fitBaseline({ y, n, classes }) {
  const answer = new Float64Array(Math.max(classes, 1));
  for (const value of y) answer[classes > 0 ? value : 0] += (classes > 0 ? 1 : value) / n;
  const predict = (_, count) =>
    Float64Array.from({ length: count * answer.length }, (_, at) => answer[at % answer.length]);
  return { predict, chosen: {} };
}

function fitLinear(all, { l2, work }, random) {
  const width = Math.max(all.classes, 1);
  const data = first(all, rowsFor(work, (all.d + 8) * width));
  const [fit, tune] = innerSplit(data, random);
  if (data.classes === 0) {
    const predict = ({ weights, bias }, x, n) =>
      Float64Array.from({ length: n }, (_, i) =>
        weights.reduce((sum, weight, j) => sum + weight * x[i * data.d + j], bias),
      );
    const path = ridgePath(fit);
    const best = lowest(l2, (penalty) => lossOf(tune, predict(path(penalty), tune.x, tune.n)));
    const model = ridgePath(data)(best);
    return { predict: (x, n) => predict(model, x, n), chosen: { l2: best, ...cut(data, all) } };
  }
  let start;
  const best = lowest(l2, (penalty) => {
    start = fitSoftmax(fit, penalty, start);
    return lossOf(tune, softmaxPredict(start, tune.x, tune.n, data.d, data.classes));
  });
  const weights = fitSoftmax(data, best);
  return {
    predict: (x, n) => softmaxPredict(weights, x, n, data.d, data.classes),
    chosen: { l2: best, ...cut(data, all) },
  };
}

function fitNeighbours(all, { k, maxRows }) {
  const data = first(all, maxRows);
  const ks = k.filter((size) => size < data.n);
  if (ks.length === 0) ks.push(1);
  const count = Math.min(data.n, 1000);
  const guesses = data.n < 2 ? [] : leaveOneOut(data, count, ks);
  const best = guesses.length === 0 ? 1 : lowest(ks, (size) => lossOf(first(data, count), guesses[ks.indexOf(size)]));
  return { predict: (x, n) => predictNeighbours(data, x, n, best), chosen: { k: best, ...cut(data, all) } };
}

function fitTrees(all, { rate, depth, rounds, patience, bins, l2, work }, random) {
  const perRow = (all.d + 6) * Math.max(all.classes, 1) * depth;
  const data = first(all, rowsFor(work, perRow * rounds));
  const affordable = Math.max(20, Math.min(rounds, Math.floor(work / (perRow * data.n))));
  const settings = {
    rate,
    depth,
    bins,
    l2,
    rounds: affordable,
    minRows: Math.max(1, Math.min(10, Math.floor(data.n / 20))),
  };
  const [fit, tune] = innerSplit(data, random);
  let follow;
  let best = { loss: Number.POSITIVE_INFINITY, rounds: 1 };
  fitBoosting(fit, settings, (trees, model) => {
    follow ??= followBoosting(model, tune.x, tune.n, data.d, data.classes);
    const loss = lossOf(tune, follow(trees));
    if (loss < best.loss) best = { loss, rounds: model.rounds.length };
    return model.rounds.length - best.rounds >= patience;
  });
  const model = fitBoosting(data, { ...settings, rounds: best.rounds });
  return {
    predict: (x, n) => predictBoosting(model, x, n, data.d, data.classes),
    chosen: { rounds: best.rounds, ...cut(data, all) },
  };
}

const FITS = { baseline: fitBaseline, linear: fitLinear, neighbours: fitNeighbours, boosting: fitTrees };

/** The names of the candidates, the simplest first. */
export const candidates = Object.keys(FITS);

/**
 * Fits a candidate on training data `{ x, y, n, d, classes }` (`classes` is 0 for regression). Answers
 * `{ predict(x, n), chosen }`: class probabilities row by row or numbers, and the settings that tuning chose.
 */
export function fitCandidate(name, data, settings, random) {
  return FITS[name](data, settings, random);
}
