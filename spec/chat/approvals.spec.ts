import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";
import { houseFor, type Talk, talk } from "./talk.ts";

describe("an approval in a conversation in lines", function () {
  this.timeout(40_000);
  let house: House;
  let server: ScriptedServer;
  let t: Talk;

  afterEach(async () => {
    t.child.kill("SIGKILL");
    await t.ended;
    await server.close();
    house.remove();
  });

  /** The model wants to write files outside the workspace, one in each reply, and then says that it is done. */
  async function begin(files: string[][], args: string[] = []): Promise<void> {
    const script: Entry[] = files.map((names, reply) =>
      replies({
        calls: names.map((name, index) => ({
          id: `c${reply}-${index}`,
          name: "write",
          arguments: { path: join(house.home, name), content: `content of ${name}` },
        })),
      }),
    );
    server.push(...script, replies({ text: "That is all." }), replies({ text: "Fine." }));
    t = talk(house.home, house.workspace, { LLAMACPP_BASE_URL: server.url }, args);
    t.say("write them");
  }
  beforeEach(async () => {
    server = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    house = houseFor(server.url);
  });

  const asked = () => JSON.stringify(server.requests.at(-1)?.body.messages);
  const has = (name: string) => existsSync(join(house.home, name));

  it("shows what would happen and why; an empty line decides nothing, y runs it", async () => {
    await begin([["a.txt"]]);
    await t.hears("why:");
    await t.hears("content of a.txt");
    await t.hears("[y] once");
    await t.ask("", "empty line");
    expect(has("a.txt")).to.equal(false);
    await t.ask("y", "That is all.");
    expect(readFileSync(join(house.home, "a.txt"), "utf8")).to.equal("content of a.txt");
    expect(await t.end()).to.equal(0);
  });

  it("takes any other words as a no, which reach the model as they were typed", async () => {
    await begin([["a.txt"]]);
    await t.hears("[y] once");
    await t.ask("  Use MY_Folder/Data instead, PLEASE", "That is all.");
    expect(has("a.txt")).to.equal(false);
    expect(asked()).to.contain("  Use MY_Folder/Data instead, PLEASE");
    expect(await t.end()).to.equal(3);
  });

  it("asks about several calls one after the other", async () => {
    await begin([["a.txt", "b.txt"]]);
    await t.hears("a.txt");
    await t.hears("(1 of 2)");
    await t.ask("n", "b.txt");
    await t.hears("[y] once");
    await t.ask("y", "That is all.");
    expect([has("a.txt"), has("b.txt")]).to.deep.equal([false, true]);
    await t.end();
  });

  it("offers the rule of the session and does not ask again once it was taken", async () => {
    await begin([["a.txt"], ["a.txt"]]);
    await t.hears("until you leave: allow write in");
    await t.ask("s", "That is all.");
    expect(has("a.txt")).to.equal(true);
    expect(eventsOf(house.journal(), "tool_call")).to.have.length(2);
    expect(eventsOf(house.journal(), "rule_added")).to.have.length(1);
    expect(eventsOf(house.journal(), "approval_required")).to.have.length(1);
    await t.end();
  });

  it("follows a mode that is set while it waits", async () => {
    await begin([["a.txt"], ["b.txt"]]);
    await t.hears("[y] once");
    await t.ask("/approval auto", "That is all.");
    expect([has("a.txt"), has("b.txt")]).to.deep.equal([true, true]);
    await t.ask("/approval", "without asking");
    expect(await t.end()).to.equal(0);
  });

  it("is refused without asking under deny", async () => {
    await begin([["a.txt"]], ["--approval", "deny"]);
    await t.hears("That is all.");
    expect(has("a.txt")).to.equal(false);
    await t.end();
  });

  it("is refused when the input has ended, and the turn goes to its end", async () => {
    await begin([["a.txt"]]);
    expect(await t.end()).to.equal(3);
    expect(has("a.txt")).to.equal(false);
    expect(t.stdout).to.contain("That is all.");
  });

  it("is put again to who takes the session up later", async () => {
    await begin([["a.txt"]]);
    await t.hears("[y] once");
    t.child.kill("SIGKILL");
    await t.ended;
    t = talk(house.home, house.workspace, { LLAMACPP_BASE_URL: server.url }, ["-c"]);
    await t.hears("[y] once");
    await t.ask("y", "That is all.");
    expect(has("a.txt")).to.equal(true);
    await t.end();
  });
});
