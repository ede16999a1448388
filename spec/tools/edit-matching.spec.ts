import { expect } from "chai";
import { applyChange, type Change } from "../../actors/tools/files/change.ts";

/** The text after an edit, or the kind of refusal. */
function edited(text: string, old_str: string, new_str: string, more: Partial<Change> = {}): string {
  const changed = applyChange(text, { old_str, new_str, replace_all: false, mode: "replace", ...more });
  return changed.ok ? changed.text : `refused: ${changed.found.kind}`;
}

describe("edit, matching", () => {
  const table: [name: string, text: string, old: string, next: string, result: string, more?: Partial<Change>][] = [
    ["replaces exact text within a line", "a = foo(x)+1\n", "foo(x)", "bar", "a = bar+1\n"],
    ["never takes a whole line for a part of it", "a = foo(x)+1\n", "foo(x)  ", "BAR", "refused: none"],
    ["takes no further line when the pattern ends one", "foo  \nbar\n", "foo\n", "baz\n", "baz\nbar\n"],
    [
      "is not misled by zero-width characters before the place",
      "\u200b\u200b\u200b\nA\nB  \n",
      "B\n",
      "C\n",
      "\u200b\u200b\u200b\nA\nC\n",
    ],
    [
      "matches lines with other blanks at their ends",
      "def f():  \n    return 1\t\n",
      "def f():\n    return 1",
      "def g():\n    return 1",
      "def g():\n    return 1\t\n",
    ],
    [
      "indents the new text as the file is",
      "class A:\n    def f(self):\n        return 1\n",
      "def f(self):\n    return 1\n",
      "def f(self):\n    x = 2\n    return x\n",
      "class A:\n    def f(self):\n        x = 2\n        return x\n",
    ],
    [
      "takes indentation off as well",
      "def f():\n    return 1\n",
      "        def f():\n            return 1",
      "        def f():\n            return 2",
      "def f():\n    return 2\n",
    ],
    [
      "turns blanks into the file's tabs",
      "if x:\n\tif y:\n\t\tz()\n",
      "    if y:\n        z()\n",
      "    if y:\n        z()\n        w()\n",
      "if x:\n\tif y:\n\t\tz()\n\t\tw()\n",
    ],
    [
      "refuses indentation that differs from line to line",
      "if x:\n  a()\n    b()\n",
      "if x:\n    a()\n    b()",
      "pass",
      "refused: none",
    ],
    [
      "refuses new text that does not fit the indentation",
      "def f():\n    return 1\n",
      "    def f():\n        return 1",
      "x = 1\n    def f():\n        return 1\ny = 2",
      "refused: unfit",
    ],
    [
      "finds typographic quotes and dashes by plain ones",
      "print(“it’s – ok”)\nnext\n",
      'print("it\'s - ok")',
      "print('ok')",
      "print('ok')\nnext\n",
    ],
    [
      "keeps unchanged lines of a tolerant match as the file has them",
      "say “hi”\nold\nsay ‘ho’\n",
      "say \"hi\"\nold\nsay 'ho'",
      "say \"hi\"\nnew\nsay 'ho'",
      "say “hi”\nnew\nsay ‘ho’\n",
    ],
    ["refuses two exact places", "x\nx\n", "x", "y", "refused: ambiguous"],
    ["counts places that overlap", "aaa", "aa", "b", "refused: ambiguous"],
    ["refuses two tolerant places", "f() \nf()\t\n", "f()\n", "g()\n", "refused: ambiguous"],
    ["prefers the exact place to a tolerant one", "  f()\nf()\n", "f()\nz", "g()", "refused: none"],
    ["replaces all exact places", "x.x\nx\n", "x", "yy", "yy.yy\nyy\n", { replace_all: true }],
    ["does not match blanks alone loosely", "a\n \nb\n", "\t\n", "x\n", "refused: none"],
    ["deletes", "a\nb\nc\n", "b\n", "", "a\nc\n"],
    ["keeps a missing line end at the end of the file", "a\nb", "b\n", "c\n", "a\nc"],
    ["keeps dollar signs and patterns as they are", "a\n", "a", "$& $1 \\n", "$& $1 \\n\n"],
    ["keeps CRLF, whatever the model writes", "a\r\nb\r\nc\r\n", "a\nb\n", "a\nx\ny\n", "a\r\nx\r\ny\r\nc\r\n"],
    ["takes CRLF in the pattern for a file with LF", "a\nb\n", "a\r\nb", "a\r\nc", "a\nc\n"],
    [
      "keeps mixed line ends outside, and ends new lines like those around them",
      "a\r\nb\nc\r\nd\n",
      "b",
      "x\ny",
      "a\r\nx\ny\nc\r\nd\n",
    ],
    ["ends new lines with CRLF where the line does", "a\nb\r\nc\n", "b", "x\ny", "a\nx\r\ny\r\nc\n"],
    ["keeps a lone carriage return", "a\rb\nc\n", "c", "d", "a\rb\nd\n"],
    [
      "matches loosely in a file with CRLF",
      "if x:\r\n    a() \r\nend\r\n",
      "if x:\n    a()\n",
      "if y:\n    a()\n    b()\n",
      "if y:\r\n    a()\r\n    b()\r\nend\r\n",
    ],
    [
      "appends lines after a line",
      "import os\nx\n",
      "import os",
      "import sys",
      "import os\nimport sys\nx\n",
      { mode: "append_after" },
    ],
    [
      "appends lines after a pattern with its line end",
      "import os\nx\n",
      "import os\n",
      "import sys\n",
      "import os\nimport sys\nx\n",
      { mode: "append_after" },
    ],
    [
      "adds no blank line for a line end too many",
      "import os\nx\n",
      "import os",
      "import sys\n",
      "import os\nimport sys\nx\n",
      { mode: "append_after" },
    ],
    ["appends after the last line without an end", "a\nb", "b", "c", "a\nb\nc", { mode: "append_after" }],
    ["appends within a line", "f(a)\n", "a", ", b", "f(a, b)\n", { mode: "append_after" }],
    [
      "prepends lines before a line, indented or not",
      "def f():\n    return x\n",
      "return x",
      "    x = 1",
      "def f():\n    x = 1\n    return x\n",
      { mode: "prepend_before" },
    ],
    ["prepends within a line", "f(b)\n", "b", "a, ", "f(a, b)\n", { mode: "prepend_before" }],
    ["refuses to append at two places", "x\ny\nx\n", "x", "z", "refused: ambiguous", { mode: "append_after" }],
    [
      "appends at all places when asked",
      "x\ny\nx\n",
      "x",
      "z",
      "x\nz\ny\nx\nz\n",
      { mode: "append_after", replace_all: true },
    ],
    ["appends in a file with CRLF", "a\r\nb\r\n", "a", "x", "a\r\nx\r\nb\r\n", { mode: "append_after" }],
  ];
  for (const [name, text, old, next, result, more] of table) {
    it(name, () => expect(edited(text, old, next, more)).to.equal(result));
  }

  it("changes nothing outside the shown lines, over many random files", () => {
    let state = 42;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state % below;
    };
    const ends = ["\n", "\r\n"];
    const words = ["a", "b ", "  c", "\td", "e\t", "", "“f”", "g\u200b", "h\r"];
    for (let round = 0; round < 3_000; round++) {
      const lines = Array.from(
        { length: 1 + random(8) },
        () => (words[random(words.length)] ?? "") + (ends[random(2)] ?? ""),
      );
      const text = lines.join("");
      const from = random(lines.length);
      const count = 1 + random(2);
      const old = lines
        .slice(from, from + count)
        .map((line) => line.replace(/\r?\n$/, "\n").trimStart())
        .join("");
      const result = applyChange(text, {
        old_str: old || "z",
        new_str: "NEW\n",
        replace_all: false,
        mode: "replace",
      });
      if (!result.ok) continue;
      const at = result.text.indexOf("NEW");
      const head = result.text.slice(0, at);
      const tail = result.text.slice(at + (result.text.startsWith("NEW\r\n", at) ? 5 : 4));
      expect(text.startsWith(head.replace(/[ \t]+$/, "")), JSON.stringify({ text, old, got: result.text })).to.equal(
        true,
      );
      expect(text.endsWith(tail), JSON.stringify({ text, old, got: result.text })).to.equal(true);
      const removed = text.length - head.length - tail.length;
      expect(removed, JSON.stringify({ text, old, got: result.text })).to.be.lessThan(old.length + 8 * count);
    }
  });
});
