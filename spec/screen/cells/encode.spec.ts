import { expect } from "chai";
import type { ColourDepth } from "../../../tui/screen/cells/colour.ts";
import { createEncoder, type Frame } from "../../../tui/screen/cells/encode.ts";
import { canvasOf, copyGrid, createGrid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { rowOf } from "../../../tui/screen/cells/layout.ts";
import { createStyles } from "../../../tui/screen/cells/style.ts";
import type { Canvas, Style } from "../../../tui/screen/cells/types.ts";
import { randomFrom } from "../../support/random.ts";
import { createEmulator, type Emulator, type Widths } from "./emulator.ts";
import { hardStrings } from "./hard.ts";

const styles = createStyles();
const looks: Style[] = [
  {},
  { fg: "#ff8800", bg: "#102030", bold: true },
  { fg: 3, italic: true, underline: true },
  { bg: 12, inverse: true },
  { dim: true, strike: true, link: "https://example.org/page" },
];
const ids = looks.map(styles.id);
const encode = createEncoder({ styles, depth: 24 });
const opened: Emulator[] = [];

function emulator(width: number, height: number, widths?: Widths): Emulator {
  const made = createEmulator(width, height, widths);
  opened.push(made);
  return made;
}

function frame(width: number, height: number, paint: (canvas: Canvas) => void, caret: Frame["caret"] = null): Frame {
  const grid = createGrid(width, height);
  paint(canvasOf(grid));
  return { grid, caret };
}

describe("a frame in bytes", () => {
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });

  it("is nothing when nothing has changed", () => {
    const one = frame(20, 3, (canvas) => canvas.text(0, 0, "same 中", 0), { x: 1, y: 1 });
    expect(encode(one, { grid: copyGrid(one.grid), caret: { x: 1, y: 1 } })).to.equal("");
  });

  it("holds the cells that have changed and no others, between the marks of one frame", () => {
    const before = frame(20, 3, (canvas) => canvas.text(0, 1, "step 180 of 300", 0));
    const after = frame(20, 3, (canvas) => canvas.text(0, 1, "step 181 of 300", 0));
    expect(encode(before, after)).to.equal(
      "\u001b[?2026h\u001b[?25l\u001b[?7l\u001b[2;8H\u001b[0m1\u001b[0m\u001b[?7h\u001b[?25l\u001b[?2026l",
    );
  });

  it("is looked for only in rows that were painted on, where it goes on from the frame before", () => {
    const before = frame(20, 3, (canvas) => canvas.text(0, 1, "step 180 of 300", 0));
    const grid = copyGrid(before.grid);
    // What nobody painted is not there: this is how it can be seen that the row was passed over.
    grid.glyphs[0] = "x";
    canvasOf(grid).text(5, 1, "181", 0);
    expect(encode(before, { grid, caret: null, continues: true })).to.equal(
      "\u001b[?2026h\u001b[?25l\u001b[?7l\u001b[2;8H\u001b[0m1\u001b[0m\u001b[?7h\u001b[?25l\u001b[?2026l",
    );
    expect(encode(before, { grid, caret: null })).to.contain("x");
    expect(encode(null, { grid, caret: null, continues: true })).to.contain("x");
  });

  it("moves the caret alone when only that has moved", () => {
    const { grid } = frame(20, 3, (canvas) => canvas.text(0, 0, "text", 0));
    expect(encode({ grid, caret: { x: 0, y: 0 } }, { grid, caret: { x: 4, y: 2 } })).to.equal(
      "\u001b[?2026h\u001b[3;5H\u001b[?25h\u001b[?2026l",
    );
    expect(encode({ grid, caret: { x: 0, y: 0 } }, { grid, caret: null })).to.equal(
      "\u001b[?2026h\u001b[?25l\u001b[?2026l",
    );
  });

  it("leaves the terminal's caret where the input is", async () => {
    const terminal = emulator(20, 3);
    await terminal.write(
      encode(
        null,
        frame(20, 3, (canvas) => canvas.text(0, 0, "> 中文ab", 0), { x: 8, y: 0 }),
      ),
    );
    expect(terminal.caret()).to.deep.equal({ x: 8, y: 0 });
  });

  it("paints all anew when the size is another, or nothing is known of the terminal", async () => {
    const terminal = emulator(10, 2);
    await terminal.write("left over by a shell");
    const next = frame(10, 2, (canvas) => canvas.text(0, 0, "new", 0));
    await terminal.write(
      encode(
        frame(12, 2, (canvas) => canvas.text(0, 0, "new", 0)),
        next,
      ),
    );
    expect([terminal.line(0), terminal.line(1)]).to.deep.equal(["new", ""]);
  });

  for (const widths of ["6", "11"] as const) {
    it(`keeps a border straight around every hard string (Unicode ${widths})`, async () => {
      const terminal = emulator(30, hardStrings.length, widths);
      const paint = (shift: number) => (canvas: Canvas) => {
        for (let y = 0; y < hardStrings.length; y++) {
          const [, text] = hardStrings[(y + shift) % hardStrings.length] ?? ["", ""];
          canvas.row(0, y, rowOf([{ text: "│", style: 0 }]));
          canvas.row(1, y, rowOf([{ text, style: 0 }]), 18);
          canvas.text(19, y, "│", 0);
        }
      };
      let before: Frame | null = null;
      for (let shift = 0; shift < 4; shift++) {
        const next = frame(30, hardStrings.length, paint(shift * 5));
        await terminal.write(encode(before, next));
        before = next;
        for (let y = 0; y < hardStrings.length; y++) {
          expect(terminal.cell(0, y).getChars()).to.equal("│");
          expect(terminal.cell(19, y).getChars(), terminal.line(y)).to.equal("│");
          expect(terminal.line(y).trimEnd().endsWith("│"), terminal.line(y)).to.equal(true);
        }
      }
    });

    it(`comes to the same as painting all anew, over 200 random frames (Unicode ${widths})`, async () => {
      const seed = 77_000 + Number(widths);
      const random = randomFrom(seed);
      const below = (most: number) => Math.floor(random() * most);
      const terminal = emulator(24, 8, widths);
      let before: Frame | null = null;
      for (let round = 0; round < 200; round++) {
        const source = random() < 0.1 ? null : before;
        const grid = source === null ? createGrid(24, 8) : copyGrid(source.grid);
        const canvas = canvasOf(grid);
        for (let stroke = 0; stroke < 1 + below(6); stroke++) {
          const text = hardStrings[below(hardStrings.length)]?.[1] ?? "";
          const style = ids[below(ids.length)] ?? 0;
          if (random() < 0.2) canvas.fill(below(24), below(8), below(10), below(3), style);
          else canvas.text(below(28) - 4, below(8), text, style);
        }
        const caret = random() < 0.5 ? null : { x: below(24), y: below(8) };
        const next: Frame = { grid, caret, continues: source !== null && random() < 0.5 };
        await terminal.write(encode(before, next));
        const fresh = createEmulator(24, 8, widths);
        await fresh.write(encode(null, next));
        const note = `seed ${seed}, round ${round}`;
        expect(terminal.cells(), note).to.deep.equal(fresh.cells());
        if (next.caret !== null) expect(terminal.caret(), note).to.deep.equal(next.caret);
        fresh.close();
        before = next;
      }
      expect(terminal.effects).to.deep.equal([]);
    });
  }

  it("shows exactly what is in the grid where terminals agree on widths", async () => {
    const sure = ["ASCII", "Chinese", "Japanese", "Hangul", "boxes, arrows and marks", "full and half width", "Hebrew"];
    const texts = hardStrings.filter(([name]) => sure.includes(name));
    const terminal = emulator(20, texts.length);
    const next = frame(20, texts.length, (canvas) => {
      for (const [y, [, text]] of texts.entries()) canvas.text(y, y, text, ids[1] ?? 0);
    });
    await terminal.write(encode(null, next));
    for (let y = 0; y < texts.length; y++) expect(terminal.line(y)).to.equal(gridLine(next.grid, y));
  });

  it("paints into the last cell of the screen without scrolling it", async () => {
    const terminal = emulator(6, 2);
    await terminal.write(
      encode(
        null,
        frame(6, 2, (canvas) => {
          canvas.text(0, 0, "top中中", 0);
          canvas.text(0, 1, "ab中❤\ufe0f", 0);
        }),
      ),
    );
    expect(terminal.line(0)).to.equal("top中");
    expect(terminal.line(1)).to.contain("ab中❤");
    expect(terminal.effects).to.deep.equal([]);
  });
});

