// The whole program is killed with SIGKILL at random moments of a session, and taken up again until it is done: what
// comes out must be what comes out of a session that nobody disturbs. A failure names the seed; ROOT_KILLS_SEED=n runs
// that one session alone. The moments are times, so a seed says which were tried and not what was under way.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { booksOf, endsOf, inParallel, program, say } from "../support/crash.ts";
import { fewTools } from "../support/few-tools.ts";
import { isSummary, type MeteredModel, price, type Script, startMeteredModel } from "../support/metered-model.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import { randomFrom } from "../support/random.ts";

const steps = 14;
const sessions = 20;
const mostKills = 3;
/** Milliseconds within which a life is ended: about as long as a whole session takes. */
const mostLifeMs = 700;
const windowTokens = 16_000;
/** US dollars: far more than a session costs, and too little for one. */
const ample = 50;
const tight = 0.1;

function callOf(step: number) {
  switch (step % 4) {
    case 0:
      return { name: "write", arguments: { path: `file-${step}.txt`, content: `content of STEP=${step}\n` } };
    case 1:
      return { name: "read", arguments: { path: "steps.txt" } };
    case 2:
      return { name: "edit", arguments: { path: "steps.txt", old_str: `todo ${step}\n`, new_str: `done ${step}\n` } };
    default: {
      const command = `echo line-${step} >> effects.txt; sleep 0.05; head -c 14000 /dev/zero | tr "\\0" x; echo STEP=${step}`;
      return { name: "bash", arguments: { command } };
    }
  }
}

const script: Script = {
  turn(last, request) {
    if (isSummary(request)) return { text: `All steps up to STEP=${last} were made, and the next one is due.` };
    if (last >= steps) return { text: "All steps are done." };
    const step = last + 1;
    // The text names the step, so that it is known of calls whose arguments do not.
    return { text: `Now comes STEP=${step}.`, calls: [{ id: `s${step}`, ...callOf(step) }] };
  },
  fault(attempt, last, request) {
    if (isSummary(request)) return attempt % 2 === 1 ? "busy" : null;
    return attempt % 2 === 0 ? null : last % 2 === 0 ? "busy" : "cut";
  },
};

function outcome(house: House, journal: SessionEvent[]) {
  const names = ["effects.txt", "steps.txt", ...Array.from({ length: steps }, (_, n) => `file-${n + 1}.txt`)];
  const paths = names.map((name) => join(house.workspace, name)).filter(existsSync);
  return {
    ends: eventsOf(journal, "turn_complete").map(({ data }) => [data.reason, data.final_response]),
    calls: endsOf(journal),
    files: paths.map((path) => readFileSync(path, "utf8")),
  };
}

