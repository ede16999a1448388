import { expect } from "chai";
import { createModes, resetText } from "../../../tui/screen/term/modes.ts";
import { randomFrom } from "../../support/random.ts";
import { stateAfter, untouched } from "./screen-state.ts";

const all = { mouse: true, modern: true };

describe("the modes of the terminal", () => {
  it("are all on after entering, each turned on once", () => {
    const text = createModes(all).enter();
    expect(stateAfter(text)).to.deep.include({ on: [1000, 1004, 1006, 1049, 2004], keys: [0, 1], otherKeys: 1 });
    expect(text).to.contain("\u001b[?1007l");
    for (const mode of text.match(/\?\d+h/g) ?? []) expect(text.split(mode), mode).to.have.lengthOf(2);
  });

  it("are off after leaving, in an order that puts back what belongs to the alternate screen while it is there", () => {
    const modes = createModes(all);
    const entering = modes.enter();
    const leaving = modes.leave();
    expect(stateAfter(entering + leaving)).to.deep.include(untouched);
    expect(leaving.indexOf("\u001b[<u")).to.be.lessThan(leaving.indexOf("\u001b[?1049l"));
    expect(entering.indexOf("\u001b[>5u")).to.be.greaterThan(entering.indexOf("\u001b[?1049h"));
    for (const mode of leaving.match(/\?\d+l/g) ?? []) expect(leaving.split(mode), mode).to.have.lengthOf(2);
  });

  it("are entered and left once, however often that is asked for", () => {
    const modes = createModes(all);
    expect(modes.leave()).to.equal("");
    expect(modes.enter()).not.to.equal("");
    expect(modes.enter()).to.equal("");
    expect(modes.leave()).not.to.equal("");
    expect(modes.leave()).to.equal("");
    expect(modes.renew()).to.equal("");
  });

  it("leave nothing behind after anything that was done with them", () => {
    const seed = 99;
    const random = randomFrom(seed);
    for (let run = 0; run < 300; run++) {
      const modes = createModes({ mouse: random() < 0.5, modern: random() < 0.5 });
      let text = "";
      for (let step = 0; step < 12; step++) {
        const dice = random();
        if (dice < 0.3) text += modes.enter();
        else if (dice < 0.5) text += modes.leave();
        else if (dice < 0.7) text += modes.renew();
        else text += modes.setMouse(dice < 0.85);
      }
      const state = stateAfter(text);
      expect(state.on.includes(1000), `seed ${seed}, run ${run}`).to.equal(modes.entered && modes.mouse);
      expect(state.on.includes(2004), `seed ${seed}, run ${run}`).to.equal(modes.entered);
      expect(stateAfter(text + modes.leave()), `seed ${seed}, run ${run}`).to.deep.include(untouched);
    }
  });

  it("have the wheel send arrow keys again where it did", () => {
    const modes = createModes(all);
    const entering = modes.enter();
    modes.rememberWheel(true);
    expect(stateAfter(entering + modes.leave()).on).to.deep.equal([1007]);
  });

  it("turn the mouse on and off while the screen is shown", () => {
    const modes = createModes({ mouse: false, modern: true });
    expect(stateAfter(modes.enter()).on).not.to.include(1000);
    expect(stateAfter(modes.setMouse(true)).on).to.deep.equal([1000, 1006]);
    expect(modes.setMouse(true)).to.equal("");
    expect(stateAfter(modes.setMouse(true) + modes.setMouse(false)).on).to.deep.equal([]);
  });

  it("keep to what consoles understand where there is no more", () => {
    const modes = createModes({ mouse: false, modern: false });
    // A `?` is the only marker that the oldest know.
    expect(modes.enter() + modes.leave()).not.to.match(/\[[<=>]|\]|\dt/);
  });
});

describe("the reset of a terminal that was left behind", () => {
  it("turns off whatever a killed program had on, also in the middle of a string", () => {
    const modes = createModes(all);
    const left = `${modes.enter()}${modes.renew()}\u001b[?1002h\u001b[?1003h\u001b[?25l\u001b[?2026h\u001b[>1u\u001b]8;;https://x`;
    // Titles are the business of whoever sets the next one.
    expect(stateAfter(left + resetText)).to.deep.include({ ...untouched, titles: 1 });
  });

  it("does no harm to one that is in order", () => {
    expect(stateAfter(resetText)).to.deep.include(untouched);
  });
});
