import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { makeHouse, until } from "../support/program.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

/**
 * By the index of a reply: how many words of the watcher's there must be before the model writes it. A word about the
 * third call finds the model at its fourth, which is therefore not counted; the same after each further word.
 */
const wordsBefore: Record<number, number> = { 3: 1, 7: 2, 11: 3 };

describe("watcher: in the whole program", function () {
  this.timeout(30_000);

  it("notes, then refuses, then ends a turn whose model repeats one call for ever", async () => {
    const house = makeHouse();
    const look = replies({ calls: [{ name: "glob", arguments: { pattern: "*.csv" } }] });
    const server = await startOpenAiServer(async (request, index) => {
      const count = wordsBefore[index] ?? 0;
      const raised = () => house.journal().filter((event) => event.type === "guard_raised").length;
      if (count > 0) await until(`word ${count} of the watcher`, () => raised() >= count);
      return typeof look === "function" ? await look(request, index) : look;
    });
    try {
      const env = { LLAMACPP_BASE_URL: server.url };
      await house.run(["go", "--model", "llamacpp/scripted"], { entry, env });
      const story = house.journal().flatMap((event) => {
        if (event.type === "notice" || event.type === "turn_complete") return [event.data.reason];
        return event.type === "tool_output" ? [event.data.outcome] : [];
      });
      expect(story).to.deep.equal([
        ...["done", "done", "done", "done", "doom_loop:1"],
        ...["done", "done", "done", "done", "doom_loop:2"],
        ...["forbidden", "done", "done", "done", "doom_loop"],
      ]);
    } finally {
      await server.close();
      house.remove();
    }
  });
});
