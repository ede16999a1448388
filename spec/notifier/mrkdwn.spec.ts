import { expect } from "chai";
import { toMrkdwn } from "../../actors/notifier/mrkdwn.ts";

const table: [what: string, markdown: string, slack: string][] = [
  ["plain text", "just text, 2 * 3 * 4 and snake_case_name", "just text, 2 * 3 * 4 and snake_case_name"],
  ["the three characters", "a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"],
  ["what is escaped already", "a &lt; b &amp; c", "a &lt; b &amp; c"],
  ["bold", "**bold** and __Bold too__", "*bold* and *Bold too*"],
  ["italics", "*one* and _two_", "_one_ and _two_"],
  ["bold italics", "***both***", "*_both_*"],
  ["italics in bold", "**a *b* c**", "*a _b_ c*"],
  ["strike", "~~gone~~", "~gone~"],
  ["names with underscores", "call __init__ of my_class", "call __init__ of my_class"],
  ["headings", "# One\n### Two **bold** ###\n#no heading", "*One*\n*Two bold*\n#no heading"],
  ["bullets", "- a\n* b\n  + c", "• a\n• b\n  • c"],
  ["quotes", "> said **so**\n>> deep", "> said *so*\n> deep"],
  ["inline code", "run `a < b && **c**` now", "run `a &lt; b &amp;&amp; **c**` now"],
  ["code with backticks", "`` a`b ``", "`aˋb`"],
  [
    "a code block",
    "```python\nx = **kw  # <b>\n[a](https://b.c)\n```\nafter",
    "```\nx = **kw  # &lt;b&gt;\n[a](https://b.c)\n```\nafter",
  ],
  ["a code block of tildes", "~~~\n``` & *x*\n~~~", "```\n`\u200b`` &amp; *x*\n```"],
  ["a code block that nobody closes", "```\n*x*", "```\n*x*\n```"],
  ["links", "[a *b*](https://x.org/a_b_c?d=1&e=2)", "<https://x.org/a_b_c?d=1&amp;e=2|a b>"],
  ["links with parentheses", "[w](https://x.org/A_(b)) end", "<https://x.org/A_(b)|w> end"],
  ["links in angle brackets, with a title", '[w](<https://x.org/a> "t")', "<https://x.org/a|w>"],
  ["links whose text is code", "[`f()`](https://x.org)", "<https://x.org|f()>"],
  ["links into the workspace", "[report](out/my_report.md)", "report (out/my_report.md)"],
  ["images", "![a plot](https://x.org/p.png)", "<https://x.org/p.png|a plot>"],
  ["bare addresses", "see https://x.org/a_b_*c*?d=1&e=2", "see https://x.org/a_b_*c*?d=1&amp;e=2"],
  ["addresses in angle brackets", "<https://x.org/a>", "<https://x.org/a>"],
  ["a bar in a link", "[a|b](https://x.org/c|d)", "<https://x.org/c%7Cd|ab>"],
  ["mentions", "<!channel> <@U123> <#C1|x>", "&lt;!channel&gt; &lt;@U123&gt; &lt;#C1|x&gt;"],
  ["a mention in a link", "[<!here>](https://x.org)", "<https://x.org|&lt;!here&gt;>"],
  [
    "tables",
    "| model | acc |\n|:--|--:|\n| `linear` | 0.9 |\n| **best** | 0.95 |\nend",
    "```\nmodel    acc\n------  ----\nlinear   0.9\nbest    0.95\n```\nend",
  ],
  ["a bar that makes no table", "a | b\nc | d", "a | b\nc | d"],
  ["line ends of Windows", "a\r\n**b**", "a\n*b*"],
];

describe("Slack's markup", () => {
  for (const [what, markdown, slack] of table) {
    it(`has a form for ${what}`, () => {
      expect(toMrkdwn(markdown)).to.equal(slack);
    });
  }

  it("is made in a bearable time of what is meant to take long", () => {
    const startedAt = performance.now();
    for (const piece of ["[", "*", "**a", "`", "``a`", "_", "~~", "<", "|", "[a](", "***", "> ", "__a"]) {
      toMrkdwn(piece.repeat(39_000 / piece.length));
    }
    expect(performance.now() - startedAt).to.be.below(3_000);
  });
});
