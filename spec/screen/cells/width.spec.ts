import { expect } from "chai";
import { graphemes } from "../../../tui/screen/cells/graphemes.ts";
import { measure, textWidth } from "../../../tui/screen/cells/width.ts";
import { randomFrom } from "../../support/random.ts";
import { hardStrings } from "./hard.ts";

describe("the width of text", () => {
  for (const [name, text, width] of hardStrings) {
    it(`is right for ${name}`, () => {
      expect(textWidth(text)).to.equal(width);
    });
  }

  it("is nothing for what has no cell of its own", () => {
    for (const text of ["", "\u0000", "\u001b", "\u0301", "\u200b", "\ufeff", "\u202e", "\u0085", "\n", "\t"]) {
      expect(textWidth(text), JSON.stringify(text)).to.equal(0);
    }
  });

  it("is taken for certain only where terminals agree", () => {
    for (const sure of ["a", "é", "中", "─", "한"]) expect(measure(sure).certain, sure).to.equal(true);
    for (const unsure of ["🤗", "❤\ufe0f", "👩\u200d💻", "🇫🇷", "e\u0301", "1\ufe0f\u20e3"]) {
      expect(measure(unsure).certain, unsure).to.equal(false);
      expect(measure(unsure).reach, unsure).to.be.at.least(measure(unsure).width);
    }
  });

  it("goes with a warning about what may not be printed", () => {
    for (const bad of ["\u001b", "\u009b", "a\u202e", "\ud800", "\u0301", "\u2028"]) {
      expect(measure(bad).printable, JSON.stringify(bad)).to.equal(false);
    }
  });
});

describe("graphemes", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const pieces = [
    "ab",
    " ",
    "é",
    "e\u0301",
    "中文",
    "🤗",
    "👩\u200d💻",
    "🇫🇷",
    "1\ufe0f\u20e3",
    "नम",
    "\n",
    "한국",
    "が",
    "か\u3099",
  ];

  it("are those of the platform, however long and mixed the text is", () => {
    const seed = 20_261;
    const random = randomFrom(seed);
    for (let round = 0; round < 200; round++) {
      let text = "";
      // Every other text has no ASCII in it, so that runs get longer than what is segmented at once.
      const from = round % 2 === 0 ? pieces : pieces.filter((piece) => piece.charCodeAt(0) > 0x7f);
      const count = Math.floor(random() * 400);
      for (let piece = 0; piece < count; piece++) text += from[Math.floor(random() * from.length)] ?? "";
      const expected = [...segmenter.segment(text)].map(({ segment }) => segment);
      expect(graphemes(text), `seed ${seed}, round ${round}`).to.deep.equal(expected);
    }
  });

  it("are those of the platform in every block that is cut by the look of it", () => {
    const seed = 8_859;
    const random = randomFrom(seed);
    const blocks = [
      [0xa0, 0x52f],
      [0x1e00, 0x1fff],
      [0x2010, 0x2bff],
      [0x3000, 0x30ff],
      [0x4e00, 0x4eff],
      [0xac00, 0xd7ff],
      [0xfe00, 0xffef],
      [0x1f1e6, 0x1faff],
    ] as const;
    for (let round = 0; round < 10_000; round++) {
      let text = "";
      for (let at = 0; at < 3; at++) {
        const [first, last] = blocks[Math.floor(random() * blocks.length)] ?? [0x20, 0x20];
        text += String.fromCodePoint(first + Math.floor(random() * (last - first + 1)));
      }
      const expected = [...segmenter.segment(text)].map(({ segment }) => segment);
      expect(graphemes(text), `seed ${seed}, round ${round}: ${JSON.stringify(text)}`).to.deep.equal(expected);
    }
  });

  it("lose marks that no letter has, and nothing else of the text", () => {
    const heap = `a${"\u0301".repeat(10_000)}b`;
    const found = graphemes(heap);
    expect(found[0]).to.equal(`a${"\u0301".repeat(31)}`);
    expect(found.at(-1)).to.equal("b");
    expect(textWidth(heap)).to.equal(2);
  });

  it("take time in step with the length of the text", () => {
    const time = (length: number) => {
      const text = "é中🤗".repeat(length);
      const start = performance.now();
      graphemes(text);
      return performance.now() - start;
    };
    time(2_000);
    const short = Math.min(time(2_000), time(2_000), time(2_000));
    // Ten times the text would take a hundred times as long if the segmenter saw it whole.
    expect(Math.min(time(20_000), time(20_000))).to.be.below(Math.max(short, 2) * 40);
  });
});
