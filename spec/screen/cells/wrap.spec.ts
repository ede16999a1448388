import { expect } from "chai";
import { cutRow, rowOf, spansWidth } from "../../../tui/screen/cells/layout.ts";
import type { Row } from "../../../tui/screen/cells/types.ts";
import { type WrapOptions, wrap } from "../../../tui/screen/cells/wrap.ts";
import { randomFrom } from "../../support/random.ts";
import { hardStrings } from "./hard.ts";

const textOf = (row: Row) => row.glyphs.join("");
const span = (text: string, style = 0) => [{ text, style }];
const wrapped = (text: string, width: number, options?: WrapOptions) => wrap(span(text), width, options).map(textOf);

describe("wrapping", () => {
  it("breaks between words and drops the blanks there", () => {
    expect(wrapped("the quick  brown fox", 10)).to.deep.equal(["the quick", "brown fox"]);
    expect(wrapped("exactly 10 cells", 10)).to.deep.equal(["exactly 10", "cells"]);
  });

  it("keeps empty lines, indents and blanks within a row", () => {
    expect(wrapped("a\n\n  b   c\n", 20)).to.deep.equal(["a", "", "  b   c", ""]);
    expect(wrapped("", 20)).to.deep.equal([""]);
  });

  it("breaks a word that no row can hold where the row is full", () => {
    expect(wrapped("see abcdefghijklmnop", 8)).to.deep.equal(["see abcd", "efghijkl", "mnop"]);
    expect(wrapped("   abcdefgh", 8)).to.deep.equal(["   abcde", "fgh"]);
  });

  it("hangs the rest under the first row", () => {
    expect(wrapped("one two three", 9, { first: span("- ") })).to.deep.equal(["- one two", "  three"]);
    expect(wrapped("one two\nthree", 6, { first: span("> "), rest: span("| ") })).to.deep.equal([
      "> one",
      "| two",
      "| thre",
      "| e",
    ]);
  });

  it("leaves a prefix out that has no room beside text", () => {
    expect(wrapped("abc", 2, { first: span("----") })).to.deep.equal(["ab", "c"]);
  });

  it("moves tabs on to the next stop", () => {
    expect(wrapped("a\tb\tc", 20)).to.deep.equal(["a   b   c"]);
    expect(wrapped("\tx", 20, { tab: 8 })).to.deep.equal(["        x"]);
  });

  it("breaks between ideographs, but not before what closes a sentence", () => {
    expect(wrapped("中文字中文", 7)).to.deep.equal(["中文字", "中文"]);
    expect(wrapped("中文字。中文", 6)).to.deep.equal(["中文", "字。中", "文"]);
  });

  it("never halves a wide grapheme, and blanks it where it cannot be", () => {
    expect(wrapped("a中", 2)).to.deep.equal(["a", "中"]);
    expect(wrapped("中", 1)).to.deep.equal([" "]);
  });

  it("keeps every blank when it breaks at cells", () => {
    expect(wrapped("ab  cd  ef", 4, { at: "cell" })).to.deep.equal(["ab  ", "cd  ", "ef"]);
  });

  it("keeps each cell's style over breaks, and marks with their letter over a change of style", () => {
    const rows = wrap([...span("ab ", 1), ...span("cd", 2)], 3);
    expect(rows.map(({ styles }) => styles)).to.deep.equal([
      [1, 1],
      [2, 2],
    ]);
    expect(rowOf([...span("e", 1), ...span("\u0301x", 2)])).to.deep.equal({ glyphs: ["e\u0301", "x"], styles: [1, 2] });
  });

  it("takes a line of a million characters", () => {
    expect(wrap(span("x".repeat(1_000_000)), 100)).to.have.lengthOf(10_000);
  });

  it("loses no text, overfills no row and keeps wide graphemes whole, whatever the text", () => {
    const seed = 4_711;
    const random = randomFrom(seed);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
    const words = [...hardStrings.map(([, text]) => text), "a", "of", "extraordinarily-long-words", "  ", "\n", "."];
    for (let round = 0; round < 300; round++) {
      let text = "";
      for (let word = 0; word < 30; word++) text += `${pick(words)}${pick([" ", " ", ""])}`;
      const width = 2 + Math.floor(random() * 40);
      for (const at of ["word", "cell"] as const) {
        const rows = wrap(span(text), width, { at });
        const note = `seed ${seed}, round ${round}, width ${width}, ${at}`;
        for (const row of rows) {
          expect(row.glyphs.length, note).to.be.at.most(width);
          expect(row.styles.length, note).to.equal(row.glyphs.length);
          expect(row.glyphs[0], note).to.not.equal("");
        }
        expect(rows.map(textOf).join("").replaceAll(" ", ""), note).to.equal(text.replace(/[ \n]/g, ""));
      }
    }
  });
});

describe("cutting to one row", () => {
  it("leaves alone what fits, and ends with an ellipsis what does not", () => {
    expect(textOf(cutRow(span("abcdef"), 6))).to.equal("abcdef");
    expect(textOf(cutRow(span("abcdef"), 5))).to.equal("abcd…");
    expect(textOf(cutRow(span("a\nb\tc"), 9))).to.equal("a b c");
    expect(textOf(cutRow(span("abc"), 0))).to.equal("");
  });

  it("can keep the end instead, as paths want it", () => {
    expect(textOf(cutRow(span("/home/user/project/train.py"), 12, "end"))).to.equal("…ct/train.py");
  });

  it("never halves a wide grapheme", () => {
    const row = cutRow(span("中文字"), 4);
    expect(row.glyphs).to.deep.equal(["中", "", " ", "…"]);
    expect(spansWidth(span("中文字\t."))).to.equal(9);
  });
});
