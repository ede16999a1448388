import { expect } from "chai";
import { buildKeymap } from "../../../tui/screen/keys/keymap.ts";
import { type Pending, press } from "../../../tui/screen/keys/press.ts";
import type { Context } from "../../../tui/screen/keys/table.ts";

const { keymap } = buildKeymap();
const empty: readonly Context[] = ["input-empty", "input", "idle", "global"];
const filled: readonly Context[] = ["input-filled", "input", "idle", "global"];

/** Presses keys one after the other, each so many milliseconds after the last, and tells what they did. */
function pressed(keys: readonly [chord: string, after: number, active?: readonly Context[]][], map = keymap) {
  let pending: Pending | null = null;
  let now = 0;
  return keys.map(([chord, after, active = empty]) => {
    now += after;
    const result = press(map, pending, chord, active, now);
    pending = result.pending;
    return result.command;
  });
}

describe("screen/keys: two presses", () => {
  it("leave on the second Ctrl-C within its time, and not after it", () => {
    expect(
      pressed([
        ["ctrl+c", 0],
        ["ctrl+c", 1_500],
      ]),
    ).to.deep.equal(["app.interrupt", "app.quit"]);
    expect(
      pressed([
        ["ctrl+c", 0],
        ["ctrl+c", 1_501],
      ]),
    ).to.deep.equal(["app.interrupt", "app.interrupt"]);
  });

  it("count from the newest press, and begin anew after they were used", () => {
    expect(
      pressed([
        ["ctrl+c", 0],
        ["ctrl+c", 2_000],
        ["ctrl+c", 100],
        ["ctrl+c", 100],
      ]),
    ).to.deep.equal(["app.interrupt", "app.interrupt", "app.quit", "app.interrupt"]);
  });

  it("are no two when another key comes between them", () => {
    expect(
      pressed([
        ["ctrl+c", 0],
        ["x", 10],
        ["ctrl+c", 10],
      ]),
    ).to.deep.equal(["app.interrupt", null, "app.interrupt"]);
  });

  it("are no two when the first did something of its own further in", () => {
    expect(
      pressed([
        ["ctrl+c", 0, filled],
        ["ctrl+c", 10],
        ["ctrl+c", 10],
      ]),
    ).to.deep.equal(["input.clear", "app.interrupt", "app.quit"]);
    expect(
      pressed([
        ["ctrl+c", 0, ["dialog", "global"]],
        ["ctrl+c", 10],
      ]),
    ).to.deep.equal(["dialog.close", "app.interrupt"]);
  });

  it("work in their own context alone", () => {
    const busy: readonly Context[] = ["input-empty", "input", "global"];
    expect(
      pressed([
        ["escape", 0],
        ["escape", 100],
      ]),
    ).to.deep.equal(["app.interrupt", "app.undo"]);
    expect(
      pressed([
        ["escape", 0, busy],
        ["escape", 100, busy],
      ]),
    ).to.deep.equal(["app.interrupt", "app.interrupt"]);
  });

  it("keep a first press that means nothing by itself from being typed", () => {
    const { keymap: own, problems } = buildKeymap({ "app.log": "Ctrl+X l" });
    expect(problems.map(({ text }) => text)[0]).to.match(/could not be typed/);
    const map = buildKeymap({ "app.log": "Ctrl+X Ctrl+L" }).keymap;
    const first = press(map, null, "ctrl+x", empty, 0);
    expect(first).to.deep.include({ command: null, awaiting: true });
    expect(press(map, first.pending, "ctrl+l", empty, 10).command).to.equal("app.log");
    expect(
      pressed(
        [
          ["ctrl+x", 0],
          ["ctrl+l", 10],
        ],
        own,
      ),
    ).to.deep.equal([null, "app.repaint"]);
  });
});
