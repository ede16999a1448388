import { expect } from "chai";
import { splitText } from "../../actors/notifier/split.ts";

describe("a text that is too long for one post", () => {
  const limit = 200;

  it("is left alone while it fits", () => {
    expect(splitText("a\n\nb", limit)).to.deep.equal(["a\n\nb"]);
  });

  it("is cut at line ends", () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index} of the text`);
    const parts = splitText(lines.join("\n"), limit);
    expect(parts.length).to.be.above(4);
    expect(parts.flatMap((part) => part.split("\n"))).to.deep.equal(lines);
  });

  it("has each piece of a code block closed and opened again", () => {
    const code = Array.from({ length: 40 }, (_, index) => `x = ${index}`);
    const parts = splitText(["before", "```", ...code, "```", "after"].join("\n"), limit);
    expect(parts.length).to.be.above(1);
    for (const part of parts) {
      expect(part.length).to.be.at.most(limit);
      expect((part.match(/^```$/gm) ?? []).length % 2, part).to.equal(0);
    }
    const lines = parts.flatMap((part) => part.split("\n")).filter((line) => line !== "```");
    expect(lines).to.deep.equal(["before", ...code, "after"]);
  });

  const whole: [string, string, RegExp][] = [
    ["an escaped character", "&amp;".repeat(300), /^(&amp;)*$/],
    ["a link", "<https://x.org/a|some text>".repeat(40), /^(<[^<>]*>)*$/],
    ["a character of two units", "😀".repeat(500), /^(😀)*$/u],
    ["a word", "word ".repeat(200), /^(word ?)*$/],
  ];
  for (const [what, line, shape] of whole) {
    it(`is not cut in the middle of ${what}`, () => {
      const parts = splitText(line, limit);
      expect(parts.length).to.be.above(1);
      for (const part of parts) {
        expect(part.length).to.be.at.most(limit);
        expect(part).to.match(shape);
      }
      expect(parts.join("")).to.equal(line);
    });
  }
});
