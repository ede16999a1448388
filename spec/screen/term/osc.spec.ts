import { expect } from "chai";
import { copyLimit, copyText, notifyText, titleText } from "../../../tui/screen/term/osc.ts";

const plain = { multiplexer: null, takesStrings: true };
const tmux = { multiplexer: "tmux" as const, takesStrings: true };
const screen = { multiplexer: "screen" as const, takesStrings: true };
const console = { multiplexer: null, takesStrings: false };
const hostile = "a\u001b\\b\u0007c\u009cd\u001b]52;c;ZXZpbA==\u0007\ne\u202ef";

describe("copying by the terminal", () => {
  const copied = (text: string, way: Parameters<typeof copyText>[1]) => {
    const copy = copyText(text, way);
    return copy.ok ? copy.text : copy.reason;
  };

  it("hands the text over as base64", () => {
    expect(copied("héllo", plain)).to.equal("\u001b]52;c;aMOpbGxv\u0007");
  });

  it("goes to tmux and through it", () => {
    expect(copied("x", tmux)).to.equal("\u001b]52;c;eA==\u0007\u001bPtmux;\u001b\u001b]52;c;eA==\u0007\u001b\\");
  });

  it("is refused where it would be printed, and beyond the limit in bytes", () => {
    expect(copied("x", screen)).to.equal("unsupported");
    expect(copied("x", console)).to.equal("unsupported");
    expect(copied("x".repeat(copyLimit + 1), plain)).to.equal("too-long");
    expect(copied("中".repeat(copyLimit / 2), plain)).to.equal("too-long");
    expect(copied("x".repeat(copyLimit), plain).length).to.be.lessThan(100_100);
  });
});

describe("titles and notifications", () => {
  it("say what they are told and do nothing else", () => {
    for (const text of [titleText(hostile, plain), notifyText(hostile, plain)]) {
      expect(text.slice(1).split("\u0007")[0]).to.match(/^\](2|9);\P{Cc}+$/u);
      expect(text.split("\u001b")).to.have.lengthOf(2);
      expect(text).not.to.contain("\u202e");
    }
    expect(titleText("x".repeat(500), plain).length).to.be.lessThan(100);
  });

  it("ring as well, and only ring where no text can be shown", () => {
    expect(notifyText("done", plain)).to.equal("\u001b]9;done\u0007\u0007");
    expect(notifyText("done", tmux)).to.equal("\u001bPtmux;\u001b\u001b]9;done\u0007\u001b\\\u0007");
    expect(notifyText("done", screen)).to.equal("\u0007");
    expect(notifyText("done", console)).to.equal("\u0007");
    expect(titleText("x", console)).to.equal("");
  });

  it("cannot be taken for a command by number", () => {
    expect(notifyText("4;1;50", plain)).to.equal("\u001b]9;: 4;1;50\u0007\u0007");
  });
});
