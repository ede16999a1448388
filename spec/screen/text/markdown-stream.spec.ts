import { expect } from "chai";
import { createHighlighter } from "../../../tui/screen/text/highlight.ts";
import { markdownRows, markdownStream } from "../../../tui/screen/text/markdown.ts";
import { randomFrom } from "../../support/random.ts";
import { linesOf, rowsOf, runsOf, setting } from "./setting.ts";

const { look, nameOf } = setting();

const parts = [
  ...["# Head\n", "Some **bold** text", " and `code`", "\n", "\n\n", "\n \n", "- item\n", "- [ ] task\n", "  - deep\n"],
  ...[
    "1. one\n",
    "2) two\n",
    "    indented\n",
    "```py\n",
    "```\n",
    "~~~\n",
    "  ```\n",
    "x = '''\n",
    "> quote\n",
    "---\n",
  ],
  ...[
    "| a | b |\n",
    "|---|--:|\n",
    "| 1 | 22 |\n",
    "===\n",
    "<div>\n",
    "</div>\n",
    "[l](https://x.org)",
    "![i](x)",
    "\\*",
  ],
  ...[
    "[1]: https://x.org\n",
    "[a][1]",
    "&lt;",
    "\r\n",
    "🤗",
    "e\u0301",
    "\t",
    "\u001b[2J",
    "*",
    "_",
    "~~",
    "`",
    "  \n",
    "* * *\n",
  ],
];

function documentOf(random: () => number): string {
  const count = 1 + Math.floor(random() * 40);
  return Array.from({ length: count }, () => parts[Math.floor(random() * parts.length)] ?? "").join("");
}

