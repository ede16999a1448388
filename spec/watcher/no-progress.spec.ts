import { expect } from "chai";
import type { DurableEvents } from "../../actors/events.ts";
import { story, type Told } from "./story.ts";

type Outcome = DurableEvents["tool_output"]["outcome"];

let variants = 0;
/** A call that never was before, by a tool that never was before. */
function fresh(outcome: Outcome, part: Told = {}): Told {
  variants += 1;
  return { tool: `tool_${variants}`, args: { variants }, result: `${variants}`, outcome, ...part };
}
const failing = (count: number): Told[] => Array.from({ length: count }, () => fresh("failed"));

describe("watcher: one failure after the other", () => {
  it("says after eight of any kind to step back, and ends the turn after twenty", () => {
    const kinds: Outcome[] = ["failed", "invalid", "denied", "timeout", "forbidden", "failed", "timeout"];
    const told = story("at_once").replies(...kinds.map((outcome) => fresh(outcome)));
    expect(told.guards).to.deep.equal([]);
    told.replies(fresh("failed"));
    expect(told.guards).to.have.length(1);
    expect(told.guards[0]).to.include({ kind: "notice", reason: "no_progress:1", turn: 1 });
    told.replies(...failing(11));
    expect(told.guards).to.have.length(1);
    told.replies(fresh("failed"));
    expect(told.guards[1]).to.include({ kind: "stop", reason: "no_progress" });
    expect(told.guards[1]?.content).to.include("20 calls");
  });

  it("begins anew after one success, and in the next turn", () => {
    const told = story().replies(...failing(7), fresh("done"), ...failing(7));
    told.turn().replies(...failing(7));
    expect(told.guards).to.deep.equal([]);
  });

  it("takes no comfort from reading again what was read before", () => {
    const read = fresh("done");
    const told = story().replies(read, ...failing(4), read, ...failing(3), read);
    expect(told.guards).to.deep.equal([]);
    told.replies(fresh("failed"));
    expect(told.kinds()).to.deep.equal(["notice"]);
  });

  it("takes a read with another result, and a repeated command that did something, for progress", () => {
    const read = fresh("done");
    const command = fresh("done", { onCrash: "adopt" });
    const told = story().replies(read, command, ...failing(7), { ...read, result: "new" }, ...failing(7), command);
    expect(told.replies(...failing(7)).guards).to.deep.equal([]);
  });

  it("counts what was cut off neither way", () => {
    const told = story().replies(...failing(7), fresh("cancelled"), fresh("unknown"));
    expect(told.guards).to.deep.equal([]);
    told.replies(fresh("failed"));
    expect(told.kinds()).to.deep.equal(["notice"]);
  });

  it("does not end a turn whose model could not know the note yet", () => {
    const told = story("late").reply(failing(30));
    expect(told.kinds()).to.deep.equal(["notice"]);
    told.replies(fresh("failed"), fresh("failed"));
    expect(told.kinds()).to.deep.equal(["notice", "stop"]);
  });

  it("leaves it at the end of the turn when there is something else to say as well", () => {
    const told = story("at_once").replies(...failing(18), ...[1, 2].map(() => fresh("invalid", { tool: "write" })));
    expect(told.reasons()).to.deep.equal(["no_progress:1", "no_progress"]);
  });
});
