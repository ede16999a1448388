import { expect } from "chai";
import { addOutput, emptyMetrics } from "../../../tui/screen/text/metrics.ts";
import { chart, lineOf, lineOfValues, seriesSentence, smoothed, sparkline } from "../../../tui/screen/text/plot.ts";
import { linesOf, runsOf, setting } from "./setting.ts";

const { look, nameOf } = setting();
const ascii = setting(true).look;
const falling = Array.from({ length: 100 }, (_, step) => 2.5 / (1 + step / 15));

describe("A chart", () => {
  it("draws a line between axes with round marks", () => {
    expect(linesOf(chart([lineOfValues("loss", falling)], { width: 36, height: 9 }, look))).to.deep.equal([
      "⠒⠒ loss 0.3289",
      "  │⢱",
      "2 ┤ ⢱",
      "  │  ⠙⢄",
      "1 ┤    ⠙⠢⣄⡀",
      "  │       ⠉⠓⠒⠤⢄⣀⣀",
      "  │              ⠉⠉⠉⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀⣀",
      "  └─────────────────────────────────",
      "   0              50",
    ]);
  });

  it("tells lines apart by their dashes", () => {
    const evaluated = lineOfValues("eval", [2.6, 1.5, 1.1, 0.9], [0, 33, 66, 99]);
    const rows = chart([lineOfValues("loss", falling), evaluated], { width: 36, height: 9 }, look);
    expect(linesOf(rows)).to.deep.equal([
      "⠒⠒ loss 0.3289  ⠒⠂ eval 0.9",
      "  │⢢⠢ ⡀",
      "2 ┤⠈⢢ ⠈⠑ ⢄⡀",
      "  │  ⠱⣀   ⠈ ⠢⢄ ⡀",
      "  │   ⠈⠑⠤⣀     ⠈⠉ ⠒⠒ ⠤⠤ ⣀⣀ ⡀",
      "1 ┤       ⠉⠒⠢⠤⣄⣀⡀          ⠈⠉ ⠉⠉ ⠒⠒",
      "  │             ⠈⠉⠉⠙⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀⣀",
      "  └─────────────────────────────────",
      "   0              50",
    ]);
  });

  it("has a form in ASCII, on a logarithmic axis too", () => {
    const rows = chart([lineOfValues("loss", falling)], { width: 36, height: 9, log: true, ema: 0.5 }, ascii);
    expect(linesOf(rows)).to.deep.equal([
      "-- loss 0.3289  log, ema 0.5",
      "    |':.",
      "  2 |  '-.",
      "  1 |     '-:.",
      "    |        '':-:.",
      "0.5 |              '':-:...",
      "    |                     ''''---:..",
      "    +-------------------------------",
      "     0             50",
    ]);
    expect(linesOf(rows).join("")).to.match(/^[\x20-\x7e]*$/);
  });

  it("marks what is no number, and what a logarithmic axis cannot show", () => {
    const rows = chart(
      [lineOfValues("loss", [1, 2, Number.NaN, 2, Number.POSITIVE_INFINITY, 1])],
      { width: 20, height: 7 },
      look,
    );
    expect(runsOf(rows[1], nameOf).filter((run) => run.startsWith("error:"))).to.deep.equal(["error:!", "error:!"]);
    const logged = chart([lineOfValues("loss", [1, 0, 10])], { width: 20, height: 7, log: true }, look);
    expect(runsOf(logged[1], nameOf)).to.include("error:!");
  });

  it("draws no line back to where a training began anew", () => {
    const again = chart([lineOfValues("loss", [1, 0, 1], [0, 10, 0])], { width: 20, height: 9 }, look);
    const once = chart([lineOfValues("loss", [1, 0], [0, 10])], { width: 20, height: 9 }, look);
    expect(linesOf(again).slice(1)).to.deep.equal(linesOf(once).slice(1));
  });

  it("shows only the stretch that is wanted", () => {
    const rows = linesOf(
      chart([lineOfValues("loss", falling)], { width: 36, height: 9, x: { from: 50, to: 60 } }, look),
    );
    expect(rows.at(-1)?.trim().split(/\s+/)).to.deep.equal(["50", "55", "60"]);
  });

  it("fits any size, whatever it shows", () => {
    const odd = [[], [5], [5, 5, 5], [Number.NaN], [1e300, -1e300], [1e-320, 0], [1, 1 + 1e-15], [1e16, 1e16 + 2]];
    for (const values of odd) {
      for (const [width, height] of [
        [0, 0],
        [1, 1],
        [4, 2],
        [9, 5],
        [30, 8],
        [80, 24],
      ] as const) {
        for (const log of [false, true]) {
          const rows = chart([lineOfValues("a\u001b[2J中", values)], { width, height, log }, look);
          expect(rows.length).to.be.at.most(height);
          for (const { glyphs, styles } of rows) {
            expect(glyphs.length, `${values} ${width}x${height}`).to.be.at.most(width);
            expect(styles.length).to.equal(glyphs.length);
            expect(glyphs.join("")).not.to.include("\u001b");
          }
        }
      }
    }
  });

  it("draws 10,000 points in a few milliseconds", () => {
    const line = lineOfValues(
      "loss",
      Array.from({ length: 10_000 }, (_, step) => Math.sin(step / 50) * step),
    );
    const times = Array.from({ length: 15 }, () => {
      const startedAt = performance.now();
      chart([line], { width: 58, height: 13 }, look);
      return performance.now() - startedAt;
    });
    expect(times.toSorted((a, b) => a - b)[7]).to.be.below(15);
  });
});

