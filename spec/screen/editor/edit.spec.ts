import { expect } from "chai";
import { fragmentOf, type Paste, textOf } from "../../../tui/screen/editor/atoms.ts";
import { edit } from "../../../tui/screen/editor/edit.ts";
import { graphemes } from "../../../tui/screen/editor/graphemes.ts";
import type { Motion } from "../../../tui/screen/editor/motion.ts";
import { type Edit, type Editor, emptyEditor } from "../../../tui/screen/editor/state.ts";
import { randomFrom } from "../../support/random.ts";
import * as oracle from "./oracle.ts";

const motions: readonly Motion[] = [
  "left",
  "right",
  "word_left",
  "word_right",
  "blank_left",
  "line_start",
  "line_end",
  "start",
  "end",
];

/** Pieces that join with what they come to stand beside: marks, joiners, flags, jamo, conjuncts, modifiers, prefixes. */
const pieces = [
  ..."abcXYZ_09 .,-/",
  ...[
    "e\u0301",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "👩",
    "👧",
    "👩‍👩‍👧",
    "🏽",
    "🇩",
    "🇪",
    "🇫🇷",
    "中",
    "文字",
    "한",
    "ᄒ",
    "ᅡ",
    "ᆫ",
  ],
  ...["क", "्", "ष", "\u0600", "\n", "\n\n", "\t", " two words ", "ßΩж", "1\n2\n3", "‮", "\u{1f3f4}\u{e0067}\u{e007f}"],
];

const seedsOf = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function steps(editor: Editor, ...list: Edit[]): Editor {
  return list.reduce(edit, editor);
}

const type = (text: string): Edit => ({ kind: "insert", text });
const text = (editor: Editor) => textOf(editor.lines);

describe("screen/editor: graphemes", () => {
  it("are the platform's, and joined they are the text", () => {
    for (const seed of seedsOf(200)) {
      const random = randomFrom(seed);
      const long = Array.from(
        { length: Math.floor(random() * 400) },
        () => pieces[Math.floor(random() * pieces.length)],
      );
      const whole = long.join("").replaceAll("\n", " ");
      expect(graphemes(whole), `seed ${seed}`).to.deep.equal(oracle.platformGraphemes(whole));
    }
  });

  it("lose nothing of a letter under a heap of marks, and take no time that grows with its square", () => {
    const heap = `a${"\u0301".repeat(5_000)}b`;
    expect(graphemes(heap).map((each) => each.length)).to.deep.equal([5_001, 1]);
    const emoji = "👩‍👩‍👧".repeat(10_000);
    const begun = performance.now();
    expect(graphemes(emoji)).to.have.length(10_000);
    expect(performance.now() - begun).to.be.below(500);
  });
});

