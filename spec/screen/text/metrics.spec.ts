import { expect } from "chai";
import { addPoint, emptySeries } from "../../../tui/screen/text/metrics/series.ts";
import {
  addOutput,
  emptyMetrics,
  endOutput,
  maxBuckets,
  maxSeries,
  progressOf,
  type Reading,
  readLine,
} from "../../../tui/screen/text/metrics.ts";
import { randomFrom } from "../../support/random.ts";

const bar = (done: number, total: number | null, rest: Partial<Reading["progress"] & object> = {}) => ({
  ...{ label: "", done, total, unit: "it", perSecond: null, elapsedMs: null, remainingMs: null },
  ...rest,
});
const lines: [line: string, step: number | null, values: Reading["values"], progress?: Reading["progress"]][] = [
  ["METRIC accuracy=0.91", null, [["accuracy", 0.91]]],
  ["METRIC val/acc 0.91", null, [["val/acc", 0.91]]],
  ["METRIC loss=nan step=7", 7, [["loss", Number.NaN]]],
  [
    "METRIC candidate=linear seed=1 accuracy=0.9 f1=1",
    null,
    [
      ["accuracy linear", 0.9],
      ["f1 linear", 1],
    ],
  ],
  [
    "{'loss': 1.284, 'grad_norm': 0.91, 'learning_rate': 1.6e-04, 'epoch': 0.6}",
    null,
    [
      ["loss", 1.284],
      ["grad_norm", 0.91],
      ["learning_rate", 1.6e-4],
    ],
  ],
  ["{'loss': '1.284', 'epoch': '0.6'}", null, [["loss", 1.284]]],
  [
    "{'loss': nan, 'grad_norm': inf}",
    null,
    [
      ["loss", Number.NaN],
      ["grad_norm", Number.POSITIVE_INFINITY],
    ],
  ],
  ['{"step": 10, "eval/acc": 0.5}', 10, [["eval/acc", 0.5]]],
  [
    " 60%|██████    | 180/300 [01:25<00:57,  2.11it/s, loss=1.28, v_num=0]",
    null,
    [["loss", 1.28]],
    bar(180, 300, { perSecond: 2.11, elapsedMs: 85_000, remainingMs: 57_000 }),
  ],
  [
    "model.safetensors:  45%|####5     | 12.3M/45.6M [00:01<00:02, 12.3MB/s]",
    null,
    [],
    bar(12.3e6, 45.6e6, {
      label: "model.safetensors",
      unit: "B",
      perSecond: 12.3e6,
      elapsedMs: 1_000,
      remainingMs: 2_000,
    }),
  ],
  ["180it [01:25,  2.11it/s]", null, [], bar(180, null, { perSecond: 2.11, elapsedMs: 85_000 })],
  [
    "  5%|▌         | 5/100 [00:20<06:20,  4.00s/it]",
    null,
    [],
    bar(5, 100, { perSecond: 0.25, elapsedMs: 20_000, remainingMs: 380_000 }),
  ],
  ["  0%|          | 0/300 [00:00<?, ?it/s]", null, [], bar(0, 300, { elapsedMs: 0 })],
  ["step 180/300 loss 1.28", 180, [["loss", 1.28]], bar(180, 300, { label: "step", unit: "step" })],
  [
    "step=180 loss=1.28 lr=2e-4 pid=80",
    180,
    [
      ["loss", 1.28],
      ["lr", 2e-4],
    ],
  ],
  [
    "Epoch 3/10 - loss: 0.45 - val_loss: 0.5",
    null,
    [
      ["loss", 0.45],
      ["val_loss", 0.5],
    ],
    bar(3, 10, { label: "epoch", unit: "epoch" }),
  ],
  [
    "Epoch [2/10], Step [100/600], Loss: 0.3214",
    700,
    [["loss", 0.3214]],
    bar(2, 10, { label: "epoch", unit: "epoch" }),
  ],
  [
    "step 250: train loss 2.3010, val loss 2.4120",
    250,
    [
      ["train_loss", 2.301],
      ["val_loss", 2.412],
    ],
  ],
  [
    "iter 100: loss 2.1311, time 34.10ms, mfu 12.30%",
    100,
    [
      ["loss", 2.1311],
      ["mfu", 12.3],
    ],
  ],
  ["2026-01-01 12:00:03,123 - INFO - loss=0.3", null, [["loss", 0.3]]],
  [
    "100/100 ━━━━━━━ 3s 20ms/step - accuracy: 0.78 - loss: 0.6",
    null,
    [
      ["accuracy", 0.78],
      ["loss", 0.6],
    ],
  ],
];

