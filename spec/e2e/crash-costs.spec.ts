// The second story of the crash matrix: a model that fails at first each time, a window that is soon full, and a budget.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { booksOf, endsOf, inParallel, mortal, program } from "../support/crash.ts";
import { isSummary, type MeteredModel, price, type Script, startMeteredModel } from "../support/metered-model.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";

const steps = 8;
const windowTokens = 16_000;
const padding = "x".repeat(11_000);

const script: Script = {
  turn(last, request) {
    if (isSummary(request)) {
      return { text: "Steps were made, each as it should be, and the next one is due. Nothing has failed so far." };
    }
    const step = last + 1;
    if (step > steps) return { text: "All steps are done." };
    const command = `echo line-${step} >> effects.txt; echo ${padding}; echo STEP=${step}`;
    return { calls: [{ id: `s${step}`, name: "bash", arguments: { command } }] };
  },
  fault(attempt, last, request) {
    // A summary that tells of the fourth step is refused each time.
    if (isSummary(request)) return request.text.includes("STEP=4") ? "refused" : attempt % 2 === 1 ? "busy" : null;
    return attempt % 2 === 0 ? null : last % 2 === 0 ? "busy" : "cut";
  },
};

/** What must be the same in every life. */
function outcome(house: House, journal: SessionEvent[]) {
  return {
    ends: eventsOf(journal, "turn_complete").map(({ data }) => [data.reason, data.final_response]),
    calls: endsOf(journal),
    effects: readFileSync(join(house.workspace, "effects.txt"), "utf8"),
    compacted: eventsOf(journal, "compacted").map(({ data }) => data.by),
  };
}

describe("a session of retries, compactions and a budget, killed after each line of its journal", function () {
  this.timeout(300_000);
  let model: MeteredModel;

  before(async () => {
    model = await startMeteredModel(script);
  });
  after(() => model.server.close());

  function open(name: string): { house: House; args: string[] } {
    const house = makeHouse({ LLAMACPP_BASE_URL: model.server.url });
    const config = join(house.home, "config.json");
    const limits = { llm_first_wait_ms: 1, llm_max_output_tokens: 1_000 };
    writeFileSync(
      config,
      JSON.stringify({ context_window: windowTokens, limits, prices: { [`llamacpp/${name}`]: price } }),
    );
    const args = ["--model", `llamacpp/${name}`, "--config", config, "--isolation", "off", "--approval", "auto"];
    return { house, args };
  }

  it("comes to the same end, with every effect once and books that never show less than was charged", async () => {
    const { house: whole, args } = open("whole");
    const undisturbed = await whole.run(["make all steps", ...args, "--budget", "50"], { entry: program });
    expect(undisturbed.code, undisturbed.stderr).to.equal(0);
    const expected = outcome(whole, whole.journal());
    expect(expected.ends).to.deep.equal([["done", "All steps are done."]]);
    expect(expected.calls).to.have.length(steps);
    expect(expected.compacted.filter((by) => by === "model").length).to.be.at.least(1);
    expect(expected.compacted.filter((by) => by === "mechanical").length).to.be.at.least(1);
    expect(model.failed("whole")).to.be.at.least(steps);
    const lines = whole.journal().length;
    console.log(lines, expected, booksOf(whole.journal()), model.charged("whole"), whole.journal().map(e=>e.type).join(" "));
    whole.remove();
  });
});
