import { expect } from "chai";
import { compare } from "../../actors/llm/offline/compare.ts";
import { readRequest } from "../../actors/llm/offline/request.ts";
import { diagnose, readResult, type Training, testResult, trainResult } from "../../actors/llm/offline/results.ts";

/** A candidate with one accuracy for each seed. */
function training(candidate: string, values: number[]): Training {
  const scores = values.map((accuracy, index) => ({ seed: index + 1, accuracy }));
  return { candidate, small: false, train: 75, validation: 25, features: 3, scores, chosen: [], curve: [] };
}

describe("reading a prompt", () => {
  const prompts: [prompt: string, table: string | null, target: string | null][] = [
    ["Learn from waveform.csv.", "waveform.csv", null],
    ["use ./data/a.csv, target: price", "./data/a.csv", "price"],
    ['compare models on "my data/house prices.csv" and predict price', "my data/house prices.csv", "price"],
    ["what about my\\ table.csv (target column 'y 2')?", "my table.csv", "y 2"],
    ["`/tmp/x y.tsv` target is z", "/tmp/x y.tsv", "z"],
    ["predict sepal.length in iris.csv", "iris.csv", "sepal.length in"],
    ["again with target y", null, "y"],
    ["try data.json", "data.json", null],
    ["notes.txt and then table.csv", "table.csv", null],
    ["see https://example.org/a.csv", null, null],
    ["hello, what can you do?", null, null],
  ];
  for (const [prompt, table, target] of prompts) {
    it(`understands ${prompt}`, () => {
      const request = readRequest(prompt);
      expect([request.table, request.target?.text ?? null]).to.deep.equal([table, target]);
    });
  }
});

describe("comparing candidates", () => {
  it("declares a winner when its lead exceeds the noise", () => {
    const verdict = compare(
      [training("baseline", [0.5, 0.5, 0.5, 0.5]), training("linear", [0.8, 0.82, 0.81, 0.83])],
      "accuracy",
    );
    expect(verdict.clear).to.equal(true);
    expect(verdict.winner).to.equal("linear");
  });

  it("takes the simplest when the lead is noise", () => {
    const linear = training("linear", [0.8, 0.9, 0.7, 0.85]);
    const verdict = compare(
      [training("baseline", [0.5, 0.5, 0.5, 0.5]), linear, training("boosting", [0.9, 0.8, 0.9, 0.7])],
      "accuracy",
    );
    expect(verdict.standings[0]?.candidate).to.equal("boosting");
    expect(verdict.clear).to.equal(false);
    expect(verdict.winner).to.equal("linear");
  });

  it("computes the corrected margin by the formula", () => {
    const verdict = compare([training("baseline", [0.1, 0.2, 0.3]), training("linear", [0.5, 0.5, 0.5])], "accuracy");
    expect(verdict.differences[0]?.difference).to.be.closeTo(0.3, 1e-12);
    expect(verdict.differences[0]?.margin).to.be.closeTo(4.303 * Math.sqrt(1 / 3 + 25 / 75) * 0.1, 1e-9);
  });

  it("never calls a winner from a single seed", () => {
    expect(compare([training("baseline", [0.1]), training("linear", [0.9])], "accuracy").clear).to.equal(false);
  });
});

describe("reading what commands print", () => {
  const result = {
    candidate: "linear",
    small: false,
    train: 1,
    validation: 1,
    features: 1,
    scores: [],
    chosen: [],
    curve: [],
  };

  it("finds the last result wherever the tool has put it", () => {
    const text = `$ node\nMETRIC a=1\n  | RESULT ${JSON.stringify({ ...result, train: 2 })}\nexit code 0`;
    expect(readResult(text, trainResult)?.train).to.equal(2);
  });

  it("does not believe a result that is cut off or of another shape", () => {
    expect(readResult(`RESULT ${JSON.stringify(result).slice(0, 40)}`, trainResult)).to.equal(null);
    expect(readResult(`RESULT ${JSON.stringify(result)}`, testResult)).to.equal(null);
  });

  it("names the usual reasons of failures", () => {
    expect(diagnose("FATAL ERROR: JavaScript heap out of memory\nexit code 134")).to.match(/memory/);
    expect(diagnose("timed out after 600 s")).to.match(/time/);
    expect(diagnose("bash: node: command not found\nexit code 127")).to.match(/node/);
    expect(diagnose("TypeError: x is not a function\n    at y\nexit code 1")).to.match(/^TypeError/);
  });
});
