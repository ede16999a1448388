import { expect } from "chai";
import { edit } from "../../../tui/screen/editor/edit.ts";
import { cellOf, cellsOf, rowsOf } from "../../../tui/screen/editor/layout.ts";
import { type Edit, type Editor, emptyEditor } from "../../../tui/screen/editor/state.ts";
import { heightOf, viewOf } from "../../../tui/screen/editor/view.ts";
import { randomFrom } from "../../support/random.ts";

const styles = { text: 1, selection: 2, paste: 3 };
const type = (text: string): Edit => ({ kind: "insert", text });

function typed(text: string, ...steps: Edit[]): Editor {
  return [type(text), ...steps].reduce(edit, emptyEditor);
}

function shown(editor: Editor, width: number, maxRows = 8, top = 0) {
  const view = viewOf(editor, { width, maxRows, top, styles });
  return { ...view, text: view.rows.map((row) => row.glyphs.join("")) };
}

describe("screen/editor: rows of the input", () => {
  it("break behind a space, and inside a word that is too long, and leave a cell for the caret", () => {
    expect(shown(typed("one two three"), 9).text).to.deep.equal(["one two ", "three"]);
    expect(shown(typed("abcdefghij"), 5).text).to.deep.equal(["abcd", "efgh", "ij"]);
    expect(shown(typed("a\n\nb"), 5).text).to.deep.equal(["a", "", "b"]);
    expect(shown(typed("abcd"), 5).caret).to.deep.equal({ x: 4, y: 0 });
    expect(shown(typed("abcd "), 5).caret).to.deep.equal({ x: 1, y: 1 });
  });

  it("put the caret where wide graphemes end", () => {
    const editor = typed("中文ab");
    expect(shown(editor, 20)).to.deep.include({ caret: { x: 6, y: 0 }, text: ["中文ab"] });
    expect(shown(editor, 20).rows[0]?.glyphs).to.deep.equal(["中", "", "文", "", "a", "b"]);
    const left: Edit = { kind: "move", motion: "left" };
    expect(shown([left, left, left].reduce(edit, editor), 20).caret).to.deep.equal({ x: 2, y: 0 });
    expect(shown(typed("👩‍👩‍👧e\u0301"), 20).caret).to.deep.equal({ x: 3, y: 0 });
  });

  it("show what is invisible or could deceive, and never print it", () => {
    expect(shown(typed("a\u202eb"), 20).text).to.deep.equal(["a<U+202E>b"]);
    expect(shown(typed("\u0301"), 20).text).to.deep.equal(["\u25cc\u0301"]);
    expect(shown(typed("\ta"), 20).text).to.deep.equal(["    a"]);
  });

  it("show a paste as its label, in a style of its own, and what is selected", () => {
    const editor = typed(
      "x",
      { kind: "paste", text: "l\n".repeat(20) },
      { kind: "move", motion: "start", select: true },
    );
    const { rows, text } = shown(editor, 60);
    expect(text).to.deep.equal(["x[paste #1: 20 lines]"]);
    expect(new Set(rows[0]?.styles)).to.deep.equal(new Set([2]));
    expect(shown(edit(editor, { kind: "move", motion: "end" }), 60).rows[0]?.styles.slice(0, 3)).to.deep.equal([
      1, 3, 3,
    ]);
    expect(text.length).to.equal(rows.length);
  });

  it("scroll no more than it takes to keep the caret in sight", () => {
    let editor = typed(Array.from({ length: 20 }, (_, line) => `line ${line}`).join("\n"));
    let view = shown(editor, 20);
    expect(view).to.deep.include({ top: 12, total: 20, caret: { x: 7, y: 7 } });
    for (let up = 0; up < 5; up++) editor = edit(editor, { kind: "row", by: -1, width: 20 });
    view = shown(editor, 20, 8, view.top);
    expect(view).to.deep.include({ top: 12, caret: { x: 7, y: 2 } });
    for (let up = 0; up < 5; up++) editor = edit(editor, { kind: "row", by: -1, width: 20 });
    view = shown(editor, 20, 8, view.top);
    expect(view).to.deep.include({ top: 9, caret: { x: 6, y: 0 } });
    expect(heightOf(editor, 20)).to.equal(8);
    expect(heightOf(emptyEditor, 20)).to.equal(1);
    expect(shown(emptyEditor, 20, 8, 99)).to.deep.include({ top: 0, caret: { x: 0, y: 0 } });
  });

  it("keep the column over shorter rows when the caret goes up and down", () => {
    const editor = typed("long line\nx\nlonger line", { kind: "move", motion: "line_start" });
    const right = Array.from({ length: 7 }, (): Edit => ({ kind: "move", motion: "right" })).reduce(edit, editor);
    const up = edit(right, { kind: "row", by: -1, width: 40 });
    expect(up.caret).to.deep.equal({ line: 1, column: 1 });
    expect(edit(up, { kind: "row", by: -1, width: 40 }).caret).to.deep.equal({ line: 0, column: 7 });
  });

  it("take the caret to where somebody clicks, or as near as there is text", () => {
    const editor = typed("中文 words\nx");
    const at = (row: number, cell: number) => edit(editor, { kind: "place", row, cell, width: 6 }).caret;
    expect(at(0, 2)).to.deep.equal({ line: 0, column: 1 });
    expect(at(0, 3)).to.deep.equal({ line: 0, column: 1 });
    expect(at(1, 1)).to.deep.equal({ line: 0, column: 4 });
    expect(at(9, 9)).to.deep.equal({ line: 1, column: 1 });
    expect(at(-1, 0)).to.deep.equal({ line: 0, column: 0 });
  });

  it("hold every atom once, within the width, whatever is in the text", () => {
    const pieces = ["a", "bc ", "中", "👩‍👩‍👧", "\n", "\t", " ", "e\u0301", "longword", "\u202e", "\u200d"];
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomFrom(seed);
      let editor = emptyEditor;
      for (let count = 0; count < 40; count++) {
        editor = edit(editor, type(pieces[Math.floor(random() * pieces.length)] ?? ""));
      }
      const width = 1 + Math.floor(random() * 24);
      const rows = rowsOf(editor.lines, width);
      const held = rows.flatMap(({ line, from, to }) => editor.lines[line]?.slice(from, to) ?? []);
      expect(held, `seed ${seed}`).to.deep.equal(editor.lines.flat());
      for (const { line, from, to } of rows) {
        const cells = (editor.lines[line] ?? []).slice(from, to).reduce((sum, atom) => sum + cellsOf(atom), 0);
        if (to - from > 1) expect(cells, `seed ${seed}`).to.be.at.most(Math.max(1, width - 1));
      }
      // Up and down come back to where they began, and pass each row once.
      let walker = edit(editor, { kind: "move", motion: "end" });
      for (let row = rows.length - 1; row > 0; row--) {
        expect(cellOf(walker.lines, rows, walker.caret).row, `seed ${seed}`).to.equal(row);
        walker = edit(walker, { kind: "row", by: -1, width });
      }
      expect(cellOf(walker.lines, rows, walker.caret).row, `seed ${seed}`).to.equal(0);
      const { caret } = shown(editor, width);
      expect(caret.x, `seed ${seed}`).to.be.within(0, width - 1);
    }
  });

  it("cost little with 5,000 lines in the input", () => {
    const editor = typed(Array.from({ length: 5_000 }, (_, line) => `line ${line} with 中文 in it`).join("\n"));
    viewOf(editor, { width: 80, styles });
    const begun = performance.now();
    for (let key = 0; key < 10; key++) viewOf(edit(editor, type("x")), { width: 80, styles });
    expect((performance.now() - begun) / 10).to.be.below(30);
  });
});