describe("Markdown as it comes", function () {
  // Hundreds of documents; a busy machine takes its time.
  this.timeout(20_000);

  it("looks the same however it was cut, after every chunk", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const text = documentOf(random);
      const stream = markdownStream();
      for (let at = 0; at < text.length; ) {
        const end = Math.min(text.length, at + 1 + Math.floor(random() * 12));
        stream.append(text.slice(at, end));
        at = end;
        if (random() < 0.7) continue;
        const whole = markdownStream();
        whole.append(text.slice(0, at));
        const context = `seed ${seed} at ${at} of ${JSON.stringify(text)}`;
        expect(rowsOf(stream.rows(30, look)), context).to.deep.equal(rowsOf(whole.rows(30, look)));
      }
    }
  });

  it("is one full rendering once it has ended", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomFrom(seed);
      const text = documentOf(random);
      const stream = markdownStream();
      for (const character of text.match(/.{1,7}/gsu) ?? []) {
        stream.append(character);
        stream.rows(30, look);
      }
      stream.end();
      expect(rowsOf(stream.rows(30, look)), `seed ${seed}`).to.deep.equal(markdownRows(text, 30, look));
      expect(stream.text()).to.equal(text);
    }
  });

  it("never is wider than the screen", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomFrom(seed);
      const text = documentOf(random);
      const width = 1 + Math.floor(random() * 30);
      const stream = markdownStream();
      stream.append(text);
      for (const { glyphs, styles } of [...rowsOf(stream.rows(width, look)), ...markdownRows(text, width, look)]) {
        expect(glyphs.length, `seed ${seed}, width ${width}: ${glyphs.join("")}`).to.be.at.most(width);
        expect(styles.length).to.equal(glyphs.length);
      }
    }
  });

  it("shows what is usual as it will be shown in the end", () => {
    const text = [
      "# Title",
      "I will look first.\n- one\n- two\n  more\n  - deep\n    ```py\n    x = 1\n    ```\n\n- three",
      "3. a\n3. b\n\n   c\n4. d",
      "| a | b |\n|---|---|\n| 1 | 2 |",
      "> quote\n> - b",
      "```python\ndef f():\n\n    return 1\n```\ntext\n***\n    indented",
      "Set\n===\nlast **line**",
    ].join("\n\n");
    const stream = markdownStream();
    stream.append(text);
    expect(linesOf(rowsOf(stream.rows(40, look)))).to.deep.equal(linesOf(markdownRows(text, 40, look)));
  });

  it("shows a paragraph of many lines as it will be shown in the end, wherever signs stand in pairs or alone", () => {
    const words = [
      "the loss",
      " falls",
      " **by half**",
      " `lr`",
      " *here*",
      " *",
      " **",
      " `",
      " _a_",
      " [b](https://x.org)",
    ];
    const ends = ["\n", "\nand ", "\nthen ", "  \nso ", "\n1986 was ", "\n- ", "\n> "];
    for (let seed = 1; seed <= 400; seed++) {
      const random = randomFrom(seed);
      const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
      const text = `We see ${Array.from({ length: 40 }, () => pick(random() < 0.25 ? ends : words)).join("")}.`;
      const [paragraph = ""] = text.split(/\n(?=\s*\n|[->])/);
      const stream = markdownStream();
      for (const piece of paragraph.match(/.{1,9}/gsu) ?? []) {
        stream.append(piece);
        stream.rows(40, look);
      }
      expect(rowsOf(stream.rows(40, look)), JSON.stringify(paragraph)).to.deep.equal(markdownRows(paragraph, 40, look));
    }
  });

  it("cuts what never ends, at the same place however it came", () => {
    for (const endless of [
      "word ".repeat(8_000),
      "x".repeat(40_000),
      "- x\n  y\n".repeat(20),
      `${"|a".repeat(900)}|\n`.repeat(40),
    ]) {
      const whole = markdownStream();
      whole.append(endless);
      const pieces = markdownStream();
      for (let at = 0; at < endless.length; at += 997) pieces.append(endless.slice(at, at + 997));
      expect(rowsOf(pieces.rows(60, look))).to.deep.equal(rowsOf(whole.rows(60, look)));
    }
  });

  it("repeats the headings of a table that is cut, and goes on with code as code", () => {
    const table = markdownStream();
    table.append(`| name | value |\n|---|---|\n${"| some name | 0.123456 |\n".repeat(500)}`);
    const lines = linesOf(rowsOf(table.rows(40, look)));
    expect(lines.filter((line) => line === "name      │ value").length).to.equal(2);
    expect(lines.filter((line) => line === "some name │ 0.123456").length).to.equal(500);
    const code = markdownStream();
    code.append(`- item\n  \`\`\`py\n${"  x = 1\n".repeat(2_000)}`);
    expect(linesOf(rowsOf(code.rows(40, look))).filter((line) => line.endsWith("▏ x = 1")).length).to.equal(2_000);
  });

  it("does not show the mark that closes code while it comes", () => {
    const stream = markdownStream();
    stream.append("```py\nx\n``");
    expect(linesOf(rowsOf(stream.rows(40, look)))).to.deep.equal(["▏ x"]);
    stream.append("`\ny");
    expect(linesOf(rowsOf(stream.rows(40, look)))).to.deep.equal(["▏ x", "", "y"]);
  });

  it("is laid out anew when the width, the theme or what is known of a language changes", async () => {
    const highlighter = createHighlighter();
    const coloured = { ...look, highlighter };
    const stream = markdownStream();
    stream.append("```python\ndef f(): pass\n```\n\nThe end of it");
    const codeRow = () => runsOf(stream.rows(40, coloured).at(0), nameOf);
    expect(codeRow()).to.deep.equal(["border:▏ ", "code:def f(): pass"]);
    await highlighter.load("python");
    expect(codeRow()).to.include("keyword:def");
    expect(linesOf(rowsOf(stream.rows(8, look)))).to.deep.equal([
      "▏ def f(",
      "▏ ): pas",
      "▏ s",
      "",
      "The end",
      "of it",
    ]);
  });

  it("costs a frame the same at the end of a long message as at its beginning", () => {
    const section =
      "## Step\n\nSome *text* with `code` and more of it, to fill a line or two of the screen.\n\n- a\n- b\n\n```py\nx = 1\ny = 2\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n";
    const text = section.repeat(Math.ceil(47_000 / section.length));
    const stream = markdownStream();
    const times: number[] = [];
    for (let at = 0; at < text.length; at += 16) {
      const startedAt = performance.now();
      stream.append(text.slice(at, at + 16));
      stream.rows(100, look);
      times.push(performance.now() - startedAt);
    }
    const median = (some: number[]) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0;
    const fifth = Math.floor(times.length / 5);
    expect(median(times.slice(-fifth))).to.be.below(Math.max(0.5, 3 * median(times.slice(0, fifth))));
  });
});
