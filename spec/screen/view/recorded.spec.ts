import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../../actors/events.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";
import { initialUi } from "../../../tui/screen/view/ui.ts";
import { makeHouse } from "../../support/program.ts";
import { inputsOf } from "../model/recording.ts";
import { darkView, screenOf, sizes } from "./scene.ts";

describe("screen view: a recorded session", function () {
  this.timeout(60_000);
  const house = makeHouse();
  after(() => house.remove());
  let events: SessionEvent[] = [];

  before(async () => {
    const rows = Array.from(
      { length: 240 },
      (_, row) => `${row % 17},${(row * 7) % 13},${row % 17 > 8 ? "yes" : "no"}`,
    );
    writeFileSync(join(house.workspace, "data.csv"), `a,b,label\n${rows.join("\n")}\n`);
    const flags = ["-m", "offline/tabular", "--approval", "auto", "--output-format", "stream-json"];
    const run = await house.run([...flags, "Train a model on data.csv to predict label"]);
    expect(run.code, run.stderr).to.equal(0);
    events = run.stdout
      .trimEnd()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as SessionEvent);
  });

  it("is shown at every size, at every moment, without a fault and the same as by a view that remembers nothing", () => {
    for (const size of sizes) {
      const view = darkView();
      let model: Model = emptyModel();
      for (let at = 0; at < events.length; at += 20) {
        model = reduce(model, inputsOf(events.slice(at, at + 20)));
        const { lines } = screenOf(model, size, { view });
        if (model.live.text === null) expect(screenOf(model, size).lines).to.deep.equal(lines);
      }
    }
  });

  it("shows what the experiment came to: its plan, its curve, its answer", () => {
    const model = reduce(emptyModel(), inputsOf(events));
    const { lines } = screenOf(model, [200, 50]);
    const text = lines.join("\n");
    expect(text).to.match(/plan (\d+)\/\1/);
    expect(text).to.match(/accuracy/i);
    expect(text).to.match(/[\u2801-\u28ff]/);
    const jobs = screenOf(model, [100, 30], { ui: { ...initialUi(), zoom: "jobs", focus: "jobs" } });
    expect(jobs.lines.join("\n")).to.match(/[\u2801-\u28ff]/);
  });
});
