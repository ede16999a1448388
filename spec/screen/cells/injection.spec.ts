import { expect } from "chai";
import { createEncoder } from "../../../tui/screen/cells/encode.ts";
import { canvasOf, createGrid } from "../../../tui/screen/cells/grid.ts";
import { toolLines } from "../../../tui/screen/cells/sanitise.ts";
import { createStyles } from "../../../tui/screen/cells/style.ts";
import { wrap } from "../../../tui/screen/cells/wrap.ts";
import { createEmulator } from "./emulator.ts";

const hostile: readonly [name: string, text: string][] = [
  ["the clipboard", "\u001b]52;c;ZXZpbA==\u0007"],
  ["the title", "\u001b]0;evil\u0007\u001b]2;evil\u001b\\"],
  ["the working folder and marks of shells", "\u001b]7;file:///\u0007\u001b]133;A\u0007\u001b]1337;SetMark\u0007"],
  ["a palette", "\u001b]4;1;rgb:00/00/00\u0007\u001b]10;#000000\u0007\u001b]104\u0007"],
  ["a link", "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\"],
  ["device control", "\u001bP+q544e\u001b\\\u001bP$q\u0022p\u001b\\"],
  ["questions", "\u001b[c\u001b[5n\u001b[6n\u001b]10;?\u0007\u001b[?2026$p\u0005"],
  ["another screen", "\u001b[?1049h\u001b[?47h\u001b[2J\u001b[3J\u001bc\u001b[!p"],
  ["the caret", "\u001b[1;1H\u001b[99A\u001b[5L\u001b[?6h\u001b[2;3r\u001bM\u001bD\u001bE"],
  ["mouse, paste and focus", "\u001b[?1003h\u001b[?1006h\u001b[?2004h\u001b[?1004h\u001b[>1u"],
  ["other character sets", "\u001b(0\u000elqqk\u000f\u001b%@"],
  ["C1 controls", "\u009b2J\u009d0;evil\u009c\u0090q\u009c\u0084\u0085\u008d"],
  ["NUL and bells", "\u0000\u0007\u0007\u000b\u000c\u007f"],
  ["bidirectional overrides", "\u202eevil\u202c\u2066x\u2069\u200f"],
  ["tags", "{bold}{red-fg}evil{/}{open}"],
  ["half a sequence", "\u001b[38;2;"],
  ["a string that is never closed", "\u001b]0;evil"],
  ["a line of a million characters", "x".repeat(1_000_000)],
  ["a heap of marks", `a${"\u0301".repeat(5_000)}`],
];
const [width, height] = [40, 9];
// The hostile text has these cells; all others are the screen's own.
const inside = { x: 10, y: 3, width: 20, height: 3 };

async function screenWith(text: string | null) {
  const styles = createStyles();
  const grid = createGrid(width, height);
  const canvas = canvasOf(grid);
  for (let y = 0; y < height; y++) canvas.text(0, y, "0123456789".repeat(4), styles.id({ fg: 4 }));
  const box = canvas.part(inside.x, inside.y, inside.width, inside.height);
  box.fill(0, 0, box.width, box.height, 0);
  if (text !== null) {
    const lines = toolLines(styles, text).flatMap((line) => wrap(line, box.width));
    for (const [y, row] of lines.slice(0, box.height).entries()) box.row(0, y, row);
  }
  const terminal = createEmulator(width, height);
  await terminal.write(createEncoder({ styles, depth: 24 })(null, { grid, caret: { x: 0, y: 8 } }));
  const state = { cells: terminal.cells(), effects: terminal.effects, caret: terminal.caret() };
  terminal.close();
  for (let y = inside.y; y < inside.y + inside.height; y++) state.cells[y]?.fill("", inside.x, inside.x + inside.width);
  return state;
}

describe("hostile text on the screen", () => {
  for (const [name, text] of hostile) {
    it(`changes nothing but its own cells: ${name}`, async () => {
      expect(await screenWith(`before ${text} after\nnext`)).to.deep.equal(await screenWith(null));
    });
  }

  it("does nothing even in a grid that was painted by hand", async () => {
    const styles = createStyles();
    const grid = createGrid(12, 1);
    for (const [x, glyph] of [
      "\u001b[2J",
      "\u001b]0;evil\u0007",
      "\u009b",
      "\u0007",
      "\n",
      "\u202e",
      "\ud83d",
      "\u0301",
    ].entries()) {
      grid.glyphs[x] = glyph;
    }
    grid.glyphs[10] = "k";
    const terminal = createEmulator(12, 1);
    await terminal.write(createEncoder({ styles, depth: 24 })(null, { grid, caret: null }));
    expect(terminal.line(0)).to.equal("\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd  k");
    expect(terminal.effects).to.deep.equal([]);
    terminal.close();
  });
});