describe("colours and links in bytes", () => {
  const bytes = (style: Style, depth: ColourDepth, links?: boolean) => {
    const table = createStyles();
    const own = createEncoder({ styles: table, depth, ...(links === undefined ? {} : { links }) });
    return own(
      frame(2, 1, () => undefined),
      frame(2, 1, (canvas) => canvas.text(0, 0, "x", table.id(style))),
    );
  };

  it("go down with the terminal's colours, and only they", () => {
    const style: Style = { fg: "#ff8800", bg: "#0000c0", bold: true, italic: true, underline: true };
    expect(bytes(style, 24)).to.contain("\u001b[0;1;3;4;38;2;255;136;0;48;2;0;0;192mx");
    expect(bytes(style, 8)).to.contain("\u001b[0;1;3;4;38;5;208;48;5;19mx");
    expect(bytes(style, 4)).to.contain("\u001b[0;1;3;4;93;44mx");
    expect(bytes(style, 0)).to.contain("\u001b[0;1;3;4mx");
    expect(bytes({ fg: 9, bg: 2 }, 24)).to.contain("\u001b[0;91;42mx");
    expect(bytes({ fg: "#808080" }, 8)).to.contain("38;5;244m");
  });

  it("open addresses of the web and of this machine", () => {
    for (const link of ["https://huggingface.co/docs", "http://localhost:8080/a?b=c;d", "file:///tmp/report.md"]) {
      const out = bytes({ link }, 24);
      expect(out).to.contain(`;${link}\u001b\\`);
      expect(out.lastIndexOf("x"), link).to.be.above(out.indexOf("\u001b]8;id="));
      expect(out.indexOf("\u001b]8;;\u001b\\"), link).to.be.above(out.lastIndexOf("x"));
    }
    expect(bytes({ link: "https://example.org" }, 24, false)).to.not.contain("]8;");
  });

  it("open no other address, and none that would steer the terminal", () => {
    for (const link of [
      "javascript:alert(1)",
      "vscode://file/x",
      "mailto:a@example.org",
      "https://huggingface.co@evil.example/",
      "file://server/share",
      `https://example.org/${"x".repeat(3000)}`,
      "not an address",
    ]) {
      expect(bytes({ link }, 24), link).to.not.contain("]8;");
    }
    expect(bytes({ link: "https://example.org/\u001b\\\u001b]52;c;aGk=\u0007" }, 24)).to.not.contain("]52;");
  });
});
