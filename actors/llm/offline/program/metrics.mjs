// How good predictions are. Classification predicts a row of probabilities per case, regression one number.

/** Rounds to six significant digits, so that results are short and stable. */
export function round(value) {
  return Number(value.toPrecision(6));
}

/** The most probable class of case `row`; the first one on a tie. */
export function topClass(probabilities, row, classes) {
  let best = 0;
  for (let k = 1; k < classes; k++)
    if (probabilities[row * classes + k] > probabilities[row * classes + best]) best = k;
  return best;
}

/** Counts of true class (rows) by predicted class (columns). */
export function confusion(truth, probabilities, classes) {
  const table = Array.from({ length: classes }, () => new Array(classes).fill(0));
  truth.forEach((label, row) => {
    table[label][topClass(probabilities, row, classes)]++;
  });
  return table;
}

/** Accuracy, macro-averaged F1 over the classes that occur in truth or prediction, and mean log loss (nats). */
export function classificationMetrics(truth, probabilities, classes) {
  const table = confusion(truth, probabilities, classes);
  let hits = 0;
  let f1Sum = 0;
  let occurring = 0;
  for (let k = 0; k < classes; k++) {
    const actual = table[k].reduce((sum, count) => sum + count, 0);
    const predicted = table.reduce((sum, row) => sum + row[k], 0);
    hits += table[k][k];
    if (actual + predicted === 0) continue;
    occurring++;
    f1Sum += (2 * table[k][k]) / (actual + predicted);
  }
  let loss = 0;
  truth.forEach((label, row) => {
    loss -= Math.log(Math.max(probabilities[row * classes + label], 1e-15));
  });
  return {
    accuracy: round(hits / truth.length),
    macro_f1: round(f1Sum / occurring),
    log_loss: round(loss / truth.length),
  };
}

/** Root mean squared error, mean absolute error and R² (1 - residual / total sum of squares). */
export function regressionMetrics(truth, predicted) {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  let squared = 0;
  let absolute = 0;
  let total = 0;
  truth.forEach((value, row) => {
    squared += (value - predicted[row]) ** 2;
    absolute += Math.abs(value - predicted[row]);
    total += (value - mean) ** 2;
  });
  return {
    rmse: round(Math.sqrt(squared / truth.length)),
    mae: round(absolute / truth.length),
    r2: round(total === 0 ? 0 : 1 - squared / total),
  };
}

/** The metrics of a task; `classes` is 0 for regression. */
export function score(truth, predicted, classes) {
  return classes > 0 ? classificationMetrics(truth, predicted, classes) : regressionMetrics(truth, predicted);
}

/** The 95 % percentile interval of a metric under resampling of the cases (bootstrap, 500 draws). */
export function bootstrapInterval(truth, predicted, classes, metric, random) {
  const draws = [];
  const width = Math.max(classes, 1);
  for (let draw = 0; draw < 500; draw++) {
    const someTruth = truth.slice();
    const somePredicted = predicted.slice();
    for (let row = 0; row < truth.length; row++) {
      const from = Math.floor(random() * truth.length);
      someTruth[row] = truth[from];
      for (let k = 0; k < width; k++) somePredicted[row * width + k] = predicted[from * width + k];
    }
    draws.push(score(someTruth, somePredicted, classes)[metric]);
  }
  draws.sort((a, b) => a - b);
  return [draws[12], draws[487]];
}
