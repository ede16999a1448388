// The second story of the crash matrix: a model that fails at first each time, a window that is soon full, and a budget.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { booksOf, endsOf, inParallel, mortal, program, say } from "../support/crash.ts";
import { isSummary, type MeteredModel, price, type Script, startMeteredModel } from "../support/metered-model.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";

const steps = 11;
const windowTokens = 16_000;

const script: Script = {
  turn(last, request) {
    if (isSummary(request)) {
      return { text: `All steps up to STEP=${last} were made, each as it should be, and the next one is due.` };
    }
    const step = last + 1;
    if (step > steps) return { text: "All steps are done." };
    const command = `echo line-${step} >> effects.txt; head -c 11000 /dev/zero | tr "\\0" x; echo; echo STEP=${step}`;
    return { calls: [{ id: `s${step}`, name: "bash", arguments: { command } }] };
  },
  fault(attempt, last, request) {
    // The first summary is refused each time that it is asked for.
    if (isSummary(request)) return last < 6 ? "refused" : attempt % 2 === 1 ? "busy" : null;
    return attempt % 2 === 0 ? null : last % 2 === 0 ? "busy" : "cut";
  },
};

/** What must be the same in every life, and how the conversation was made shorter. */
function outcome(house: House, journal: SessionEvent[]) {
  const effects = join(house.workspace, "effects.txt");
  return {
    ends: eventsOf(journal, "turn_complete").map(({ data }) => [data.reason, data.final_response]),
    calls: endsOf(journal),
    effects: existsSync(effects) ? readFileSync(effects, "utf8") : "",
    compacted: eventsOf(journal, "compacted").map(({ data }) => data.by),
  };
}

/**
 * Lines after which it is killed: each of the first steps, each around a compaction, each at the end, and every third of
 * the steps between, which are like those before them. Before the input is on record there is nothing to resume, and
 * the last line is the orderly end.
 */
function linesToDieAfter(journal: readonly SessionEvent[]): number[] {
  const first = journal.findIndex(({ type }) => type === "user_message") + 1;
  const all = Array.from({ length: journal.length - first }, (_, index) => first + index);
  const special = journal.flatMap(({ type, seq }) => (type === "compacted" || type === "shutdown" ? [seq] : []));
  return all.filter((line) => {
    const isNear = special.some((seq) => Math.abs(seq - line) <= 1);
    return isNear || line < first + 15 || line % 3 === 0;
  });
}

const nameIn = (journal: readonly SessionEvent[]) => (line: number) => `${line} ${journal[line - 1]?.type}`;

describe("a session of retries, compactions and a budget, killed after line after line of its journal", function () {
  this.timeout(300_000);
  let model: MeteredModel;
  const houses: House[] = [];

  before(async () => {
    model = await startMeteredModel(script);
  });
  after(async () => {
    await model.server.close();
    // Those of a failure are left over.
    for (const house of houses) house.remove();
  });

  function open(name: string): { house: House; args: string[] } {
    const house = makeHouse({ LLAMACPP_BASE_URL: model.server.url });
    houses.push(house);
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
    const calm = open("calm");
    const undisturbed = await calm.house.run(["make all steps", ...calm.args, "--budget", "50"], { entry: program });
    expect(undisturbed.code, undisturbed.stderr).to.equal(0);
    const journal = calm.house.journal();
    const expected = outcome(calm.house, journal);
    expect(expected.ends).to.deep.equal([["done", "All steps are done."]]);
    expect(expected.calls).to.have.length(steps);
    expect(expected.compacted).to.include.members(["model", "mechanical"]);
    expect(model.failed("calm")).to.be.at.least(steps);
    calm.house.remove();

    const lines = linesToDieAfter(journal);
    await inParallel(lines, 2, async (line) => {
      const name = `line${line}`;
      const { house, args } = open(name);
      const life = `killed after line ${nameIn(journal)(line)}`;
      const start = ["make all steps", ...args, "--budget", "50"];
      const killed = await house.run(start, { entry: mortal, env: { DIE_AFTER: String(line) } });
      expect(killed.signal, `${life}: ${killed.stderr}`).to.equal("SIGKILL");
      const atDeath = booksOf(house.journal());
      expect(atDeath.committed, life).to.be.at.least(Math.max(model.charged(name), atDeath.owed));

      const resumed = await house.run(["--continue", ...args], { entry: program });
      expect(resumed.code, `${life}: ${resumed.stderr}`).to.equal(0);
      const whole = house.journal();
      expect(outcome(house, whole), life).to.deep.equal(expected);
      const after = booksOf(whole);
      expect(after.committed, life).to.be.at.least(Math.max(model.charged(name), after.owed, atDeath.committed));
      expect(after.open, life).to.equal(0);
      const numbers = whole.map(({ seq }) => seq);
      expect(numbers, life).to.deep.equal(numbers.map((_, index) => index + 1));
      house.remove();
    });
    say(`killed after ${lines.length} of ${journal.length} lines: ${lines.map(nameIn(journal)).join(", ")}`);
    expect(model.server.unexpected).to.deep.equal([]);
  });
});