describe("a session whose whole program is killed at random moments", function () {
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
    const prices = { [`llamacpp/${name}`]: price };
    writeFileSync(config, JSON.stringify({ ...fewTools, context_window: windowTokens, limits, prices }));
    const todo = Array.from({ length: steps }, (_, n) => `todo ${n + 1}\n`).join("");
    writeFileSync(join(house.workspace, "steps.txt"), todo);
    const args = ["--model", `llamacpp/${name}`, "--config", config, "--isolation", "off", "--approval", "auto"];
    return { house, args };
  }

  const begin = (args: string[], usd = ample) => ["make all steps", ...args, "--budget", String(usd)];

  /** Runs one session, killed at times that the seed chooses; says what it was killed over and how its last life ended. */
  async function disturbed(name: string, seed: number, usd = ample) {
    const { house, args } = open(name);
    const random = randomFrom(seed);
    const kills = 1 + Math.floor(random() * mostKills);
    const deaths: string[] = [];
    const know = () => eventsOf(house.journal(), "user_message").length > 0;
    for (let life = 0; life < kills; life++) {
      const run = house.start(life === 0 ? begin(args, usd) : ["--continue", ...args], { entry: program });
      // Before the input is on record there is nothing to resume.
      await Promise.race([until("the input to be on record", know), run.done]);
      const lifeMs = Math.floor(random() * mostLifeMs);
      await Promise.race([setTimeout(lifeMs), run.done]);
      run.child.kill("SIGKILL");
      const { code, signal, stderr } = await run.done;
      // It may have been over before its time was.
      if (signal !== "SIGKILL" && usd === ample) expect(code, `seed ${seed}: ${stderr}`).to.equal(0);
      const journal = house.journal();
      const books = booksOf(journal);
      const where = `seed ${seed}, life ${life + 1}`;
      expect(books.committed, where).to.be.at.least(Math.max(model.charged(name), books.owed));
      if (signal === "SIGKILL") deaths.push(`${journal.at(-1)?.type}@${lifeMs}`);
    }
    const last = await house.run(["--continue", ...args], { entry: program });
    const after = booksOf(house.journal());
    expect(after.committed, `seed ${seed}`).to.be.at.least(Math.max(model.charged(name), after.owed));
    expect(after.open, `seed ${seed}`).to.equal(0);
    return { house, deaths, last, committed: after.committed };
  }

  it("comes to the same end, with every effect once and books that never show less than was charged", async () => {
    const calm = open("calm");
    const undisturbed = await calm.house.run(begin(calm.args), { entry: program });
    expect(undisturbed.code, undisturbed.stderr).to.equal(0);
    const expected = outcome(calm.house, calm.house.journal());
    expect(expected.ends).to.deep.equal([["done", "All steps are done."]]);
    expect(expected.calls).to.deep.equal(Array.from({ length: steps }, (_, n) => `s${n + 1} done true`));
    expect(eventsOf(calm.house.journal(), "compacted")).not.to.deep.equal([]);
    calm.house.remove();

    const only = process.env.ROOT_KILLS_SEED;
    const seeds = only === undefined ? Array.from({ length: sessions }, (_, n) => n + 1) : [Number(only)];
    const all: string[] = [];
    await inParallel(seeds, 2, async (seed) => {
      const { house, deaths, last } = await disturbed(`seed${seed}`, seed);
      const over = `seed ${seed}, killed after ${deaths.join(", ")}`;
      expect(last.code, `${over}: ${last.stderr}`).to.equal(0);
      expect(outcome(house, house.journal()), over).to.deep.equal(expected);
      all.push(...deaths.map((death) => death.replace(/@.*/, "")));
      house.remove();
    });
    const types = [...new Set(all)].map((type) => `${type} ${all.filter((other) => other === type).length}`);
    say(`${seeds.length} sessions, ${all.length} kills, by the last line before them: ${types.join(", ")}`);
    if (only === undefined) expect(all.length).to.be.greaterThan(sessions / 2);
    expect(model.server.unexpected).to.deep.equal([]);
  });

  it("is never charged more than its budget, however often it has to begin a model call again", async () => {
    const ends: string[] = [];
    await inParallel([1, 2, 3, 4, 5, 6], 2, async (seed) => {
      const name = `tight${seed}`;
      const { house, deaths, last, committed } = await disturbed(name, seed, tight);
      const over = `seed ${seed}, killed after ${deaths.join(", ")}`;
      const reasons = eventsOf(house.journal(), "turn_complete").map(({ data }) => data.reason);
      // Where money for one more attempt is all that is missing, the failure of the last one is what is told.
      const failures = eventsOf(house.journal(), "error").map(({ data }) => data.code);
      const end = reasons.at(-1) ?? failures.at(-1);
      expect(end, `${over}: ended with ${last.code}: ${last.stderr}`).to.be.oneOf(["budget", "LLM_STREAM_BROKEN"]);
      expect(model.charged(name), over).to.be.within(1, tight * 1e6);
      expect(committed, over).to.be.at.most(tight * 1e6);
      ends.push(`${reasons.length} turns, $${model.charged(name) / 1e6} of $${tight} after ${deaths.length} kills`);
      house.remove();
    });
    say(ends.join("; "));
  });
});
