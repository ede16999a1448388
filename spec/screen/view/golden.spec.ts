import { expect } from "chai";
import { initialUi, type Ui } from "../../../tui/screen/view/ui.ts";
import { darkView, expectGolden, screenOf, sizes } from "./scene.ts";
import { asking, everything, finished, training, writing } from "./stories.ts";

const stories = { training, finished, asking, writing };

describe("screen view: whole screens", () => {
  for (const [name, tell] of Object.entries(stories)) {
    for (const size of sizes) {
      it(`shows ${name} at ${size.join("x")}`, () => {
        expectGolden(`${name}-${size.join("x")}`, screenOf(tell(), size).lines);
      });
    }
  }

  const uis: Record<string, Partial<Ui>> = {
    "jobs-zoomed": { zoom: "jobs", focus: "jobs" },
    "plan-zoomed": { zoom: "plan", focus: "plan" },
    "activity-zoomed": { zoom: "activity", focus: "activity" },
    "calls-open": { callsOpen: true, focus: "transcript", selected: 4 },
    copying: { copying: true },
    finding: { focus: "find", find: { query: "probe", caret: 5, block: null, row: 0 } },
    replay: { replay: { speed: 4, paused: false, done: false, at: 72_000, length: 190_000 } },
    toasts: {
      toasts: [
        { level: "ok", text: "HF_TOKEN is that of ada, and kept in /home/ada/.cache/huggingface/token", until: 1 },
        { level: "error", text: "The session is open in another process.", until: 1 },
      ],
    },
    message: { message: { level: "warn", text: "press Ctrl+C again to quit; one job runs" } },
  };
  for (const [name, part] of Object.entries(uis)) {
    it(`shows ${name} at 100x30`, () => {
      expectGolden(name, screenOf(training(), [100, 30], { ui: { ...initialUi(), ...part } }).lines);
    });
  }

  for (const [name, width] of [
    ["everything-100", 100],
    ["everything-40", 40],
  ] as const) {
    it(`shows one of everything at ${width} columns, folded and open`, () => {
      const model = everything();
      expectGolden(name, screenOf(model, [width, 60]).lines);
      const ui: Ui = { ...initialUi(), callsOpen: true, thinkingOpen: true };
      expectGolden(`${name}-open`, screenOf(model, [width, 80], { ui }).lines);
    });
  }

  it("shows nothing but ASCII where no more is known to be shown", () => {
    const { lines } = screenOf(training(), [120, 40], { view: darkView(true) });
    expect(lines.join("")).to.match(/^[ -~]*$/);
    expectGolden("training-ascii", lines);
  });
});