describe("screen/editor: editing", () => {
  it("does what a plain string does, with the caret always between two graphemes", () => {
    for (const seed of seedsOf(120)) {
      const random = randomFrom(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const plain = oracle.createOracle();
      let editor = emptyEditor;
      const done: string[] = [];
      for (let count = 0; count < 60; count++) {
        const chance = random();
        if (chance < 0.4) {
          const piece = pick(pieces);
          editor = edit(editor, type(piece));
          oracle.insert(plain, piece);
          done.push(`insert ${JSON.stringify(piece)}`);
        } else if (chance < 0.47) {
          editor = edit(editor, { kind: "paste", text: `${"x\n".repeat(20)}${count}` });
          oracle.insert(plain, oracle.standIn(editor.pastes));
          done.push("paste");
        } else if (chance < 0.7) {
          const motion = pick(motions);
          const select = random() < 0.3;
          editor = edit(editor, { kind: "move", motion, select });
          oracle.go(plain, motion, select);
          done.push(`move ${motion} ${select}`);
        } else if (chance < 0.82) {
          const motion = pick(motions.slice(0, 4));
          editor = edit(editor, { kind: "delete", motion });
          oracle.remove(plain, motion);
          done.push(`delete ${motion}`);
        } else if (chance < 0.93) {
          const motion = pick(motions);
          editor = edit(editor, { kind: "kill", motion });
          oracle.kill(plain, motion);
          done.push(`kill ${motion}`);
        } else {
          editor = edit(editor, { kind: "yank" });
          oracle.yank(plain);
          done.push("yank");
        }
        const story = `seed ${seed}: ${done.join("; ")}`;
        expect(oracle.flat(editor.lines), story).to.equal(plain.text);
        expect(oracle.offsetIn(editor.lines, editor.caret), story).to.equal(plain.caret);
        for (const line of editor.lines) {
          const whole = oracle.flat([line]);
          const atoms = line.map((atom) => oracle.flat([[atom]]));
          expect(atoms, story).to.deep.equal(oracle.platformGraphemes(whole));
        }
      }
    }
  });

  it("counts flags anew when half of one comes before others", () => {
    const units = ["🇩", "🇪", "🇫", "🇷", "🇯", "🇵", "x", "\u200d", "👩"];
    for (const seed of seedsOf(100)) {
      const random = randomFrom(seed);
      let editor = emptyEditor;
      for (let count = 0; count < 30; count++) {
        const unit = units[Math.floor(random() * (random() < 0.8 ? 6 : units.length))] ?? "";
        editor = edit(editor, type(unit));
        if (random() < 0.5) editor = edit(editor, { kind: "move", motion: random() < 0.7 ? "line_start" : "left" });
        if (random() < 0.1) editor = edit(editor, { kind: "delete", motion: "right" });
        const whole = text(editor);
        expect(editor.lines[0], `seed ${seed}`).to.deep.equal(oracle.platformGraphemes(whole));
        expect(oracle.bordersOf(whole)).to.include(oracle.offsetIn(editor.lines, editor.caret));
      }
    }
  });

  it("takes every change back, and makes it again", () => {
    for (const seed of seedsOf(60)) {
      const random = randomFrom(seed);
      let editor = edit(emptyEditor, type("begin 中文\nwith 👩‍👩‍👧"));
      const first = editor;
      for (let count = 0; count < 40; count++) {
        const motion = motions[Math.floor(random() * motions.length)] ?? "left";
        const kind = (["insert", "delete", "kill", "move", "paste", "yank"] as const)[Math.floor(random() * 6)];
        const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
        if (kind === "insert") editor = edit(editor, type(piece));
        else if (kind === "paste") editor = edit(editor, { kind, text: "long ".repeat(400) });
        else if (kind === "yank") editor = edit(editor, { kind });
        else if (kind !== undefined) editor = edit(editor, { kind, motion });
      }
      const last = editor;
      let undone = editor;
      for (let count = editor.undos.length - first.undos.length; count > 0; count--)
        undone = edit(undone, { kind: "undo" });
      expect(undone.lines, `seed ${seed}`).to.deep.equal(first.lines);
      let redone = undone;
      while (redone.redos.length > 0) redone = edit(redone, { kind: "redo" });
      expect(redone.lines, `seed ${seed}`).to.deep.equal(last.lines);
    }
  });

  it("undoes a word at a time when it was typed", () => {
    const typed = [..."one two  three"].reduce((editor, letter) => edit(editor, type(letter)), emptyEditor);
    const once = edit(typed, { kind: "undo" });
    expect(text(once)).to.equal("one two  ");
    expect(text(edit(once, { kind: "undo" }))).to.equal("one ");
    expect(text(steps(once, { kind: "undo" }, { kind: "undo" }, { kind: "undo" }))).to.equal("");
    expect(text(steps(once, { kind: "undo" }, { kind: "redo" }, { kind: "redo" }))).to.equal("one two  three");
  });

  it("puts back older kills in the place of the newest", () => {
    const killed = steps(
      emptyEditor,
      type("one two"),
      { kind: "kill", motion: "word_left" },
      { kind: "move", motion: "start" },
      { kind: "kill", motion: "line_end" },
    );
    expect(text(edit(killed, { kind: "yank" }))).to.equal("one ");
    const popped = steps(killed, { kind: "yank" }, { kind: "yank_pop" });
    expect(text(popped)).to.equal("two");
    expect(text(edit(popped, { kind: "yank_pop" }))).to.equal("one ");
    expect(text(steps(killed, { kind: "yank_pop" }))).to.equal("");
  });

  it("replaces what is selected", () => {
    const selected = steps(emptyEditor, type("one two"), { kind: "move", motion: "word_left", select: true });
    expect(text(edit(selected, type("x")))).to.equal("one x");
    expect(text(steps(selected, { kind: "copy" }, { kind: "move", motion: "end" }, { kind: "yank" }))).to.equal(
      "one twotwo",
    );
    expect(text(steps(selected, { kind: "select_all" }, { kind: "delete", motion: "left" }))).to.equal("");
  });

  it("keeps what steers a terminal out of the text", () => {
    const editor = edit(emptyEditor, type("a\u001b[31mb\u0007\r\nc\rd\u009b\ud800"));
    expect(text(editor)).to.equal("a[31mb\nc\nd\ufffd");
  });
});

describe("screen/editor: long pastes", () => {
  const long = Array.from({ length: 5_001 }, (_, line) => `line ${line} of a pasted file, with some words`).join("\n");

  it("stand as one label, are deleted as one and are sent in full", () => {
    const editor = steps(emptyEditor, type("see "), { kind: "paste", text: long }, type("!"));
    const [line = []] = editor.lines;
    expect(line).to.have.length(6);
    expect((line[4] as Paste).lines).to.equal(5_001);
    expect(text(editor)).to.equal(`see ${long}!`);
    const gone = steps(editor, { kind: "delete", motion: "left" }, { kind: "delete", motion: "left" });
    expect(text(gone)).to.equal("see ");
    expect(text(edit(gone, { kind: "undo" }))).to.equal(`see ${long}!`);
    const moved = steps(editor, { kind: "move", motion: "start" }, { kind: "move", motion: "word_right" });
    expect(moved.caret.column).to.equal(3);
    expect(edit(moved, { kind: "move", motion: "word_right" }).caret.column).to.equal(5);
  });

  it("survive being cut and put back", () => {
    const editor = steps(emptyEditor, { kind: "paste", text: long }, type(" tail"), {
      kind: "kill",
      motion: "line_start",
    });
    expect(text(editor)).to.equal("");
    expect(text(steps(editor, type("> "), { kind: "yank" }))).to.equal(`> ${long} tail`);
  });

  it("are what they are by their length: short ones are text, and one step of undo", () => {
    const short = steps(emptyEditor, type("a"), { kind: "paste", text: "b\nc" });
    expect(short.lines).to.deep.equal(fragmentOf("ab\nc"));
    expect(text(edit(short, { kind: "undo" }))).to.equal("a");
    const ten = edit(emptyEditor, { kind: "paste", text: "x\n".repeat(9) });
    expect(ten.lines).to.have.length(10);
    expect(edit(emptyEditor, { kind: "paste", text: "x\n".repeat(10) }).lines).to.have.length(1);
    expect(edit(emptyEditor, { kind: "paste", text: "y".repeat(1_001) }).lines[0]).to.have.length(1);
  });

  it("cannot be typed by hand", () => {
    const label = "[paste #1: 5001 lines]";
    const editor = steps(emptyEditor, { kind: "paste", text: long }, type(label));
    expect(text(editor)).to.equal(`${long}${label}`);
    expect(text(edit(editor, { kind: "delete", motion: "left" }))).to.equal(`${long}${label.slice(0, -1)}`);
  });

  it("take no time that is felt, nor does as much text that is really put in", () => {
    const begun = performance.now();
    const pasted = edit(emptyEditor, { kind: "paste", text: long });
    const afterPaste = performance.now();
    const inserted = edit(pasted, type(long));
    const afterInsert = performance.now();
    for (let key = 0; key < 20; key++) edit(inserted, type("x"));
    expect(afterPaste - begun).to.be.below(100);
    expect(afterInsert - afterPaste).to.be.below(200);
    expect((performance.now() - afterInsert) / 20).to.be.below(20);
  });
});
