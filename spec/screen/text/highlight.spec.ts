import { expect } from "chai";
import type { Span } from "../../../tui/screen/cells/types.ts";
import { createHighlighter, languageOf, maxCode } from "../../../tui/screen/text/highlight.ts";
import { randomFrom } from "../../support/random.ts";
import { setting } from "./setting.ts";

const { theme, nameOf } = setting();
const said = (spans: readonly Span[]): string[] => spans.map(({ text, style }) => `${nameOf(style)}:${text}`);
const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join("");

const samples: [language: string, code: string, part: string][] = [
  ["python", "def f(x):\n    return 'a' # <b>", "keyword:def"],
  ["bash", 'for f in *; do echo "$f"; done', "keyword:for"],
  ["json", '{"lr": 1e-4, "name": "a&b"}', "number:1e-4"],
  ["yaml", "lr: 0.1 # rate", "comment:# rate"],
  ["diff", "-old\n+new", "added:+new"],
  ["typescript", "const a: number = 1;", "keyword:const"],
  ["ini", "[tool]\nname = 1", "functionName:[tool]"],
  ["sql", "SELECT 1 FROM t", "keyword:SELECT"],
  ["cpp", "int main() { return 0; }", "keyword:return"],
  ["dockerfile", "FROM python:3.12", "keyword:FROM"],
];

describe("Code in colours", () => {
  for (const [language, code, part] of samples) {
    it(`knows ${language} and changes none of it`, async () => {
      const highlighter = createHighlighter();
      expect(await highlighter.load(language)).to.equal(true);
      const spans = highlighter.block(code, language, theme);
      expect(textOf(spans)).to.equal(code);
      expect(said(spans)).to.include(part);
    });
  }

  it("is plain until a language is there, then says so once", async () => {
    let loaded = 0;
    const highlighter = createHighlighter(() => {
      loaded += 1;
    });
    expect(said(highlighter.block("def f(): pass", "py", theme))).to.deep.equal(["code:def f(): pass"]);
    expect(highlighter.version()).to.equal(0);
    await highlighter.load("python3");
    expect(highlighter.version()).to.equal(1);
    expect(loaded).to.equal(1);
    expect(said(highlighter.line("def f(): pass", "py", theme))).to.include("keyword:def");
  });

  it("is plain for a language that nobody knows", async () => {
    const highlighter = createHighlighter();
    expect(await highlighter.load("constructor")).to.equal(false);
    expect(languageOf("__proto__")).to.equal(null);
    expect(said(highlighter.block("x", "toString", theme))).to.deep.equal(["code:x"]);
  });

  it("is plain where it would take too long", async () => {
    const highlighter = createHighlighter();
    await highlighter.load("python");
    expect(highlighter.block("x = 1\n".repeat(maxCode / 6 + 1), "python", theme)).to.have.length(1);
    expect(highlighter.block(`x = "${"a".repeat(3_000)}"`, "python", theme)).to.have.length(1);
    expect(highlighter.line(`x = "${"a".repeat(3_000)}"`, "python", theme)).to.have.length(1);
  });

  it("keeps every character of any text", async () => {
    const highlighter = createHighlighter();
    for (const [language] of samples) await highlighter.load(language);
    const marks = [
      "<",
      ">",
      "&",
      '"',
      "'",
      "&amp;",
      "</span>",
      "\n",
      "`",
      "{",
      "}",
      "#",
      "//",
      "é",
      "🤗",
      "def ",
      "$",
      "\\",
    ];
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const code = Array.from({ length: 30 }, () => marks[Math.floor(random() * marks.length)]).join("");
      const language = samples[seed % samples.length]?.[0] ?? "";
      expect(textOf(highlighter.block(code, language, theme)), `seed ${seed}, ${language}`).to.equal(code);
    }
  });
});
