// Linear models with an L2 penalty: ridge regression in closed form, softmax regression by L-BFGS.

/** Solves A x = b for a symmetric positive definite A (row-major, n by n) by Cholesky factorisation. A is overwritten. */
export function solveSymmetric(a, b) {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * n + j];
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k];
    x[i] /= a[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= a[k * n + i] * x[k];
    x[i] /= a[i * n + i];
  }
  return x;
}

/**
 * Ridge regression: minimises mean squared error + l2 |w|², the intercept free. The sums over the data are taken once
 * and serve for each penalty. Answers a function from `l2` to `{ weights, bias }`.
 */
export function ridgePath({ x, y, n, d }) {
  const means = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) means[j] += x[i * d + j] / n;
  const yMean = y.reduce((sum, value) => sum + value, 0) / n;
  const gram = new Float64Array(d * d);
  const moment = new Float64Array(d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) row[j] = x[i * d + j] - means[j];
    for (let j = 0; j < d; j++) {
      moment[j] += (row[j] * (y[i] - yMean)) / n;
      for (let k = 0; k <= j; k++) gram[j * d + k] += (row[j] * row[k]) / n;
    }
  }
  return (l2) => {
    const system = gram.slice();
    for (let j = 0; j < d; j++) system[j * d + j] += l2;
    const weights = solveSymmetric(system, moment);
    let bias = yMean;
    for (let j = 0; j < d; j++) bias -= weights[j] * means[j];
    return { weights, bias };
  };
}

const dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/**
 * Minimises a smooth function by L-BFGS (Nocedal and Wright, algorithm 7.5) with backtracking (Armijo).
 * `evaluate(w, gradient)` fills the gradient and returns the value. Stops when the gradient is small.
 */
export function minimise(evaluate, start, { iterations = 100, tolerance = 1e-5, memory = 10 } = {}) {
  let w = start;
  let gradient = new Float64Array(w.length);
  let value = evaluate(w, gradient);
  const pairs = [];
  for (let step = 0; step < iterations && Math.sqrt(dot(gradient, gradient)) > tolerance; step++) {
    const direction = gradient.map((g) => -g);
    const alphas = pairs.map(() => 0);
    for (let p = pairs.length - 1; p >= 0; p--) {
      const { s, y, rho } = pairs[p];
      alphas[p] = rho * dot(s, direction);
      for (let i = 0; i < w.length; i++) direction[i] -= alphas[p] * y[i];
    }
    const newest = pairs.at(-1);
    if (newest) {
      const scale = 1 / (newest.rho * dot(newest.y, newest.y));
      for (let i = 0; i < w.length; i++) direction[i] *= scale;
    }
    pairs.forEach(({ s, y, rho }, p) => {
      const beta = rho * dot(y, direction);
      for (let i = 0; i < w.length; i++) direction[i] += (alphas[p] - beta) * s[i];
    });
    const slope = dot(gradient, direction);
    let length = newest ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    const nextGradient = new Float64Array(w.length);
    let next = w;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 30; tries++, length /= 2) {
      next = w.map((weight, i) => weight + length * direction[i]);
      nextValue = evaluate(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const s = next.map((weight, i) => weight - w[i]);
    const y = nextGradient.map((g, i) => g - gradient[i]);
    const curvature = dot(s, y);
    if (curvature > 1e-12) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > memory) pairs.shift();
    w = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return w;
}

/** Turns the scores of one case into probabilities, in place. */
export function softmax(scores, from, classes) {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) top = Math.max(top, scores[from + k]);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += scores[from + k] = Math.exp(scores[from + k] - top);
  for (let k = 0; k < classes; k++) scores[from + k] /= sum;
}

/** Scores x W + b of all cases; the weights of class k are at k (d + 1), its bias last. */
function linearScores(weights, x, n, d, classes) {
  const scores = new Float64Array(n * classes);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < classes; k++) {
      const at = k * (d + 1);
      let sum = weights[at + d];
      for (let j = 0; j < d; j++) sum += weights[at + j] * x[i * d + j];
      scores[i * classes + k] = sum;
    }
  }
  return scores;
}

/** Class probabilities of a softmax model. */
export function softmaxPredict(weights, x, n, d, classes) {
  const scores = linearScores(weights, x, n, d, classes);
  for (let i = 0; i < n; i++) softmax(scores, i * classes, classes);
  return scores;
}

/** Softmax regression: minimises mean cross-entropy + l2/2 |w|², biases free, from `start` or zero. */
export function fitSoftmax({ x, y, n, d, classes }, l2, start = new Float64Array(classes * (d + 1))) {
  const evaluate = (weights, gradient) => {
    const probabilities = softmaxPredict(weights, x, n, d, classes);
    gradient.fill(0);
    let value = 0;
    for (let i = 0; i < n; i++) {
      value -= Math.log(Math.max(probabilities[i * classes + y[i]], 1e-300)) / n;
      for (let k = 0; k < classes; k++) {
        const error = (probabilities[i * classes + k] - (y[i] === k ? 1 : 0)) / n;
        const at = k * (d + 1);
        for (let j = 0; j < d; j++) gradient[at + j] += error * x[i * d + j];
        gradient[at + d] += error;
      }
    }
    for (let k = 0; k < classes; k++) {
      for (let j = 0; j < d; j++) {
        const at = k * (d + 1) + j;
        value += (l2 / 2) * weights[at] ** 2;
        gradient[at] += l2 * weights[at];
      }
    }
    return value;
  };
  return minimise(evaluate, start);
}
