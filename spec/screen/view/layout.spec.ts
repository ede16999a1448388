import { expect } from "chai";
import { type Layout, type LayoutWish, layoutFor, type Rect } from "../../../tui/screen/view/layout.ts";
import type { Pane } from "../../../tui/screen/view/ui.ts";
import { randomFrom } from "../../support/random.ts";

const usual: LayoutWish = {
  zoom: null,
  sides: { left: true, right: true },
  copying: false,
  inputRows: () => 1,
  jobs: 4,
  plan: 5,
  chart: true,
  queue: 2,
};

function rectsOf({ header, main, borders, sides, strip, queue, rule, input, status }: Layout): Rect[] {
  return [header, main, ...borders, ...sides.map(({ rect }) => rect), strip, queue, rule, input, status].filter(
    (rect) => rect !== null,
  );
}

/** Throws unless every cell of the screen belongs to exactly one rectangle at most, and all of them lie within it. */
function expectTiled(layout: Layout, width: number, height: number, about: string, whole: boolean): void {
  const taken = new Uint8Array(width * height);
  for (const { x, y, width: wide, height: tall } of rectsOf(layout)) {
    expect([x >= 0, y >= 0, wide >= 1, tall >= 1, x + wide <= width, y + tall <= height], about).to.not.include(false);
    for (let row = y; row < y + tall; row++) {
      for (let column = x; column < x + wide; column++)
        taken[row * width + column] = (taken[row * width + column] ?? 0) + 1;
    }
  }
  expect(
    taken.some((count) => count > 1),
    `${about}: two in one place`,
  ).to.equal(false);
  if (whole)
    expect(
      taken.some((count) => count === 0),
      `${about}: a place for nobody`,
    ).to.equal(false);
}

describe("screen view: layout", () => {
  it("gives every cell to one part at any size, down to one cell", () => {
    for (let width = 1; width <= 210; width += width < 12 ? 1 : 7) {
      for (let height = 1; height <= 60; height += height < 14 ? 1 : 5) {
        expectTiled(layoutFor(width, height, usual), width, height, `${width}x${height}`, true);
      }
    }
  });

  it("never puts two parts in one place, whatever is to be shown", () => {
    const seed = 77;
    const random = randomFrom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    const zooms: (Pane | null)[] = [null, null, "transcript", "jobs", "plan", "activity"];
    for (let round = 0; round < 2_000; round++) {
      const [width, height] = [1 + below(240), 1 + below(70)];
      const rows = below(40);
      const wish: LayoutWish = {
        zoom: zooms[below(zooms.length)] ?? null,
        sides: { left: below(2) === 0, right: below(2) === 0 },
        copying: below(6) === 0,
        inputRows: () => rows,
        jobs: below(3) * below(60),
        plan: below(3) * below(30),
        chart: below(2) === 0,
        queue: below(4),
      };
      const layout = layoutFor(width, height, wish);
      expectTiled(layout, width, height, `seed ${seed}, round ${round}, ${width}x${height}`, false);
      expect(layout.input.height).to.be.at.most(Math.max(1, Math.floor(height / 3)));
    }
  });

  it("has one, two or three columns by the width, and nothing but the talk on a small screen", () => {
    const names = (width: number, height: number) => layoutFor(width, height, usual).sides.map(({ name }) => name);
    expect(layoutFor(59, 40, usual).size).to.equal("minimal");
    expect(layoutFor(120, 11, usual).size).to.equal("minimal");
    expect(layoutFor(60, 12, usual).size).to.equal("one");
    expect(layoutFor(99, 40, usual).strip).to.not.equal(null);
    expect(names(99, 40)).to.deep.equal([]);
    expect(names(100, 40)).to.deep.equal(["jobs", "chart", "plan"]);
    expect(layoutFor(159, 40, usual).size).to.equal("two");
    expect(names(160, 50)).to.deep.equal(["activity", "jobs", "chart", "log"]);
  });

  it("gives the transcript what hidden panes leave, and all of it to a zoomed one", () => {
    const shown = (sides: LayoutWish["sides"]) => layoutFor(200, 50, { ...usual, sides }).main?.width;
    expect(shown({ left: false, right: false })).to.equal(200);
    expect(shown({ left: true, right: false })).to.be.above(shown({ left: true, right: true }) ?? 200);
    expect(layoutFor(200, 50, { ...usual, zoom: "jobs" }).main?.width).to.equal(200);
  });

  it("can be used at 40x10: a line for the input, one for the status, and most for the talk", () => {
    const { main, input, status } = layoutFor(40, 10, usual);
    expect(main?.height).to.be.at.least(6);
    expect([input.height, status?.height]).to.deep.equal([1, 1]);
  });

  it("takes sizes that are none for the smallest one", () => {
    for (const size of [0, -3, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(layoutFor(size, size, usual).input).to.deep.equal({ x: 0, y: 0, width: 1, height: 1 });
    }
  });
});
