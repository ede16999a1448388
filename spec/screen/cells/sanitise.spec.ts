import { expect } from "chai";
import { createToolText, toolLines } from "../../../tui/screen/cells/sanitise.ts";
import { withoutControls } from "../../../tui/screen/cells/sequences.ts";
import { createStyles } from "../../../tui/screen/cells/style.ts";
import type { Span } from "../../../tui/screen/cells/types.ts";
import { randomFrom } from "../../support/random.ts";

const styles = createStyles();
const read = (text: string) => toolLines(styles, text);
const textOf = (spans: Span[]) => spans.map(({ text }) => text).join("");
const shown = (text: string) => read(text).map(textOf);
const looks = (text: string) => read(text).flatMap((line) => line.map((span) => [span.text, styles.style(span.style)]));

describe("the text of tools", () => {
  it("comes in lines, with tabs, and without a line for the last line feed", () => {
    expect(shown("a\tb\n\nc\r\nd\n")).to.deep.equal(["a\tb", "", "c", "d"]);
  });

  for (const [name, hostile, left] of [
    ["the clipboard", "a\u001b]52;c;aGk=\u0007b", "ab"],
    ["the title", "a\u001b]0;evil\u001b\\b", "ab"],
    ["links", "\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["device control strings", "a\u001bPq#0;2;0\u001b\\b", "ab"],
    ["application commands", "a\u001b_Gf=100;AAAA\u001b\\b", "ab"],
    ["C1 forms", "a\u009b31mb\u009d0;x\u009cc\u0090z\u009cd", "abcd"],
    ["moves of the caret", "a\u001b[2;2Hb\u001b[10Ac\u001b[sd", "abcd"],
    ["modes", "a\u001b[?1049hb\u001b[?2004lc\u001b[!pd\u001bcE", "abcdE"],
    ["questions to the terminal", "a\u001b[cb\u001b[6nc\u001b[>0qd", "abcd"],
    ["character sets", "a\u001b(0b\u001b)Bc\u000ed\u000f", "abcd"],
    ["NUL, bells and other controls", "a\u0000b\u0007c\u000bd\u000ce\u007ff\u0085g", "abcdefg"],
    ["text in reverse order", "a\u202eb\u2066c\u200fd\u061ce", "abcde"],
    ["invisible text", "a\u200bb\ufeffc\u00add\u2060e\u{e0041}f", "abcdef"],
    ["tags of a widget library", "{bold}a{/bold}", "{bold}a{/bold}"],
    ["an endless parameter", `a\u001b[${"1;".repeat(500)}mb`, "ab"],
    ["half a character", "a\ud83db", "a\ufffdb"],
    ["a string that a sequence breaks off", "a\u001b]0;x\u001b[31mb\u001b]0;x\u001b\u001b\\c", "abc"],
    ["a sequence that text breaks off", "a\u001b[3中b", "a中b"],
  ] as const) {
    it(`is rid of ${name}`, () => {
      expect(shown(hostile)).to.deep.equal([left]);
      expect(withoutControls(hostile)).to.equal(left);
    });
  }

  it("cannot hide what follows behind a string that is never closed", () => {
    expect(shown("a\u001b]0;hidden\nseen")).to.deep.equal(["a", "seen"]);
  });

  it("keeps emoji that are joined, and scripts that need joiners", () => {
    expect(shown("👩\u200d💻 می\u200cخواهم")).to.deep.equal(["👩\u200d💻 می\u200cخواهم"]);
  });
});

describe("colours of tools", () => {
  it("are those of the theme for the terminal's 16, with the flags", () => {
    expect(looks("\u001b[1;31mred\u001b[22;4m u\u001b[0m p")).to.deep.equal([
      ["red", { fg: 1, bold: true }],
      [" u", { fg: 1, underline: true }],
      [" p", {}],
    ]);
    const [line] = toolLines(styles, "\u001b[92mx", { palette: new Array(16).fill("#123456") });
    expect(styles.style(line?.[0]?.style ?? 0)).to.deep.equal({ fg: "#123456" });
  });

  it("are read in every way of writing them", () => {
    for (const red of [
      "38;5;9",
      "38:5:9",
      "38;2;255;0;0",
      "38:2:255:0:0",
      "38:2::255:0:0",
      "91",
      "58;5;3;91",
      "58:2::1:2:3;91",
    ]) {
      expect(looks(`\u001b[${red}mx`), red).to.deep.equal([["x", { fg: 9 }]]);
    }
    expect(looks("\u001b[4:3mx\u001b[4:0my\u001b[38;5;196;1mz")).to.deep.equal([
      ["x", { underline: true }],
      ["y", {}],
      ["z", { fg: 9, bold: true }],
    ]);
  });

  it("cannot make text unreadable in any theme", () => {
    expect(looks("\u001b[30;40mx\u001b[97;107my\u001b[8mz")).to.deep.equal([["xyz", {}]]);
    expect(looks("\u001b[31;41mx")).to.deep.equal([["x", { fg: 1, inverse: true }]]);
    expect(looks("\u001b[90mx")).to.deep.equal([["x", { dim: true }]]);
  });

  it("stay few, whatever a program draws", () => {
    const own = createStyles();
    let text = "";
    for (let colour = 0; colour < 20_000; colour++) {
      text += `\u001b[38;2;${colour % 256};${(colour * 7) % 256};${(colour * 13) % 256}mx`;
    }
    toolLines(own, text, { longest: 100_000 });
    expect(own.size()).to.be.below(20);
  });
});

describe("lines that are written over", () => {
  it("show their last state", () => {
    expect(shown("10%\r 50%\r100%\ndone\n")).to.deep.equal(["100%", "done"]);
    expect(shown("long text\rok\r\nnext")).to.deep.equal(["ok", "next"]);
    expect(shown("loading\r\u001b[Kok")).to.deep.equal(["ok"]);
    expect(shown("loading\u001b[2K\rok")).to.deep.equal(["ok"]);
    expect(shown("loading\u001b[Kok")).to.deep.equal(["loadingok"]);
  });

  it("take back what a backspace takes back", () => {
    expect(shown("|\b/\b-\bok 🤗\b!")).to.deep.equal(["ok !"]);
    expect(shown("\b\ba")).to.deep.equal(["a"]);
  });

  it("can be looked at while they are written", () => {
    const reader = createToolText(styles);
    expect(reader.push("10%")).to.deep.equal([]);
    expect(textOf(reader.rest())).to.equal("10%");
    expect(reader.push("\r20")).to.deep.equal([]);
    expect(textOf(reader.rest())).to.equal("20");
    expect(reader.push("%\n").map(textOf)).to.deep.equal(["20%"]);
    expect(reader.rest()).to.deep.equal([]);
  });
});

describe("very long lines", () => {
  it("are cut, and say how much is left out", () => {
    const reader = createToolText(styles);
    for (let chunk = 0; chunk < 16; chunk++) reader.push("x".repeat(65_536));
    const [line = []] = reader.push("\nnext\n");
    expect(textOf(line)).to.equal(`${"x".repeat(4096)} … 1,044,480 more`);
    expect(shown(`${"x".repeat(9)}🤗y`).map((text) => text.length)).to.deep.equal([12]);
    expect(toolLines(styles, `${"x".repeat(9)}🤗y`, { longest: 10 }).map(textOf)).to.deep.equal(["xxxxxxxxx … 3 more"]);
  });

  it("begin anew when they are written over", () => {
    expect(shown(`${"x".repeat(5000)}\rok`)).to.deep.equal(["ok"]);
  });
});

describe("chunks", () => {
  it("may be cut anywhere", () => {
    const seed = 90_125;
    const random = randomFrom(seed);
    const parts = [
      "text ",
      "中文",
      "🤗",
      "\n",
      "\r",
      "\r\n",
      "\b",
      "\t",
      "\u001b[31m",
      "\u001b[38:2::1:200:3m",
      "\u001b[0m",
      "\u001b[2K",
      "\u001b]0;title\u0007",
      "\u001b]8;;http://x\u001b\\",
      "\u001bPdata\u001b\\",
      "\u001b",
      "\u009b1m",
      "\u0090",
      "\u009c",
      "\u{e0041}",
      "\u202e",
      "\u0000",
      "e\u0301",
      "[",
      "]",
      "\\",
      "m",
      "\ud83d",
    ];
    for (let round = 0; round < 500; round++) {
      let text = "";
      for (let part = 0; part < 40; part++) text += parts[Math.floor(random() * parts.length)] ?? "";
      const whole = createToolText(styles, { longest: 24 });
      const expected = [...whole.push(text), whole.rest()];
      const split = createToolText(styles, { longest: 24 });
      const lines: Span[][] = [];
      for (let at = 0; at < text.length; ) {
        const next = at + 1 + Math.floor(random() * 6);
        lines.push(...split.push(text.slice(at, next)));
        at = next;
      }
      expect([...lines, split.rest()], `seed ${seed}, round ${round}`).to.deep.equal(expected);
    }
  });

  it("leave nothing that steers a terminal, whatever they hold", () => {
    const seed = 31_337;
    const random = randomFrom(seed);
    for (let round = 0; round < 300; round++) {
      let text = "";
      for (let unit = 0; unit < 200; unit++) {
        const kind = random();
        text += String.fromCharCode(Math.floor(random() * (kind < 0.5 ? 0x20 : kind < 0.8 ? 0xa0 : 0xffff)));
      }
      const left = shown(text).join("").replaceAll("\t", "");
      expect(left, `seed ${seed}, round ${round}`).to.not.match(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});
