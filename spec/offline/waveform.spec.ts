import { expect } from "chai";
import { fitSoftmax, softmaxPredict } from "../../actors/llm/offline/program/linear.mjs";
import { classificationMetrics } from "../../actors/llm/offline/program/metrics.mjs";
import {
  baseWave,
  CLASS_WAVES,
  FEATURES,
  type WaveformCase,
  waveform,
  waveformCsv,
} from "../../scripts/demo/waveform.ts";

function matrix(cases: WaveformCase[]): { x: Float64Array; y: Int32Array; n: number; d: number; classes: number } {
  const x = Float64Array.from(cases.flatMap((each) => each.x.map((value) => value / 3)));
  return { x, y: Int32Array.from(cases, ({ label }) => label), n: cases.length, d: FEATURES, classes: 3 };
}

describe("the waveform generator", () => {
  const cases = waveform(6000, 7);

  it("has the means and variances of the definition", () => {
    for (const [label, [first, second]] of CLASS_WAVES.entries()) {
      const own = cases.filter((each) => each.label === label);
      expect(own.length).to.be.within(1850, 2150);
      for (const feature of [3, 7, 11, 15, 19]) {
        const [a, b] = [baseWave(first, feature), baseWave(second, feature)];
        const values = own.map(({ x }) => x[feature - 1] ?? 0);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        // u a + (1 - u) b + noise with u uniform: mean (a + b) / 2, variance (a - b)² / 12 + 1.
        const expected = (a - b) ** 2 / 12 + 1;
        expect(mean).to.be.closeTo((a + b) / 2, (5 * Math.sqrt(expected)) / Math.sqrt(values.length));
        expect(variance).to.be.closeTo(expected, expected * 0.16);
      }
    }
  });

  it("is the same for the same seed and different for another", () => {
    expect(waveformCsv(waveform(5, 1))).to.equal(waveformCsv(waveform(5, 1)));
    expect(waveformCsv(waveform(5, 1))).to.not.equal(waveformCsv(waveform(5, 2)));
    expect(waveformCsv(waveform(5, 1)).split("\n")[0]).to.match(/^x1,.*,x21,class$/);
  });

  it("can be classified nearly as well as is possible (about 0.86) and no better", () => {
    const train = matrix(cases.slice(0, 2000));
    const test = matrix(cases.slice(2000));
    const weights = fitSoftmax(train, 0.01);
    const { accuracy } = classificationMetrics(test.y, softmaxPredict(weights, test.x, test.n, FEATURES, 3), 3);
    expect(accuracy).to.be.within(0.84, 0.88);
  });
});
