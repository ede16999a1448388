import { expect } from "chai";
import { markdownRows } from "../../../tui/screen/text/markdown.ts";
import { linesOf, runsOf, setting } from "./setting.ts";

const { look, theme, nameOf } = setting();
const shown = (text: string, width = 40): string[] => linesOf(markdownRows(text, width, look));

const forms: [what: string, markdown: string, lines: string[]][] = [
  ["nothing", "", []],
  ["a paragraph with the line breaks that it has", "one\ntwo", ["one", "two"]],
  ["headings, whose level can be seen", "# A\n### B", ["# A", "", "### B"]],
  ["a heading that is underlined", "A\n===", ["# A"]],
  ["a list under its sentence", "Do:\n- a\n- b", ["Do:", "", "• a", "• b"]],
  ["items that stand apart", "- a\n\n- b", ["• a", "", "• b"]],
  ["a list in a list", "- a\n  - b\n    c", ["• a", "  • b", "    c"]],
  ["numbers as they count", "3. a\n3. b", ["3. a", "4. b"]],
  [
    "text that hangs under its number",
    `10. ${"word ".repeat(9)}`,
    [`10. ${"word ".repeat(7).trim()}`, "    word word"],
  ],
  ["tasks", "- [x] a\n- [ ] b", ["☑ a", "☐ b"]],
  ["code in an item", "- a\n  ```py\n  x\n\n  y\n  ```", ["• a", "  ▏ x", "  ▏", "  ▏ y"]],
  ["quotes", "> a\n>\n> - b", ["▌ a", "▌", "▌ • b"]],
  ["a rule", "a\n\n***", ["a", "", "─".repeat(40)]],
  ["code with its blanks", "```\n  a\n\nb\n```", ["▏   a", "▏", "▏ b"]],
  ["code that nobody closes", "```py\n*x*", ["▏ *x*"]],
  ["entities", "a &lt; b &amp;&amp; &#955; &nope;", ["a < b && λ &nope;"]],
  ["entities in code as they are written", "`a &lt; b`", ["a &lt; b"]],
  ["escapes", "2 \\* 3", ["2 * 3"]],
  ["HTML as text", "<b>x</b> a<br>b", ["<b>x</b> a", "b"]],
  ["an image by its name", "![plot](https://x.org/p.png)", ["[image: plot] (https://x.org/p.png)"]],
  ["definitions of links, which are no text", "[a][1]\n\n[1]: https://x.org/b", ["a (https://x.org/b)"]],
];

describe("Markdown on the screen", () => {
  for (const [what, markdown, lines] of forms) {
    it(`shows ${what}`, () => {
      expect(shown(markdown)).to.deep.equal(lines);
    });
  }

  it("marks up words in the theme's styles", () => {
    const [row] = markdownRows("a **b** *c* ~~d~~ `e`", 40, look);
    expect(runsOf(row, nameOf)).to.deep.equal([
      "text:a ",
      "strong:b",
      "text: ",
      "emphasis:c",
      "text: ",
      "strike:d",
      "text: ",
      "code:e",
    ]);
  });

  it("keeps a heading's style under what is marked up in it", () => {
    const [row] = markdownRows("# a *b*", 40, look);
    expect(look.styles.style(row?.styles[4] ?? 0)).to.deep.equal({ ...look.styles.style(theme.heading), italic: true });
  });

  it("shows without anything but ASCII where that is wanted", () => {
    const ascii = setting(true).look;
    const rows = markdownRows("- a\n- [x] b\n\n> c\n\n---\n\n```\nd\n```\n\n|a|b|\n|-|-|\n|1|2|", 8, ascii);
    expect(linesOf(rows)).to.deep.equal([
      ...["- a", "[x] b", "", "| c", "", "--------", "", "| d", ""],
      ...["a | b", "--+--", "1 | 2"],
    ]);
  });
});

describe("Links of Markdown", () => {
  const linkOf = (markdown: string): string | undefined => {
    const row = markdownRows(markdown, 200, look)[0];
    return look.styles.style(row?.styles[0] ?? 0).link;
  };

  it("may be opened, and say where they lead when their text does not", () => {
    expect(linkOf("[docs](https://x.org/a)")).to.equal("https://x.org/a");
    expect(shown("[docs](https://x.org/a)")).to.deep.equal(["docs (https://x.org/a)"]);
    expect(shown("<https://x.org/a>")).to.deep.equal(["https://x.org/a"]);
  });

  it("show where they really lead when their text is another address", () => {
    expect(shown("[https://bank.com](https://evil.org)")).to.deep.equal(["https://bank.com (https://evil.org/)"]);
  });

  it("shorten a long address to its host", () => {
    expect(shown(`[a](https://x.org/${"b".repeat(100)})`)).to.deep.equal(["a (x.org/…)"]);
  });

  for (const address of [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://google.com@evil.org/",
    "out/report.md",
  ]) {
    it(`cannot be opened when they lead to ${address}`, () => {
      expect(linkOf(`[a](${address})`)).to.equal(undefined);
      expect(shown(`[a](${address})`, 80)).to.deep.equal([`a (${address})`]);
    });
  }
});

