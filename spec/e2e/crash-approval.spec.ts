// The third story of the crash matrix: calls that wait for a person when the program dies, and are answered afterwards.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { endsOf, inParallel, mortal, program, say } from "../support/crash.ts";
import { type MeteredModel, type Script, startMeteredModel } from "../support/metered-model.ts";
import { converse } from "../support/person.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";

const lastWords = "Done as far as I was allowed to.";

/** Folders outside of the workspaces, by the name of the model that the session uses. */
const outside = new Map<string, string>();

const script: Script = {
  turn(last, request) {
    if (last > 0) return { text: lastWords };
    const elsewhere = outside.get(String(request.body.model)) ?? "";
    const append = (text: string) => `sleep 0.05; echo ${text} >> effects.txt; echo STEP=1`;
    return {
      calls: [
        { id: "here", name: "bash", arguments: { command: append("here") } },
        { id: "yes", name: "bash", arguments: { command: append("there"), work_dir: elsewhere } },
        { id: "no", name: "write", arguments: { path: join(elsewhere, "unwanted.txt"), content: "no" } },
      ],
    };
  },
  fault: () => null,
};

interface Place {
  house: House;
  elsewhere: string;
  args: string[];
  env: Record<string, string>;
}

/** Yes to the command, no to the file, with a word for the model. */
function answer(question: string): string {
  return question.lastIndexOf("unwanted.txt") > question.lastIndexOf("effects.txt") ? "Not this one." : "y";
}

function outcome({ house, elsewhere }: Place, journal: SessionEvent[]) {
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return {
    ends: eventsOf(journal, "turn_complete").map(({ data }) => [data.reason, data.final_response]),
    calls: endsOf(journal).toSorted(),
    here: read(join(house.workspace, "effects.txt")),
    there: read(join(elsewhere, "effects.txt")),
    unwanted: existsSync(join(elsewhere, "unwanted.txt")),
    feedback: eventsOf(journal, "tool_output").filter(({ data }) => data.output.includes("Not this one.")).length,
  };
}

describe("a session with questions to its user, killed after each line of its journal", function () {
  this.timeout(120_000);
  let model: MeteredModel;
  const places: Place[] = [];

  before(async () => {
    model = await startMeteredModel(script);
  });
  after(async () => {
    await model.server.close();
    // Those of a failure are left over.
    places.forEach(remove);
  });

  function open(name: string): Place {
    const house = makeHouse();
    const elsewhere = `${house.workspace}-elsewhere`;
    mkdirSync(elsewhere);
    outside.set(name, elsewhere);
    const args = ["--model", `llamacpp/${name}`, "--isolation", "off"];
    const place = { house, elsewhere, args, env: { LLAMACPP_BASE_URL: model.server.url } };
    places.push(place);
    return place;
  }
  function remove({ house, elsewhere }: Place): void {
    house.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  }

  it("puts each question again until it is answered, does what was allowed once, and never what was not", async () => {
    const calm = open("calm");
    const undisturbed = await converse({ ...calm, entry: program, args: ["do it", ...calm.args], answer, lastWords });
    expect(undisturbed.code, undisturbed.stderr).to.equal(3);
    const journal = calm.house.journal();
    const expected = outcome(calm, journal);
    expect(expected).to.deep.equal({
      ends: [["done", lastWords]],
      calls: ["here done true", "no denied false", "yes done true"],
      here: "here\n",
      there: "there\n",
      unwanted: false,
      feedback: 1,
    });
    remove(calm);

    // Before the input is on record there is nothing to resume; the last line is the orderly end.
    const first = journal.findIndex(({ type }) => type === "user_message") + 1;
    const lines = Array.from({ length: journal.length - first }, (_, index) => first + index);
    let pending = 0;
    await inParallel(lines, 2, async (line) => {
      const place = open(`line${line}`);
      const { house, args } = place;
      const life = `killed after line ${line}`;
      const env = { ...place.env, DIE_AFTER: String(line) };
      const killed = await converse({ ...place, entry: mortal, args: ["do it", ...args], env, answer, lastWords });
      expect(killed.signal, `${life}: ${killed.stderr}`).to.equal("SIGKILL");
      const last = house.journal().at(-1);
      if (last?.type === "approval_required") pending += 1;
      // With nothing left to be done, there is nothing to wait for.
      const words = last?.type === "turn_complete" ? null : lastWords;
      const again = { ...place, entry: program, args: ["--continue", ...args], answer, lastWords: words };
      const resumed = await converse(again);
      expect(resumed.signal, `${life}, ${last?.type}: ${resumed.stderr}`).to.equal(null);
      expect(outcome(place, house.journal()), `${life}, ${last?.type}`).to.deep.equal(expected);
      remove(place);
    });
    say(`killed after each of ${lines.length} lines, once while its questions waited`);
    expect(pending).to.equal(1);
    expect(model.server.unexpected).to.deep.equal([]);
  });
});
