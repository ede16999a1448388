import { expect } from "chai";
import {
  canvasOf,
  clearGrid,
  copyGrid,
  copyOnto,
  createGrid,
  type Grid,
  gridLine,
} from "../../../tui/screen/cells/grid.ts";
import { rowOf } from "../../../tui/screen/cells/layout.ts";
import type { Canvas } from "../../../tui/screen/cells/types.ts";
import { graphemeWidth } from "../../../tui/screen/cells/width.ts";
import { randomFrom } from "../../support/random.ts";
import { hardStrings } from "./hard.ts";

const stylesAt = (grid: Grid, y: number) => [...grid.styles.slice(y * grid.width, (y + 1) * grid.width)];
const row = (text: string, style = 1) => rowOf([{ text, style }]);

describe("a canvas", () => {
  it("paints rows, and fills the rest of their cells", () => {
    const grid = createGrid(8, 2);
    canvasOf(grid).row(1, 0, row("abc"), 5, 7);
    canvasOf(grid).row(0, 1, row("中文"));
    expect(gridLine(grid, 0)).to.equal(" abc");
    expect(stylesAt(grid, 0)).to.deep.equal([0, 1, 1, 1, 7, 7, 0, 0]);
    expect(grid.glyphs.slice(8)).to.deep.equal(["中", "", "文", "", " ", " ", " ", " "]);
  });

  it("cuts at its edges and blanks what is left of a wide grapheme", () => {
    const grid = createGrid(5, 3);
    const canvas = canvasOf(grid);
    canvas.row(0, 0, row("中文字"));
    expect(gridLine(grid, 0)).to.equal("中文");
    expect(stylesAt(grid, 0)).to.deep.equal([1, 1, 1, 1, 1]);
    canvas.row(-1, 1, row("中文字"));
    expect(gridLine(grid, 1)).to.equal(" 文字");
    canvas.row(0, 2, row("中文"), 3);
    expect(gridLine(grid, 2)).to.equal("中");
    canvas.row(0, 3, row("below"));
    canvas.row(0, -1, row("above"));
    expect(gridLine(grid, 3)).to.equal(null);
  });

  it("paints text on one line and tells where it ended", () => {
    const grid = createGrid(6, 1);
    const canvas = canvasOf(grid);
    expect(canvas.text(1, 0, "a中", 3)).to.equal(4);
    expect(canvas.text(4, 0, "中文", 3)).to.equal(6);
    expect(gridLine(grid, 0)).to.equal(" a中中");
    expect(canvas.text(5, 0, "中", 3)).to.equal(6);
    expect(gridLine(grid, 0)).to.equal(" a中");
  });

  it("leaves controls in text out", () => {
    const grid = createGrid(10, 1);
    canvasOf(grid).text(0, 0, "a\u001b[2J\u0000b\u202ec\n", 0);
    expect(gridLine(grid, 0)).to.equal("a[2Jbc");
  });

  it("blanks the other half when one half of a wide grapheme is painted over", () => {
    const grid = createGrid(4, 2);
    const canvas = canvasOf(grid);
    for (const y of [0, 1]) canvas.row(0, y, row("中文"));
    canvas.text(1, 0, "x", 2);
    canvas.text(0, 1, "y", 2);
    expect(gridLine(grid, 0)).to.equal(" x文");
    expect(gridLine(grid, 1)).to.equal("y 文");
    canvas.text(1, 1, "字", 2);
    expect(gridLine(grid, 1)).to.equal("y字");
  });

  it("has parts that paint nowhere else", () => {
    const grid = createGrid(6, 4);
    const part = canvasOf(grid).part(2, 1, 3, 2);
    expect([part.width, part.height]).to.deep.equal([3, 2]);
    part.fill(-5, -5, 50, 50, 9);
    part.text(-1, 0, "abcdef", 1);
    part.part(1, 1, 10, 10).text(0, 0, "中中中", 1);
    expect([0, 1, 2, 3].map((y) => gridLine(grid, y))).to.deep.equal(["", "  bcd", "   中", ""]);
    expect(grid.styles.filter((style) => style !== 0)).to.have.lengthOf(6);
  });

  it("can be cleared, and copied", () => {
    const grid = createGrid(3, 1);
    canvasOf(grid).text(0, 0, "abc", 1);
    const copy = copyGrid(grid);
    clearGrid(grid);
    expect(grid).to.deep.equal(createGrid(3, 1));
    expect(gridLine(copy, 0)).to.equal("abc");
  });

  it("says which rows were painted on since it was made, and is made another by these alone", () => {
    const first = createGrid(4, 3);
    canvasOf(first).text(0, 0, "中b", 1);
    expect([...first.touched]).to.deep.equal([1, 0, 0]);
    const second = copyGrid(first);
    expect([...second.touched]).to.deep.equal([0, 0, 0]);
    canvasOf(second).row(0, 1, row("new"), 4, 2);
    canvasOf(second).fill(0, 2, 1, 1, 3);
    expect([...second.touched]).to.deep.equal([0, 1, 1]);
    copyOnto(first, second, second.touched);
    expect(first).to.deep.equal(copyGrid(second));
    const other = createGrid(4, 3);
    copyOnto(other, second, null);
    expect(other).to.deep.equal(copyGrid(second));
  });

  it("keeps wide graphemes whole and its parts apart, whatever is painted", () => {
    const seed = 1_986;
    const random = randomFrom(seed);
    const below = (most: number) => Math.floor(random() * most);
    for (let round = 0; round < 300; round++) {
      const grid = createGrid(1 + below(20), 1 + below(4));
      const paint = (canvas: Canvas) => {
        const text = hardStrings[below(hardStrings.length)]?.[1] ?? "";
        const [x, y] = [below(24) - 4, below(6) - 1];
        const kind = below(4);
        if (kind === 0) canvas.row(x, y, row(text), random() < 0.5 ? undefined : below(12), 2);
        else if (kind === 1) canvas.text(x, y, text, 3);
        else if (kind === 2) canvas.fill(x, y, below(8), below(3), 4);
        else canvas.part(x, y, below(10), below(4)).text(below(6) - 3, below(2), text, 5);
      };
      for (let stroke = 0; stroke < 20; stroke++) paint(canvasOf(grid));
      const note = `seed ${seed}, round ${round}`;
      expect(grid.glyphs.length, note).to.equal(grid.width * grid.height);
      for (const [at, glyph] of grid.glyphs.entries()) {
        const half = (at + 1) % grid.width !== 0 && grid.glyphs[at + 1] === "";
        if (glyph === "") expect(at % grid.width > 0 && grid.glyphs[at - 1] !== "", note).to.equal(true);
        else expect(graphemeWidth(glyph), `${note}: ${glyph}`).to.equal(half ? 2 : 1);
      }
    }
  });
});
