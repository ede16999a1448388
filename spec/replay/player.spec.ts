import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { longestWaitMs, nextSpeed, speedOf, waitFor } from "../../tui/replay/pace.ts";
import { createPlayer } from "../../tui/replay/player.ts";
import { clock } from "../screen/term/clock.ts";

describe("the pace of a replay", () => {
  it("scales what lies between two events, and makes no wait too long", () => {
    expect(waitFor(1_000, 1)).to.equal(1_000);
    expect(waitFor(1_000, 4)).to.equal(250);
    expect(waitFor(3_600_000, 1)).to.equal(longestWaitMs);
    expect(waitFor(-5, 1)).to.equal(0);
  });

  it("goes up and down through its speeds, and stays at the ends", () => {
    expect([nextSpeed(1, 1), nextSpeed(1, -1), nextSpeed(3, 1), nextSpeed(128, 1), nextSpeed(0.25, -1)]).to.deep.equal([
      2, 0.5, 4, 128, 0.25,
    ]);
    expect([speedOf("4"), speedOf("0.5"), speedOf("2x")]).to.deep.equal([4, 0.5, 2]);
    for (const word of ["0", "-1", "fast", "", "1e3", "100000"]) expect(speedOf(word), word).to.equal(null);
  });
});

describe("the player of a recording", () => {
  /** Plays events that came at these times; what was shown when, on the player's own clock. */
  function playing(times: number[], speed = 1) {
    const time = clock();
    let now = 0;
    const shown: number[] = [];
    const events = times.map((ts, index) => ({ type: "ready", seq: index + 1, ts, session_id: "s", data: {} }));
    let changes = 0;
    const player = createPlayer({
      events: (events as unknown as SessionEvent[])[Symbol.iterator](),
      speed,
      after: time.after,
      now: () => now,
      show: (due) => shown.push(...due.map(({ ts }) => ts)),
      changed: () => {
        changes += 1;
      },
    });
    const pass = (ms: number) => {
      now += ms;
      time.pass(ms);
    };
    return { player, shown, pass, time, changes: () => changes };
  }

  it("shows each event when its time has come, and those of one instant together", () => {
    const { player, shown, pass } = playing([1_000, 1_000, 1_500, 1_700]);
    pass(0);
    expect(shown).to.deep.equal([1_000, 1_000]);
    pass(499);
    expect(shown).to.have.length(2);
    expect(player.time).to.equal(1_499);
    pass(1);
    pass(200);
    expect(shown).to.deep.equal([1_000, 1_000, 1_500, 1_700]);
    expect(player.done).to.equal(true);
  });

  it("lets a long silence pass quickly, its clock with it", () => {
    const { player, shown, pass } = playing([1_000, 1_000 + 3_600_000]);
    pass(0);
    pass(longestWaitMs / 2);
    expect(player.time).to.equal(1_000 + 1_800_000);
    pass(longestWaitMs / 2);
    expect(shown).to.have.length(2);
  });

  it("waits and goes on where it was, in the middle of a silence too", () => {
    const { player, shown, pass, time } = playing([1_000, 2_000]);
    pass(0);
    pass(600);
    player.toggle();
    pass(60_000);
    expect(player.time).to.equal(1_600);
    expect([shown.length, time.waiting]).to.deep.equal([1, 0]);
    player.toggle();
    pass(399);
    expect(shown).to.have.length(1);
    pass(1);
    expect(shown).to.have.length(2);
  });

  it("changes its speed without losing its place", () => {
    const { player, shown, pass } = playing([1_000, 2_000]);
    pass(0);
    pass(500);
    player.faster();
    expect(player.time).to.equal(1_500);
    pass(249);
    expect(shown).to.have.length(1);
    pass(1);
    expect(shown).to.have.length(2);
  });

  it("steps from event to event, and says when there is none", () => {
    const { player, shown, pass, changes } = playing([1_000, 2_000, 90_000]);
    expect([player.step(), player.step()]).to.deep.equal([true, true]);
    pass(60_000);
    expect(shown).to.deep.equal([1_000, 2_000]);
    expect(player.paused).to.equal(true);
    expect([player.step(), player.step()]).to.deep.equal([true, false]);
    expect(changes()).to.be.greaterThan(0);
  });

  it("shows nothing after it was closed", () => {
    const { player, shown, pass } = playing([1_000, 2_000]);
    pass(0);
    player.close();
    pass(5_000);
    expect(shown).to.deep.equal([1_000]);
  });
});
