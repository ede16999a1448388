import { expect } from "chai";
import { grown, isBlankText, textFrom } from "../../../tui/screen/model/growth.ts";
import { randomFrom } from "../../support/random.ts";

const nothing = { text: "", growth: { settled: "", fresh: "" } };

describe("screen model: a text that grows", () => {
  it("is all that it was made of, read from any place, with an end of its own that stays short", () => {
    const seed = 4_711;
    const random = randomFrom(seed);
    let all = "";
    let taken = 0;
    let text = nothing;
    for (let n = 0; n < 2_000; n++) {
      const piece = "word 学習 👩‍💻\n".repeat(Math.floor(random() * 8)) + (random() < 0.01 ? "x".repeat(20_000) : "");
      all += piece;
      text = grown(text.growth, piece);
      if (random() < 0.3) {
        expect(textFrom(text, taken), `seed ${seed}, piece ${n}`).to.equal(all.slice(taken));
        taken = all.length;
      }
      expect(text.growth.fresh.length).to.be.at.most(8_192);
    }
    expect(text.text).to.equal(all);
    expect(text.growth.settled + text.growth.fresh).to.equal(all);
    expect(textFrom(text, 17)).to.equal(all.slice(17));
    expect(textFrom({ text: all, growth: null }, 17)).to.equal(all.slice(17));
  });

  it("is blank while it has nothing to show", () => {
    expect(isBlankText(nothing)).to.equal(true);
    expect(isBlankText(grown({ settled: "", fresh: " \n" }, "\t"))).to.equal(true);
    expect(isBlankText(grown({ settled: "a", fresh: "" }, " "))).to.equal(false);
    expect(isBlankText({ text: "a", growth: null })).to.equal(false);
  });
});
