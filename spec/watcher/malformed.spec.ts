import { expect } from "chai";
import { story, type Told } from "./story.ts";

// Each is bad in its own way, so that only this detector has something to say.
let variants = 0;
function bad(tool = "write", args: Told["args"] = '{"content": "'): Told {
  variants += 1;
  return { tool, args, outcome: "invalid", result: `The arguments are no JSON (${variants}).` };
}
const good = (tool: string): Told => ({ tool, result: `${++variants}` });

describe("watcher: calls that cannot be used", () => {
  it("shows at the second one how to write them", () => {
    const told = story().replies(bad());
    expect(told.guards).to.deep.equal([]);
    told.replies(bad());
    expect(told.guards).to.have.length(1);
    expect(told.guards[0]).to.include({ kind: "notice", reason: "malformed_calls:1", turn: 1 });
    expect(told.guards[0]?.content).to.include("`write`").and.to.include("JSON object").and.to.include("in parts");
  });

  it("speaks of names and types when the arguments were an object", () => {
    const { guards } = story().replies(bad("edit", { file: 1 }), bad("edit", { file: 2 }));
    expect(guards[0]?.content).to.include("schema").and.not.to.include("in parts");
  });

  it("shows an invented name of any length in a few words", () => {
    const tool = "x".repeat(5000);
    const { guards } = story().replies(bad(tool), bad(tool));
    expect(guards[0]?.content.length).to.be.lessThan(800);
  });

  it("ends the turn at the fourth", () => {
    const told = story("at_once").replies(bad(), bad(), bad());
    expect(told.kinds()).to.deep.equal(["notice"]);
    told.replies(bad());
    expect(told.guards[1]).to.include({ kind: "stop", reason: "malformed_calls" });
  });

  it("counts each tool for itself", () => {
    const told = story().replies(bad("write"), bad("edit"));
    expect(told.guards).to.deep.equal([]);
    told.replies(good("read"), bad("write"));
    expect(told.guards[0]?.content).to.include("`write`");
  });

  it("begins anew after a usable call of that tool, even one that failed, and in the next turn", () => {
    const told = story().replies(bad(), good("write"), bad());
    told.replies({ ...good("write"), outcome: "failed" }, bad());
    told.turn().replies(bad());
    expect(told.guards).to.deep.equal([]);
  });

  it("lets the model see the note before it ends the turn, though one reply holds many bad calls", () => {
    const told = story("late").reply([bad(), bad(), bad(), bad(), bad()]);
    expect(told.kinds()).to.deep.equal(["notice"]);
    told.replies(bad());
    expect(told.kinds(), "written before the note came").to.deep.equal(["notice"]);
    told.replies(bad());
    expect(told.kinds()).to.deep.equal(["notice", "stop"]);
  });

  it("ends the turn in the end although the session never says that it told the model", () => {
    const told = story("never").replies(...Array.from({ length: 13 }, () => bad()));
    expect(told.reasons().filter((reason) => reason.startsWith("malformed"))).to.deep.equal([
      "malformed_calls:1",
      "malformed_calls",
    ]);
  });
});
