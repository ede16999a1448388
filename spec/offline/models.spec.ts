import { expect } from "chai";
import { fitBoosting, predictBoosting } from "../../actors/llm/offline/program/boosting.mjs";
import { fitSoftmax, ridgePath, softmaxPredict, solveSymmetric } from "../../actors/llm/offline/program/linear.mjs";
import {
  bootstrapInterval,
  classificationMetrics,
  regressionMetrics,
} from "../../actors/llm/offline/program/metrics.mjs";
import { candidates, fitCandidate } from "../../actors/llm/offline/program/models.mjs";
import { leaveOneOut, nearest, predictNeighbours } from "../../actors/llm/offline/program/neighbours.mjs";
import { ticks } from "../../actors/llm/offline/program/plot.mjs";
import { randomFrom } from "../../actors/llm/offline/program/random.mjs";

const trees = { rate: 0.3, depth: 3, rounds: 30, bins: 64, l2: 1, minRows: 2 };

/** Four clouds around (±1, ±1); the class is the sign of the product, which no line can tell. */
function exclusiveOr(n: number): { x: Float64Array; y: Int32Array; n: number; d: number; classes: number } {
  const random = randomFrom("xor");
  const x = Float64Array.from({ length: n * 2 }, () => (random() < 0.5 ? -1 : 1) + (random() - 0.5));
  const y = Int32Array.from({ length: n }, (_, i) => ((x[2 * i] ?? 0) * (x[2 * i + 1] ?? 0) > 0 ? 1 : 0));
  return { x, y, n, d: 2, classes: 2 };
}

describe("linear models", () => {
  it("solve a symmetric system", () => {
    const x = solveSymmetric(Float64Array.from([4, 2, 2, 3]), Float64Array.from([2, 5]));
    expect(x[0]).to.be.closeTo(-0.5, 1e-12);
    expect(x[1]).to.be.closeTo(2, 1e-12);
  });

  it("fit ridge regression as the closed form says", () => {
    // One centred feature: w = mean(x y) / (mean(x²) + l2), the intercept is the mean of y.
    const data = { x: Float64Array.from([-1, 0, 1]), y: Float64Array.from([1, 3, 8]), n: 3, d: 1 };
    const { weights, bias } = ridgePath(data)(0.5);
    expect(weights[0]).to.be.closeTo(7 / 3 / (2 / 3 + 0.5), 1e-12);
    expect(bias).to.be.closeTo(4, 1e-12);
  });

  it("separate what a line can separate, with a zero gradient at the solution", () => {
    const data = { x: Float64Array.from([-2, -1, 1, 2]), y: Int32Array.from([0, 0, 1, 1]), n: 4, d: 1, classes: 2 };
    const l2 = 0.1;
    const weights = fitSoftmax(data, l2);
    const p = softmaxPredict(weights, data.x, 4, 1, 2);
    expect([0, 1, 2, 3].map((row) => ((p[row * 2 + 1] ?? 0) > 0.5 ? 1 : 0))).to.deep.equal([0, 0, 1, 1]);
    let slope = l2 * weights[2];
    for (let row = 0; row < 4; row++) slope += (((p[row * 2 + 1] ?? 0) - (data.y[row] ?? 0)) * (data.x[row] ?? 0)) / 4;
    expect(slope).to.be.closeTo(0, 1e-4);
  });
});

describe("nearest neighbours", () => {
  const data = { x: Float64Array.from([0, 1, 3, 7]), y: Float64Array.from([10, 20, 30, 40]), n: 4, d: 1, classes: 0 };

  it("finds exactly the nearest, ties in order", () => {
    expect([...nearest(data.x, 4, 1, Float64Array.from([2]), 0, 3)]).to.deep.equal([1, 2, 0]);
  });

  it("answers with their mean, or their smoothed shares", () => {
    expect([...predictNeighbours(data, Float64Array.from([2]), 1, 2)]).to.deep.equal([25]);
    const shares = predictNeighbours(
      { ...data, y: Int32Array.from([0, 1, 1, 1]), classes: 2 },
      Float64Array.from([2]),
      1,
      3,
    );
    expect(shares[1]).to.be.closeTo((2 + 0.5) / 4, 1e-12);
  });

  it("leaves the case itself out when it tunes", () => {
    expect([...leaveOneOut(data, 4, [1])[0]]).to.deep.equal([20, 10, 20, 30]);
  });
});

