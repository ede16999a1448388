// Gradient-boosted trees: second-order steps on squared or softmax loss, splits found on histograms.
import { softmax } from "./linear.mjs";

/** Cut points per feature: halfway between values, or between quantiles when there are more values than bins. */
export function fitBins(x, n, d, bins) {
  return Array.from({ length: d }, (_, j) => {
    const sorted = Float64Array.from({ length: n }, (_, i) => x[i * d + j]).sort();
    const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
    const count = Math.min(bins, distinct.length);
    const pick = distinct.length <= bins ? (c) => c : (c) => Math.floor((c * n) / count);
    const source = distinct.length <= bins ? distinct : sorted;
    const cuts = [];
    for (let c = 1; c < count; c++) {
      const cut = (source[pick(c) - 1] + source[pick(c)]) / 2;
      if (cuts.length === 0 || cut > cuts.at(-1)) cuts.push(cut);
    }
    return Float64Array.from(cuts);
  });
}

/** The bins of all cases, row by row: value x lies in bin b when cuts[b-1] < x <= cuts[b]. */
export function toBins(x, n, d, cuts) {
  const binned = new Uint8Array(n * d);
  for (let at = 0; at < n * d; at++) {
    const edges = cuts[at % d];
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (x[at] <= edges[middle]) high = middle;
      else low = middle + 1;
    }
    binned[at] = low;
  }
  return binned;
}

/** Sums of gradient, curvature and count per bin of every feature, over the rows `order[from..to)`. */
function histogramOf(binned, offsets, order, from, to, g, h) {
  const d = offsets.length - 1;
  const sums = new Float64Array(offsets[d] * 3);
  for (let i = from; i < to; i++) {
    const row = order[i];
    const gradient = g[row];
    const curvature = h[row];
    for (let j = 0, cell = row * d; j < d; j++, cell++) {
      const at = (offsets[j] + binned[cell]) * 3;
      sums[at] += gradient;
      sums[at + 1] += curvature;
      sums[at + 2]++;
    }
  }
  return sums;
}

/** The best split of a node, or null. Gain as in Chen and Guestrin (2016), equation 7. */
function bestSplit(sums, offsets, total, { l2, minRows }) {
  const before = (total.g * total.g) / (total.h + l2);
  let best = null;
  for (let j = 0; j < offsets.length - 1; j++) {
    let g = 0;
    let h = 0;
    let count = 0;
    for (let bin = offsets[j]; bin < offsets[j + 1] - 1; bin++) {
      g += sums[bin * 3];
      h += sums[bin * 3 + 1];
      count += sums[bin * 3 + 2];
      if (count < minRows) continue;
      if (total.count - count < minRows) break;
      const rest = total.g - g;
      const gain = (g * g) / (h + l2) + (rest * rest) / (total.h - h + l2) - before;
      if (gain > 1e-9 && (best === null || gain > best.gain)) best = { feature: j, bin: bin - offsets[j], gain };
    }
  }
  return best;
}

/**
 * Grows one regression tree on gradients `g` and curvatures `h`. `leaf(row, value)` is called for each training row
 * with the value it gets. Answers the root node: `{ feature, bin, left, right }` or `{ value }`. Of two children only
 * the smaller one is summed; the other is what is left of the parent.
 */
