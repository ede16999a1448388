import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Forked } from "../../tui/sessions/fork.ts";
import type { Imported } from "../../tui/sessions/import/import.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";
import { command } from "./stories.ts";

/** The program as it was built with these specs. */
const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const args = ["--model", "llamacpp/scripted"];

describe("sessions that a run goes on with", function () {
  this.timeout(30_000);
  let server: ScriptedServer;
  let house: House;
  const state = () => join(house.home, "ml/state");
  const run = (words: string[]) => house.run(words, { entry });
  const said = (index: number) => (server.requests[index]?.body.messages ?? []) as { role: string; content: string }[];
  const words = (index: number) =>
    said(index)
      .filter(({ role }) => role !== "system")
      .map(({ content }) => content);

  async function script(entries: Entry[]): Promise<void> {
    server = await startOpenAiServer(entries);
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
  }
  afterEach(async () => {
    await server.close();
    house.remove();
  });

  it("forks a session in the middle of its turn; both go on, each on its own", async () => {
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: Entry = async (request, index) => {
      await held;
      const next = replies({ text: "late" });
      return typeof next === "function" ? await next(request, index) : next;
    };
    await script([replies({ text: "first answer" }), slow, replies({ text: "of the fork" })]);
    await run(["one", ...args]);
    const [original = ""] = house.sessions();
    const { done } = house.start(["two", "--continue", ...args], { entry });
    await until("the second request", () => server.requests.length === 2);
    const { id } = (await command(state(), ["fork", original])).data as Forked;
    const forked = await run(["another way", "--resume", id]);
    expect(forked.code, forked.stderr).to.equal(0);
    expect(forked.stdout).to.contain("of the fork");
    expect(words(2).join("\n")).to.contain("one").and.contain("first answer").and.contain("another way");
    expect(words(2).join("\n")).to.not.contain("two");
    answer();
    expect((await done).stdout).to.contain("late");
    expect(eventsOf(house.journal(original), "user_message").map(({ data }) => data.content)).to.deep.equal([
      "one",
      "two",
    ]);
  });

  it("goes on with a conversation that the original has saved", async () => {
    await script([replies({ text: "I know" })]);
    const file = join(house.workspace, "session_1.json");
    const messages = [
      { role: "user", content: "the old question" },
      { role: "assistant", content: "the old answer" },
    ];
    writeFileSync(file, JSON.stringify({ session_id: "x", model_name: "llamacpp/scripted", messages }));
    const { id } = (await command(state(), ["import", file], { cwd: house.workspace })).data as Imported;
    const resumed = await run(["and now?", "--resume", id]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    const sent = words(0);
    expect(sent.at(0)).to.contain("the old question");
    expect(sent.at(1)).to.equal("the old answer");
    expect(sent.at(-1)).to.contain("and now?");
    const listed = JSON.parse((await run(["sessions", "--json"])).stdout);
    expect(listed[0]).to.deep.include({ id, turns: 1, first_prompt: "the old question", state: "done" });
  });

  it("goes on with a session after it was renamed", async () => {
    await script([replies({ text: "a" }), replies({ text: "b" })]);
    await run(["one", ...args]);
    const [id = ""] = house.sessions();
    await command(state(), ["rename", id, "mine"]);
    const resumed = await run(["two", "--resume", id]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    const [listed] = JSON.parse((await run(["sessions", "--json"])).stdout);
    expect(listed).to.deep.include({ id, name: "mine", turns: 2, state: "done" });
  });
});