describe("boosted trees", () => {
  it("learn exclusive or, which a linear model cannot", () => {
    const data = exclusiveOr(400);
    const hits = (p: Float64Array): number =>
      data.y.filter((label, i) => ((p[i * 2 + 1] ?? 0) > 0.5 ? 1 : 0) === label).length;
    const boosted = predictBoosting(fitBoosting(data, trees), data.x, data.n, 2, 2);
    const linear = softmaxPredict(fitSoftmax(data, 0.001), data.x, data.n, 2, 2);
    expect(hits(boosted)).to.be.at.least(396);
    expect(hits(linear)).to.be.below(320);
  });

  it("find the step of a step function in one tree", () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i);
    const y = Float64Array.from({ length: 100 }, (_, i) => (i < 30 ? 0 : 1));
    const model = fitBoosting(
      { x, y, n: 100, d: 1, classes: 0 },
      { ...trees, rate: 1, depth: 1, rounds: 1, l2: 0, bins: 128 },
    );
    const predicted = predictBoosting(model, Float64Array.from([29, 30]), 2, 1, 0);
    expect(predicted[0]).to.be.closeTo(0, 1e-12);
    expect(predicted[1]).to.be.closeTo(1, 1e-12);
  });
});

describe("every candidate", () => {
  const settings: Record<string, object> = {
    baseline: {},
    linear: { l2: [1, 0.01], work: 1e7 },
    neighbours: { k: [1, 3, 5], maxRows: 500 },
    boosting: { rate: 0.2, depth: 3, rounds: 30, patience: 5, bins: 32, l2: 1, work: 1e8 },
  };
  for (const name of candidates) {
    it(`${name} gives probabilities, the same for the same seed, even for six rows`, () => {
      const { x, y } = exclusiveOr(6);
      y.set([0, 1, 2, 0, 1, 2]);
      const data = { x, y, n: 6, d: 2, classes: 3 };
      const predict = (): number[] => [...fitCandidate(name, data, settings[name], randomFrom("s")).predict(x, 6)];
      const predicted = predict();
      for (let row = 0; row < 6; row++) {
        const sum = predicted.slice(row * 3, row * 3 + 3).reduce((total, p) => total + p, 0);
        expect(sum).to.be.closeTo(1, 1e-9);
      }
      expect(predict()).to.deep.equal(predicted);
    });
  }
});

describe("metrics", () => {
  it("of classes agree with a small case by hand", () => {
    const p = Float64Array.from([0.8, 0.2, 0.6, 0.4, 0.3, 0.7, 0.9, 0.1]);
    const metrics = classificationMetrics(Int32Array.from([0, 1, 1, 0]), p, 2);
    expect(metrics.accuracy).to.equal(0.75);
    expect(metrics.macro_f1).to.be.closeTo((4 / 5 + 2 / 3) / 2, 1e-5);
    expect(metrics.log_loss).to.be.closeTo(-(Math.log(0.8) + Math.log(0.4) + Math.log(0.7) + Math.log(0.9)) / 4, 1e-5);
  });

  it("of numbers agree with a small case by hand", () => {
    const metrics = regressionMetrics(Float64Array.from([1, 2, 3]), Float64Array.from([1, 2, 6]));
    expect(metrics).to.deep.equal({ rmse: 1.73205, mae: 1, r2: -3.5 });
  });

  it("come with an interval that holds the value", () => {
    const truth = Int32Array.from({ length: 100 }, (_, i) => (i < 80 ? 0 : 1));
    const p = Float64Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 1 : 0));
    const [low, high] = bootstrapInterval(truth, p, 2, "accuracy", randomFrom("b"));
    expect(low).to.be.within(0.68, 0.78);
    expect(high).to.be.within(0.82, 0.9);
  });

  it("are drawn on round ticks", () => {
    expect(ticks(0.79, 0.871)).to.deep.equal([0.8, 0.82, 0.84, 0.86]);
  });
});