export function growTree(binned, n, cuts, g, h, settings, leaf) {
  const d = cuts.length;
  const offsets = new Int32Array(d + 1);
  for (let j = 0; j < d; j++) offsets[j + 1] = offsets[j] + cuts[j].length + 1;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const spare = new Int32Array(n);
  const sumsOf = (from, to) => histogramOf(binned, offsets, order, from, to, g, h);

  const grow = (from, to, depth, sums) => {
    const total = { g: 0, h: 0, count: to - from };
    for (let i = from; i < to; i++) {
      total.g += g[order[i]];
      total.h += h[order[i]];
    }
    const best = sums === null ? null : bestSplit(sums, offsets, total, settings);
    if (best === null) {
      const value = -total.g / (total.h + settings.l2);
      for (let i = from; i < to; i++) leaf(order[i], value);
      return { value };
    }
    let middle = from;
    let right = 0;
    for (let i = from; i < to; i++) {
      if (binned[order[i] * d + best.feature] <= best.bin) order[middle++] = order[i];
      else spare[right++] = order[i];
    }
    order.set(spare.subarray(0, right), middle);
    let leftSums = null;
    let rightSums = null;
    if (depth + 1 < settings.depth) {
      const leftIsSmall = middle - from < to - middle;
      const small = leftIsSmall ? sumsOf(from, middle) : sumsOf(middle, to);
      const large = sums;
      for (let at = 0; at < large.length; at++) large[at] -= small[at];
      leftSums = leftIsSmall ? small : large;
      rightSums = leftIsSmall ? large : small;
    }
    const node = { feature: best.feature, bin: best.bin };
    return { ...node, left: grow(from, middle, depth + 1, leftSums), right: grow(middle, to, depth + 1, rightSums) };
  };
  return grow(0, n, 0, sumsOf(0, n));
}

/** The value that a tree gives to one binned case of `d` features. */
function treeValue(node, binned, d, row) {
  let at = node;
  while (at.left) at = binned[row * d + at.feature] <= at.bin ? at.left : at.right;
  return at.value;
}

function startScores(y, n, classes) {
  if (classes === 0) return [y.reduce((sum, value) => sum + value, 0) / n];
  const counts = new Array(classes).fill(1);
  for (const label of y) counts[label]++;
  return counts.map((count) => Math.log(count / (n + classes)));
}

/** Adds the trees of one round to the scores of all cases. */
function addRound(trees, binned, n, d, rate, scores) {
  const width = trees.length;
  trees.forEach((tree, k) => {
    for (let i = 0; i < n; i++) scores[i * width + k] += rate * treeValue(tree, binned, d, i);
  });
}

/**
 * Fits `rounds` rounds. After each one `watch(trees)` may return true to stop. Answers
 * `{ cuts, start, rate, rounds }`, a round being one tree per class (one in all for regression).
 */
export function fitBoosting({ x, y, n, d, classes }, settings, watch = () => false) {
  const width = Math.max(classes, 1);
  const cuts = fitBins(x, n, d, settings.bins);
  const binned = toBins(x, n, d, cuts);
  const start = startScores(y, n, classes);
  const scores = Float64Array.from({ length: n * width }, (_, at) => start[at % width]);
  const model = { cuts, start, rate: settings.rate, rounds: [] };
  const g = new Float64Array(n);
  const h = new Float64Array(n);
  for (let round = 0; round < settings.rounds; round++) {
    const probabilities = scores.slice();
    if (classes > 0) for (let i = 0; i < n; i++) softmax(probabilities, i * width, width);
    const trees = [];
    for (let k = 0; k < width; k++) {
      for (let i = 0; i < n; i++) {
        const p = probabilities[i * width + k];
        g[i] = classes > 0 ? p - (y[i] === k ? 1 : 0) : p - y[i];
        h[i] = classes > 0 ? p * (1 - p) : 1;
      }
      trees.push(
        growTree(binned, n, cuts, g, h, settings, (row, value) => {
          scores[row * width + k] += settings.rate * value;
        }),
      );
    }
    model.rounds.push(trees);
    if (watch(trees, model)) break;
  }
  return model;
}

/** Follows the predictions for held-out cases round by round. `add(trees)` answers the predictions after that round. */
export function followBoosting(model, x, n, d, classes) {
  const width = Math.max(classes, 1);
  const binned = toBins(x, n, d, model.cuts);
  const scores = Float64Array.from({ length: n * width }, (_, at) => model.start[at % width]);
  return (trees) => {
    addRound(trees, binned, n, d, model.rate, scores);
    if (classes === 0) return scores;
    const probabilities = scores.slice();
    for (let i = 0; i < n; i++) softmax(probabilities, i * width, width);
    return probabilities;
  };
}

/** Predictions of a fitted model. */
export function predictBoosting(model, x, n, d, classes) {
  const follow = followBoosting(model, x, n, d, classes);
  let predicted = follow(model.start.map(() => ({ value: 0 })));
  for (const trees of model.rounds) predicted = follow(trees);
  return predicted;
}
