import { expect } from "chai";
import { cutMiddle, headOf, joinCut, oneLine, shownBytes, tailOf } from "../../actors/tools/cap.ts";
import { cleanTerminal, createTerminalCleaner } from "../../actors/tools/terminal.ts";

describe("terminal output", () => {
  const table: [name: string, raw: string, plain: string][] = [
    ["loses colours", "\u001b[31;1mred\u001b[0m plain", "red plain"],
    ["loses titles and links", "\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "alink"],
    ["loses cursor movements and modes", "\u001b[2K\u001b[1A\u001b[?25lx\u001b[?25h", "x"],
    ["loses device control strings", "\u001bPq#0;2\u001b\\x", "x"],
    ["loses 8-bit sequences", "\u009b31mx\u009d0;t\u009cy", "xy"],
    ["loses other controls", "a\u0000b\u0007c\u007f\u0085d", "abcd"],
    ["keeps tabs and line breaks", "a\tb\nc", "a\tb\nc"],
    ["takes CRLF for a line break", "a\r\nb\r\r\nc", "a\nb\nc"],
    ["shows of a progress bar its last state", "  0%|    |\r 50%|##  |\r100%|####|\nnext", "100%|####|\nnext"],
    ["keeps the last state when it ends with a carriage return", "10%\r20%\r", "20%"],
    ["is not emptied by a blank last state", "working\r       \r", "working"],
    ["applies backspaces", "a-\b\\\b|\bdone", "adone"],
    ["drops a sequence that never ends", "a\u001b]0;never", "a"],
    ["leaves text alone", "plain – ünïcode 漢字 🎉", "plain – ünïcode 漢字 🎉"],
  ];
  for (const [name, raw, plain] of table) it(name, () => expect(cleanTerminal(raw)).to.equal(plain));

  it("is linear in its length", () => {
    const started = performance.now();
    for (const piece of ["\u001b", "\u001b[", "\u001b]x", "\r", "\b", "\u001b[1;", "\u0090"])
      cleanTerminal(piece.repeat(200_000));
    expect(performance.now() - started).to.be.lessThan(1_500);
  });

  it("cleans a stream whose pieces cut a sequence in two", () => {
    const clean = createTerminalCleaner();
    const text = ["a\u001b", "[3", "1mred\u001b[0", "m\u001b]0;ti", "tle\u0007z"].map(clean).join("");
    expect(text).to.equal("aredz");
  });
});

describe("cutting", () => {
  it("leaves what fits", () => expect(cutMiddle("abc", 3)).to.equal(null));

  it("keeps both ends at line ends, and counts what is left out", () => {
    const text = Array.from({ length: 1_000 }, (_, i) => `line ${i}`).join("\n");
    const cut = cutMiddle(text, 1_000);
    if (cut === null) throw new Error("was not cut");
    expect(cut.head).to.match(/^line 0\n[\s\S]*\n$/);
    expect(cut.tail).to.match(/^line \d+\n[\s\S]*line 999$/);
    expect(cut.head.length + cut.tail.length + cut.omittedChars).to.equal(text.length);
    expect(joinCut(cut, "/f")).to.match(
      /\n\[… 7,\d+ characters, \d+ lines left out here; the whole text is in \/f: .*…\]\n/,
    );
    expect(joinCut(cut, null)).to.contain("could not be saved");
  });

  it("never halves a character", () => {
    const text = "🎉".repeat(100);
    for (let length = 0; length < 20; length++) {
      for (const part of [headOf(text, length), tailOf(text, length)]) {
        expect(part.length).to.be.within(Math.max(0, length - 1), length);
        expect(encodeURIComponent(part)).to.be.a("string");
      }
    }
  });

  it("makes one line of any text", () => {
    expect(oneLine("a\n\tb\u0007\u202ec  d", 50)).to.equal("a b c d");
    expect(oneLine("x".repeat(100), 10)).to.equal(`${"x".repeat(9)}…`);
  });

  it("shows bytes as people read them", () => {
    expect([0, 1023, 1024, 1_536_000, 10 * 2 ** 30].map(shownBytes)).to.deep.equal([
      "0 B",
      "1023 B",
      "1.0 KB",
      "1.5 MB",
      "10.0 GB",
    ]);
  });
});