describe("Tables of Markdown", () => {
  const table =
    "| metric | base | probe |\n|:--|--:|:-:|\n| accuracy | 0.62 | **0.87** |\n| macro F1 score | 0.5 | 1 |";

  it("line up as they are told to", () => {
    expect(shown(table)).to.deep.equal([
      "metric         │ base │ probe",
      "───────────────┼──────┼──────",
      "accuracy       │ 0.62 │ 0.87",
      "macro F1 score │  0.5 │   1",
    ]);
  });

  it("wrap their cells where the screen is narrow", () => {
    expect(shown(table, 23)).to.deep.equal([
      "metric   │ base │ probe",
      "─────────┼──────┼──────",
      "accuracy │ 0.62 │ 0.87",
      "macro F1 │  0.5 │   1",
      "score    │      │",
    ]);
  });

  it("become lists where their words would be broken", () => {
    const list = ["metric: accuracy", "base: 0.62", "probe: 0.87", "────────"];
    expect(shown(table, 18)).to.deep.equal([...list, "metric: macro F1", "  score", "base: 0.5", "probe: 1"]);
    expect(shown(table, 19).join("\n")).to.match(/─┼─/);
  });

  it("are shown where the screen is narrower than they have columns", () => {
    expect(shown("|a|b|c|\n|-|-|-|\n|1|2|3|", 5)).to.deep.equal(["a: 1", "b: 2", "c: 3"]);
  });

  it("count wide characters as what they are", () => {
    expect(shown("|模型|b|\n|-|-|\n|x|🤗|\n|abcde|y|")).to.deep.equal([
      "模型  │ b",
      "──────┼───",
      "x     │ 🤗",
      "abcde │ y",
    ]);
  });
});

describe("Hostile Markdown", () => {
  const hostile = [
    "\u001b]52;c;aGk=\u0007 \u001b[2J \u009b31m \u0000 \u202eabc\u2066",
    "&#27;[31m &#x9b; &#8238; &#0; &#xd800; &#1114112;",
    "[a](https://x.org/\u001b]8;;) ![\u0007](\u001b)",
    "```\u001b[31m\n\u001b[2J\n```",
    "| \u001b[2J | b |\n|-|-|\n| \u202e | \u0007 |",
    "a\u0301\u0301".repeat(50),
    "\ud800 \udc00 lone",
    "{bold}x{/bold} %s $HOME",
  ];

  it("shows what it tried", () => {
    expect(shown("a\u001b[2Jb\u202ec &#27;d&#x9b;")).to.deep.equal(["a␛[2Jb<U+202E>c ␛d<U+009B>"]);
    expect(shown("```\n\u001b[2J\n```\n<b\u0007>")).to.deep.equal(["▏ ␛[2J", "", "<b␇>"]);
    expect(shown("`&#27;` [&#27;](https://x.org/&#27;)\n\n    &#27;", 60).join("\n")).not.to.include("\u001b");
  });

  it("does nothing but stand there, at any width", () => {
    for (const text of hostile) {
      for (const width of [1, 2, 3, 10, 80]) {
        for (const { glyphs, styles } of markdownRows(text, width, look)) {
          expect(glyphs.length, JSON.stringify(text)).to.be.at.most(width);
          expect(styles.length).to.equal(glyphs.length);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested.
          expect(glyphs.join("")).not.to.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
          for (const style of styles) expect(look.styles.style(style).link ?? "").to.match(/^[\x21-\x7e]*$/);
        }
      }
    }
  });

  it("is laid out in a bearable time, however it is meant to take long", () => {
    const startedAt = performance.now();
    for (const piece of [
      "[",
      "*a ",
      "__a",
      "`a``",
      "<a ",
      "[a](",
      "|a",
      "~~a",
      "> ",
      ">",
      "- ",
      "![",
      "*",
      " ",
      "\t",
      "-|",
      "a\n",
    ]) {
      markdownRows(piece.repeat(40_000 / piece.length), 80, look);
    }
    markdownRows(Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth * 2)}- x`).join("\n"), 80, look);
    expect(performance.now() - startedAt).to.be.below(15_000);
  }).timeout(30_000);
});
