import { expect } from "chai";
import { command, makeStories, refusal, type Stories } from "./stories.ts";

describe("ml-intern sessions replay, printed", () => {
  let stories: Stories;
  beforeEach(() => {
    stories = makeStories();
  });
  afterEach(() => stories.remove());

  it("prints what was said and done, in order, at once", async () => {
    const story = stories.open("s1");
    story.turn("write it", { id: "w1", output: "Created a.txt", path: "/w/a.txt" });
    story.turn("and then?");
    story.close();
    const { out, err, exitCode } = await command(stories.stateDir, ["replay", "s1"]);
    expect([exitCode, err]).to.deep.equal([0, ""]);
    const places = ["› write it", "Write /w/a.txt", "› and then?"].map((text) => out.indexOf(text));
    expect(
      places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1)),
      out,
    ).to.equal(true);
  });

  it("takes its time with --speed, and changes nothing", async () => {
    const story = stories.open("s1");
    story.turn("one");
    const before = JSON.stringify(stories.events("s1"));
    // It is still open, and can be watched all the same.
    const { out } = await command(stories.stateDir, ["replay", "s1"], { speed: "1000" });
    expect(out).to.contain("› one");
    expect(JSON.stringify(stories.events("s1"))).to.equal(before);
    story.close();
  });

  it("refuses what is no speed, what is no session, and JSON", async () => {
    const story = stories.open("s1");
    story.turn("one");
    story.close();
    expect(await refusal(stories.stateDir, ["replay", "s1"], { speed: "fast" })).to.include({ code: "USAGE" });
    expect(await refusal(stories.stateDir, ["replay", "s1"], { json: true })).to.include({ code: "USAGE" });
    expect(await refusal(stories.stateDir, ["replay", "zz"])).to.include({ code: "SESSION_UNKNOWN" });
    expect(await refusal(stories.stateDir, ["show", "s1"], { speed: "2" })).to.include({ code: "USAGE" });
    expect(await refusal(stories.stateDir, ["replay"])).to.include({ code: "USAGE" });
  });
});
