import { expect } from "chai";
import { bytes, count, duration, figure, money, percent, rate, tokens } from "../../../tui/screen/text/words.ts";

const table: [name: string, shown: (value: number) => string, cases: [value: number, text: string][]][] = [
  [
    "durations",
    duration,
    [
      [0, "0.0 s"],
      [449, "0.4 s"],
      [59_940, "59.9 s"],
      [59_960, "1:00"],
      [192_000, "3:12"],
      [3_599_999, "1:00:00"],
      [3_725_000, "1:02:05"],
      [47 * 3_600_000, "47:00:00"],
      [51 * 3_600_000, "2 d 3 h"],
      [-5, "0.0 s"],
      [Number.NaN, "?"],
    ],
  ],
  [
    "bytes",
    bytes,
    [
      [0, "0 B"],
      [999, "999 B"],
      [1_000, "1 kB"],
      [1_234, "1.2 kB"],
      [254_000, "254 kB"],
      [999_600, "1 MB"],
      [19.3e9, "19 GB"],
      [2.5e18, "2500 PB"],
      [Number.POSITIVE_INFINITY, "?"],
    ],
  ],
  [
    "money",
    money,
    [
      [0, "$0.00"],
      [0.00001, "<$0.0001"],
      [0.0042, "$0.0042"],
      [1.82, "$1.82"],
      [1_204.5, "$1,204.50"],
      [1_234_567, "$1,234,567.00"],
      [-3, "-$3.00"],
      [Number.NaN, "?"],
    ],
  ],
  [
    "tokens",
    tokens,
    [
      [0, "0"],
      [812, "812"],
      [3_400, "3.4k"],
      [128_000, "128k"],
      [999_700, "1M"],
      [1_234_567, "1.2M"],
    ],
  ],
  [
    "counts",
    count,
    [
      [18_204, "18,204"],
      [-1_000, "-1,000"],
      [999, "999"],
    ],
  ],
  [
    "shares",
    percent,
    [
      [0, "0%"],
      [0.001, "<1%"],
      [0.41, "41%"],
      [0.999, "99%"],
      [1, "100%"],
      [1.2, "120%"],
      [Number.NaN, "?"],
    ],
  ],
  [
    "rates",
    rate,
    [
      [2.11, "2.11 it/s"],
      [0.25, "4 s/it"],
      [0, "?"],
    ],
  ],
  [
    "values",
    figure,
    [
      [1.2841, "1.284"],
      [0.87, "0.87"],
      [0.04567, "0.04567"],
      [1.6e-4, "1.6e-4"],
      [18_204, "18204"],
      [2.5e7, "2.5e7"],
      [0, "0"],
      [-0.5, "-0.5"],
      [Number.NaN, "NaN"],
      [Number.NEGATIVE_INFINITY, "-inf"],
    ],
  ],
];

describe("Quantities in words", () => {
  for (const [name, shown, cases] of table) {
    it(`shows ${name}`, () => {
      expect(cases.map(([value]) => shown(value))).to.deep.equal(cases.map(([, text]) => text));
    });
  }
});