describe("Lines that tell of a training", () => {
  for (const [line, step, values, progress = null] of lines) {
    it(`are read: ${line.trim().slice(0, 60)}`, () => {
      const read = readLine(line);
      expect(read?.step ?? null).to.equal(step);
      expect(read?.values).to.deep.equal(values);
      expect(read?.progress).to.deep.equal(progress);
    });
  }

  for (const line of [
    "",
    "listening on port=8080 pid=12",
    "see https://x.org/a?loss=3&b=4",
    "commit 5 loss of data",
    "step one of the 3 steps",
    "version 1.2.3 of lossless=1.2.3",
    "total 120K/4 [abc<def]",
    'RESULT {"candidate":"linear","scores":[{"seed":1,"log_loss":0.31},{"seed":2,"log_loss":0.33}]}',
  ]) {
    it(`are not others: ${line}`, () => {
      expect(readLine(line)).to.equal(null);
    });
  }

  it("are read in a bearable time, whatever they hold", () => {
    const startedAt = performance.now();
    for (const piece of [
      "a",
      "a=",
      "1",
      "loss ",
      "1/",
      "9/9 [",
      "step ",
      "'a':",
      " ",
      "-",
      "[",
      "%|",
      "|",
      "=1",
      "METRIC ",
    ]) {
      readLine(`METRIC ${piece.repeat(100_000 / piece.length)}`);
      readLine(`1 ${piece.repeat(100_000 / piece.length)}`);
    }
    expect(performance.now() - startedAt).to.be.below(1_500);
  });
});

describe("Measurements of a command", () => {
  const output = [
    "loading 3 shards\n",
    "\r  0%|          | 0/300 [00:00<?, ?it/s]",
    "\r 33%|███▎      | 100/300 [00:50<01:40,  2.00it/s]",
    "{'loss': 2.5, 'epoch': 0.1}\n",
    "\u001b[32m 66%|██████▋   | 200/300 [01:40<00:50,  2.00it/s]\u001b[0m\r\n",
    "{'loss': nan, 'epoch': 0.2}\n{'loss': 1.5, 'epoch': 0.3}\n",
    "METRIC accuracy=0.9",
  ].join("");

  it("are the same however the output was cut", () => {
    const whole = emptyMetrics();
    addOutput(whole, output);
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const metrics = emptyMetrics();
      for (let at = 0; at < output.length; ) {
        const end = at + 1 + Math.floor(random() * 20);
        addOutput(metrics, output.slice(at, end));
        at = end;
      }
      expect(metrics, `seed ${seed}`).to.deep.equal(whole);
    }
    expect(whole.series.get("loss")?.buckets.map(({ from, finite, broken }) => [from, finite, broken])).to.deep.equal([
      [100, 1, 0],
      [200, 0, 1],
      [200, 1, 0],
    ]);
    expect(whole.series.has("accuracy")).to.equal(false);
    expect(endOutput(whole)).to.equal(true);
    expect(whole.series.get("accuracy")?.last).to.equal(0.9);
  });

  it("tell of a bar that is not at the end of its line", () => {
    const metrics = emptyMetrics();
    expect(addOutput(metrics, "\r 10%|█         | 1/10 [00:30<04:30, 30.00s/it]")).to.equal(false);
    expect(progressOf(metrics)).to.include({ done: 1, total: 10, remainingMs: 270_000 });
    addOutput(metrics, "\r 20%|██");
    expect(progressOf(metrics)).to.include({ done: 1 });
  });

  it("take a fixed memory for a million points, and lose no spike", () => {
    const series = emptySeries("loss");
    for (let step = 0; step < 1_000_000; step++) {
      addPoint(series, step, step === 654_321 ? 99 : step === 77_777 ? Number.NaN : step % 10);
    }
    expect(series.count).to.equal(1_000_000);
    expect(series.buckets.length).to.be.within(maxBuckets / 4, maxBuckets);
    expect(series.buckets.reduce((sum, { finite, broken }) => sum + finite + broken, 0)).to.equal(1_000_000);
    expect(series.buckets.reduce((sum, bucket) => sum + bucket.sum, 0)).to.equal(4_500_000 + 99 - 1 - 7);
    expect(series.buckets.filter(({ max }) => max === 99)).to.have.length(1);
    expect(
      series.buckets.every(({ from, to }, at) => from <= to && from > (series.buckets[at - 1]?.to ?? -1)),
    ).to.equal(true);
    expect(series).to.include({ min: 0, max: 99, last: 9, lastStep: 999_999, broken: 1 });
  });

  it("are bounded in their number and in the length of a line", () => {
    const metrics = emptyMetrics();
    for (let at = 0; at < maxSeries + 10; at++) addOutput(metrics, `METRIC m${at}=1\n`);
    expect(metrics.series.size).to.equal(maxSeries);
    expect(metrics.dropped).to.equal(10);
    for (let at = 0; at < 100; at++) addOutput(metrics, "x".repeat(10_000));
    expect(metrics.pending.length).to.be.at.most(4_096);
  });

  it("go on when a training is started over", () => {
    const metrics = emptyMetrics();
    addOutput(metrics, "step=1 loss=3\nstep=2 loss=2\nstep=1 loss=4\n");
    expect(metrics.series.get("loss")?.buckets.map(({ from, max }) => [from, max])).to.deep.equal([
      [1, 3],
      [2, 2],
      [1, 4],
    ]);
  });
});
