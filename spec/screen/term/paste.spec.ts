import { expect } from "chai";
import { decodeAll } from "./decoding.ts";

const esc = "\u001b";
const paste = (text: string) => `${esc}[200~${text}${esc}[201~`;
const pasted = (text: string, limit?: number) => decodeAll(paste(text), limit);

describe("a paste", () => {
  it("is one event, in which line ends are line feeds and nothing is a key", () => {
    expect(pasted("one\r\ntwo\rthree\n\tfour\u0003\u0004\u007f")).to.deep.equal([
      { type: "paste", text: "one\ntwo\nthree\n\tfour", dropped: 0 },
    ]);
  });

  it("ends at its end mark only", () => {
    const alike = `a${esc}[200~b${esc}[201c${esc}[20~d[201~e${esc}${esc}f`;
    const [event, ...rest] = pasted(alike);
    expect(rest).to.deep.equal([]);
    expect(event).to.deep.equal({ type: "paste", text: "abd[201~ef", dropped: 0 });
  });

  it("passes over an end mark that ends nothing", () => {
    expect(decodeAll(`a${esc}[201~b`)).to.deep.equal([{ type: "text", text: "ab" }]);
  });

  it("loses the colours of what was copied from a terminal, and no text", () => {
    expect(pasted(`${esc}[1;31merror${esc}[0m: 中🤗`)).to.deep.equal([
      { type: "paste", text: "error: 中🤗", dropped: 0 },
    ]);
  });

  it("takes line ends that were sent as keys for line ends", () => {
    const text = `a${esc}[106;5ub${esc}[13uc${esc}[27;5;106~d${esc}[9ue`;
    expect(pasted(text)).to.deep.equal([{ type: "paste", text: "a\nb\nc\nd\te", dropped: 0 }]);
  });

  it("keeps so many bytes, says how many it has dropped, and ends where it ends", () => {
    const [event, after] = decodeAll(`${paste("中".repeat(100))}x`, 100);
    expect(event).to.deep.equal({ type: "paste", text: "中".repeat(33), dropped: 200 });
    expect(after).to.deep.equal({ type: "text", text: "x" });
  });

  it("takes no longer for what is large than a person would notice", () => {
    const text = `${"the loss decreased steadily\r".repeat(180_000)}`;
    const startedAt = performance.now();
    const [event] = pasted(text);
    expect(performance.now() - startedAt).to.be.lessThan(500);
    expect(event?.type === "paste" && event.text.length).to.equal(text.length);
  });
});