describe("A moving average", () => {
  it("begins at the first value and leaves out what is no number", () => {
    const { points } = smoothed(lineOfValues("loss", [4, Number.NaN, 4, 2]), 0.5);
    expect(points.map(({ mean }) => mean)).to.deep.equal([4, Number.NaN, 4, (0.5 * 4 * 0.75 + 0.5 * 2) / 0.875]);
    expect(points[1]?.broken).to.equal(1);
  });
});

describe("A sparkline", () => {
  it("runs from the least value to the greatest", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).to.equal("▁▂▃▄▅▆▇█");
    expect(sparkline([3, 2, 1, 0], 10, true)).to.equal("^-._");
  });

  it("takes the mean of what shares a place, and marks what is no number", () => {
    expect(sparkline([0, 0, 9, 9, Number.NaN, 1], 3)).to.equal("▁█!");
    expect(sparkline([5, 5], 2)).to.equal("▅▅");
    expect(sparkline([], 5)).to.equal("");
    expect(sparkline([1, 2], 0)).to.equal("");
  });
});

describe("A chart for those who hear it", () => {
  const heard = (output: string, name = "loss"): string => {
    const metrics = emptyMetrics();
    addOutput(metrics, output);
    const series = metrics.series.get(name);
    return series === undefined ? "" : seriesSentence(series);
  };

  it("says where a series stands and where it goes", () => {
    const output = Array.from({ length: 201 }, (_, step) => `step=${step} loss=${3 - step / 100}\n`).join("");
    expect(heard(output)).to.equal("loss 1 at step 200, down 33% in the last 50 steps, lowest 1, highest 3.");
  });

  it("says what it has not got", () => {
    expect(heard("step=5 loss=nan\n")).to.equal("loss NaN at step 5; 1 value was not finite.");
    expect(heard("step=5 loss=2\n")).to.equal("loss 2 at step 5.");
  });

  it("is of what the chart shows", () => {
    const metrics = emptyMetrics();
    addOutput(metrics, "step=1 loss=3\nstep=2 loss=nan\n");
    const series = metrics.series.get("loss");
    expect(series && lineOf(series).points.map(({ x, mean, broken }) => [x, mean, broken])).to.deep.equal([
      [1, 3, 0],
      [2, Number.NaN, 1],
    ]);
  });
});
