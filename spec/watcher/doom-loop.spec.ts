import { expect } from "chai";
import { calls, story, type Told, times } from "./story.ts";

const look: Told = { tool: "read", args: { path: "/a" } };

describe("watcher: the same calls again and again", () => {
  for (const [letters, why] of [
    ["aa", "two equal calls"],
    ["aabaa", "a pair that another call parts"],
    ["abac", "a pair that does not come back"],
    ["abcab", "a round that is not over"],
    ["abcdefabcdef", "a round longer than five"],
  ] as const) {
    it(`says nothing about ${why}`, () => {
      expect(story().replies(...calls(letters)).guards).to.deep.equal([]);
    });
  }

  it("speaks at the third equal call, naming the tool and what to do instead", () => {
    const { guards } = story().replies(...times(3, look));
    expect(guards).to.have.length(1);
    expect(guards[0]).to.include({ kind: "notice", reason: "doom_loop:1", turn: 1 });
    expect(guards[0]?.content).to.include("3 calls of `read`").and.to.include("tell the user");
  });

  for (const letters of ["ab", "abc", "aab", "abcd", "abcde"]) {
    it(`speaks when ${letters} comes round again, naming the tools in order`, () => {
      const told = story().replies(...calls(`x${letters}${letters.slice(0, -1)}`));
      expect(told.guards).to.deep.equal([]);
      told.replies(...calls(letters.slice(-1)));
      expect(told.kinds()).to.deep.equal(["notice"]);
      expect(told.guards[0]?.content).to.include([...letters].map((letter) => `\`tool_${letter}\``).join(" → "));
    });
  }

  it("is silent while the results of equal calls change, or only their arguments differ", () => {
    const polling = Array.from({ length: 40 }, (_, index) => ({ ...look, result: `step ${index}` }));
    const search = Array.from({ length: 40 }, (_, index) => ({ ...look, args: { path: `/${index}` } }));
    expect(story().replies(...polling, ...search).guards).to.deep.equal([]);
  });

  it("sees a loop although each result names a file of its own call", () => {
    expect(
      story()
        .replies(...times(3, { ...look, result: "whole: /o/{id}.txt" }))
        .kinds(),
    ).to.deep.equal(["notice"]);
  });

  it("takes calls of one reply in the order in which the model wrote them, however they end", () => {
    const told = story();
    const [a, b] = calls("ab") as [Told, Told];
    told.reply([a, b], [0, 1]).reply([b, a], [1, 0]);
    expect(told.guards, "a b b a").to.deep.equal([]);
    told.turn().reply([a, b], [1, 0]).reply([a, b], [0, 1]);
    expect(told.kinds(), "a b a b").to.deep.equal(["notice"]);
  });

  it("speaks once of a streak, then takes the tool away, then ends the turn", () => {
    const told = story("at_once").replies(...times(5, look));
    expect(told.reasons()).to.deep.equal(["doom_loop:1"]);
    told.replies(look);
    expect(told.guards[1]).to.include({ kind: "forbid", reason: "doom_loop:2", tool: "read" });
    told.replies(look, look);
    expect(told.guards).to.have.length(2);
    told.replies(look);
    expect(told.guards[2]).to.include({ kind: "stop", reason: "doom_loop" });
    expect(told.guards[2]?.content).to.include("9 times");
  });

  it("takes away the tool of a round's last call", () => {
    const told = story("at_once").replies(...calls("abababab"));
    expect(told.kinds()).to.deep.equal(["notice", "forbid"]);
    expect(told.guards[1]).to.include({ tool: "tool_b" });
  });

  it("does not hold calls against the model that it wrote before it was told", () => {
    const told = story("late").reply(times(8, look)).reply(times(8, look));
    expect(told.reasons()).to.deep.equal(["doom_loop:1"]);
    told.reply(times(8, look));
    expect(told.reasons()).to.deep.equal(["doom_loop:1", "doom_loop:2"]);
  });

  it("does not hold the other calls of the same reply against the model", () => {
    expect(story("never").reply(times(100, look)).kinds()).to.deep.equal(["notice"]);
  });

  it("goes on from a note that is put on record after the watcher was lost", () => {
    const told = story("never")
      .replies(...times(3, look))
      .lose();
    told.say({ type: "notice", data: { reason: "doom_loop:1", content: "…" } });
    told.replies(look, look);
    expect(told.kinds()).to.deep.equal(["notice"]);
    told.replies(look);
    expect(told.reasons()).to.deep.equal(["doom_loop:1", "doom_loop:2"]);
  });

  it("does not take an older note, or one about something else, for the newest word", () => {
    const told = story("never").replies(...times(16, look));
    expect(told.kinds()).to.deep.equal(["notice", "forbid"]);
    const note = (reason: string) => told.say({ type: "notice", data: { reason, content: "…" } });
    note("doom_loop:1");
    note("no_progress:2");
    note("doom_loop");
    told.replies(...times(3, look));
    expect(told.guards, "the second word is not on record").to.have.length(2);
    note("doom_loop:2");
    told.replies(...times(2, look));
    expect(told.guards, "two calls since").to.have.length(2);
    told.replies(look);
    expect(told.kinds()).to.deep.equal(["notice", "forbid", "stop"]);
  });

  it("counts a refused call as the one that it repeats", () => {
    const told = story("at_once").replies(...times(6, look));
    expect(told.kinds()).to.deep.equal(["notice", "forbid"]);
    told.replies({ ...look, outcome: "forbidden", result: "refused in this reply" }, look, look);
    expect(told.kinds()).to.deep.equal(["notice", "forbid", "stop"]);
  });

  it("begins anew after another call, and in the next turn", () => {
    const other = calls("x");
    const told = story("at_once").replies(...times(5, look), ...other, ...times(3, look));
    expect(told.reasons()).to.deep.equal(["doom_loop:1", "doom_loop:1"]);
    told.turn().replies(...times(2, look));
    expect(told.guards).to.have.length(2);
    told.replies(look);
    expect(told.guards[2]).to.include({ reason: "doom_loop:1", turn: 2 });
  });

  it("does not take a streak for broken or longer by what is no call", () => {
    const told = story("at_once").replies(look, look);
    told.say(
      { type: "notice", data: { reason: "empty_reply", content: "Your reply was empty." } },
      { type: "undo_complete", data: { turns: 0, input_id: null } },
      { type: "steered", data: { input_id: "i9" } },
      { type: "plan_update", data: { plan: [] } },
    );
    expect(told.guards).to.deep.equal([]);
    told.replies(look);
    expect(told.kinds()).to.deep.equal(["notice"]);
  });

  it("goes on to the end although the session never says that it told the model, and repeats a stop", () => {
    const told = story("never").replies(...times(29, look));
    expect(told.kinds()).to.deep.equal(["notice", "forbid", "stop"]);
    told.replies(...times(13, look));
    expect(told.kinds()).to.deep.equal(["notice", "forbid", "stop", "stop"]);
  });
});
