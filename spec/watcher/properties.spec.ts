import { expect } from "chai";
import type { DurableEvents } from "../../actors/events.ts";
import { seeded } from "../support/journal.ts";
import { type Hearing, story, type Told } from "./story.ts";

const hearings: Hearing[] = ["at_once", "late", "never"];
const outcomes: DurableEvents["tool_output"]["outcome"][] = ["done", "failed", "timeout", "denied", "invalid"];

function dice(seed: number) {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[]): T => {
    const one = list[below(list.length)];
    if (one === undefined) throw new Error("An empty list has no member.");
    return one;
  };
  /** Cuts calls into replies of one to four, each of which ends in any order. */
  function tell(told: ReturnType<typeof story>, calls: readonly Told[]): void {
    for (let at = 0; at < calls.length; ) {
      const part = calls.slice(at, at + 1 + below(4));
      const endings = part.map((_, index) => index).toSorted(() => random() - 0.5);
      told.reply(part, endings);
      at += part.length;
    }
  }
  return { below, oneOf, tell };
}

describe("watcher: any story", () => {
  it("is left alone when nothing repeats and something succeeds now and then", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { below, oneOf, tell } = dice(seed);
      const told = story(oneOf(hearings));
      const calls = Array.from({ length: 200 }, (_, index): Told => {
        const outcome = index % 7 === 0 ? "done" : oneOf(["done", "failed", "timeout", "denied"] as const);
        return { tool: `tool_${below(4)}`, args: { n: below(3), index }, result: `${below(3)}`, outcome };
      });
      tell(told, calls);
      expect(told.guards, `seed ${seed}`).to.deep.equal([]);
    }
  });

  it("is left alone while it polls, whatever else it does in between", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { below, oneOf, tell } = dice(seed);
      const told = story(oneOf(hearings));
      let step = 0;
      const calls = Array.from({ length: 100 }, (): Told => {
        step += 1;
        if (below(4) === 0) return { tool: "bash", args: { sleep: 5, step } };
        return { tool: "jobs", args: { id: "j" }, result: `step ${step}` };
      });
      tell(told, calls);
      expect(told.guards, `seed ${seed}`).to.deep.equal([]);
    }
  });

  it("ends within a bounded number of calls when it goes round for ever, after a word to the model", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { below, oneOf, tell } = dice(seed);
      const hearing = oneOf(hearings);
      const told = story(hearing);
      const before = Array.from({ length: below(12) }, (_, index): Told => ({ tool: "read", args: { index } }));
      tell(told, before);
      const length = 1 + below(5);
      const round = Array.from({ length }, (_, index): Told => {
        return { tool: `tool_${below(2)}`, args: { index }, outcome: oneOf(outcomes) };
      });
      const bound = hearing === "never" ? 120 : 50;
      let calls = 0;
      while (!told.kinds().includes("stop") && calls < 1000) {
        tell(told, round);
        calls += length;
      }
      expect(calls, `seed ${seed}, rounds of ${length}, told ${hearing}`).to.be.at.most(bound);
      expect(told.kinds()[0], `seed ${seed}`).to.equal("notice");
    }
  });

  it("ends all the same when the watcher dies again and again, and the model is told nothing twice", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { below, oneOf, tell } = dice(seed);
      const told = story(oneOf(["at_once", "late"]));
      const round = Array.from({ length: 1 + below(3) }, (_, index): Told => ({ args: { index } }));
      let deaths = 0;
      while (!told.kinds().includes("stop") && told.events.length < 5000) {
        tell(told, round);
        if (below(3) > 0) continue;
        deaths += 1;
        told.lose();
      }
      const notes = told.events.flatMap((event) => (event.type === "notice" ? [event.data.reason] : []));
      expect(new Set(notes).size, `seed ${seed}: ${notes}`).to.equal(notes.length);
      const calls = told.events.filter((event) => event.type === "tool_call").length;
      expect(calls, `seed ${seed}, ${deaths} deaths`).to.be.at.most(80);
    }
  });

  it("keeps no more in mind after a long turn than after a short one", () => {
    const { tell } = dice(1);
    const told = story();
    const unlike = (count: number, from: number) =>
      Array.from({ length: count }, (_, index): Told => {
        return { tool: `tool_${from + index}`, args: "{", outcome: index % 2 === 0 ? "invalid" : "done" };
      });
    tell(told, unlike(200, 1000));
    const size = JSON.stringify(told.state()).length;
    tell(told, unlike(2000, 2000));
    expect(JSON.stringify(told.state()).length).to.be.at.most(size + 100);
    expect(size).to.be.lessThan(10_000);
  });
});
