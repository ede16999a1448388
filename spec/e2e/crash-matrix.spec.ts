import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { inParallel, mortal, program } from "../support/crash.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

/** A file that no call may write: it lies outside the workspace, and nobody is there to approve it. */
const outside = join(tmpdir(), `outside-${process.pid}`, "file.txt");

/** A model that acts only on what the conversation shows, as a real one does. */
const script: Entry = async (request: SeenRequest, index: number) => {
  const messages = request.body.messages as { role: string }[];
  const results = messages.filter((message) => message.role === "tool").length;
  const turn =
    results === 0
      ? {
          text: "Two things at once.",
          calls: [
            { id: "append", name: "bash", arguments: { command: "sleep 0.1; echo ran >> effects.txt; echo appended" } },
            { id: "write", name: "write", arguments: { path: "note.txt", content: "one\ntwo\n" } },
          ],
        }
      : results === 2
        ? {
            calls: [
              { id: "outside", name: "write", arguments: { path: outside, content: "no" } },
              { id: "hook", name: "write", arguments: { path: ".git/hooks/pre-commit", content: "no" } },
            ],
          }
        : results === 4
          ? {
              calls: [
                { id: "edit", name: "edit", arguments: { path: "note.txt", old_str: "two", new_str: "three" } },
                {
                  id: "plan",
                  name: "plan_tool",
                  arguments: { todos: [{ id: "1", content: "x", status: "completed" }] },
                },
              ],
            }
          : { text: "All done." };
  const entry = replies(turn);
  return typeof entry === "function" ? await entry(request, index) : entry;
};

/** What must be the same in every life: results by call, files in the workspace, and the answer. */
function outcome(house: House, journal: SessionEvent[]) {
  return {
    escaped: existsSync(outside) || existsSync(join(house.workspace, ".git/hooks/pre-commit")),
    calls: Object.fromEntries(
      eventsOf(journal, "tool_output").map(({ data }) => [data.tool_call_id, [data.outcome, data.success]]),
    ),
    outputs: eventsOf(journal, "tool_output").length,
    effects: readFileSync(join(house.workspace, "effects.txt"), "utf8"),
    note: readFileSync(join(house.workspace, "note.txt"), "utf8"),
    ends: journal.filter(({ type }) => type === "turn_complete").length,
  };
}

describe("the whole program, killed with SIGKILL after each line of its journal", function () {
  this.timeout(300_000);
  let server: ScriptedServer;
  let env: Record<string, string>;

  before(async () => {
    server = await startOpenAiServer(script);
    env = { LLAMACPP_BASE_URL: server.url };
  });
  after(() => server.close());

  const args = ["--model", "llamacpp/scripted"];

  it("resumes to the same end, with every effect once and one terminal event for each call", async () => {
    const whole = makeHouse(env);
    const undisturbed = await whole.run(["do it", ...args], { entry: mortal });
    // An approval was needed and not given.
    expect(undisturbed.code, undisturbed.stderr).to.equal(3);
    const expected = outcome(whole, whole.journal());
    expect(expected).to.deep.include({ outputs: 6, effects: "ran\n", note: "one\nthree\n", ends: 1, escaped: false });
    expect(expected.calls.outside).to.deep.equal(["denied", false]);
    expect(expected.calls.hook).to.deep.equal(["forbidden", false]);
    const lines = whole.journal().length;
    whole.remove();

    // Before the input is on record (line 3) there is nothing to resume; the last line is the orderly end.
    const each = Array.from({ length: lines - 3 }, (_, index) => index + 3);
    await inParallel(each, 2, async (line) => {
      const house = makeHouse(env);
      const killed = await house.run(["do it", ...args], { entry: mortal, env: { DIE_AFTER: String(line) } });
      expect(killed.signal, `life ${line} should have been cut off: ${killed.stderr}`).to.equal("SIGKILL");
      // Once it is on record that the turn is complete there is nothing to finish.
      const code = house.journal().some(({ type }) => type === "turn_complete") ? 0 : 3;
      const resumed = await house.run(["--continue", ...args], { entry: program });
      expect(resumed.code, `killed after line ${line}: ${resumed.stderr}`).to.equal(code);
      expect(outcome(house, house.journal()), `killed after line ${line}`).to.deep.equal(expected);
      const numbers = house.journal().map(({ seq }) => seq);
      expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1));
      house.remove();
    });
    expect(server.unexpected).to.deep.equal([]);
  });
});
