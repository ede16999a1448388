// What is said at GitHub, through the whole program: who is asked, what survives, and what a sub-agent may.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { acts } from "../support/acts.ts";
import { type FakeGitHub, startGitHub } from "../support/github-service.ts";
import type { FakeTalk } from "../support/github-talk.ts";
import { startOpenAiServer } from "../support/openai-server.ts";
import { converse } from "../support/person.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Service } from "../support/service.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

const call = (operation: string, more: object = {}) => ({
  name: "github_issues",
  arguments: { operation, repo: "org/trainer", ...more },
});
const comment = call("comment", { number: 7, body: "The same here." });
const get = call("get", { number: 7 });

describe("issues on GitHub, in the whole program", function () {
  this.timeout(60_000);
  let model: ScriptedServer;
  let github: Service;
  let talk: FakeTalk;
  let house: House;
  let env: Record<string, string>;
  let args: string[];

  async function open(script: Entry, before?: FakeGitHub["before"]): Promise<void> {
    talk = { issues: [{ number: 7, title: "Loss is NaN", comments: [] }] };
    model = await startOpenAiServer(script, { models: [] });
    github = await startGitHub({ repos: { "org/trainer": { files: {}, talk } }, ...(before && { before }) });
    env = { LLAMACPP_BASE_URL: model.url, GITHUB_API_URL: github.url, GITHUB_TOKEN: token };
    house = makeHouse(env);
    const file = join(house.home, "config.json");
    // Even whoever allows everything is asked.
    const rules = [
      { verdict: "allow", access: "publish" },
      { verdict: "allow", access: "network" },
    ];
    const prices = { "llamacpp/m": { input: 0, output: 0 } };
    writeFileSync(file, JSON.stringify({ prices, policy: { preset: "autonomous", rules } }));
    args = ["--config", file, "--model", "llamacpp/m", "--isolation", "off"];
  }
  afterEach(async () => {
    await Promise.all([model.close(), github.close()]);
    house.remove();
  });

  const outputs = () => eventsOf(house.journal(), "tool_output").map(({ data }) => data);
  const sent = () => github.asked.filter(({ method }) => method !== "GET").map(({ path }) => path);
  const withPerson = (answer: "y" | "n", killed?: AbortSignal) =>
    converse({
      house,
      entry,
      env,
      args: ["say it", ...args],
      answer: () => answer,
      lastWords: "The end.",
      ...(killed && { killed }),
    });

  it("are read without a question, and not written to while nobody is there to say so, whatever is allowed", async () => {
    await open(acts({ calls: [get] }, { calls: [comment] }, { text: "The end." }));
    const run = await house.run(["say it", ...args, "--approval", "auto"], { entry });
    expect(run.code, run.stderr).to.equal(3);
    expect(outputs()[0]?.output).to.contain("Issue org/trainer#7 (open): Loss is NaN");
    expect(sent()).to.deep.equal([]);
    expect(JSON.stringify(house.journal())).to.not.contain(token);
  });

  it("are written to when a person has read the text and says so, each time", async () => {
    await open(acts({ calls: [comment] }, { calls: [comment] }, { text: "The end." }));
    const run = await withPerson("y");
    expect(run.code, run.stderr).to.equal(0);
    const asked = eventsOf(house.journal(), "approval_required").flatMap(({ data }) => data.tools);
    expect(asked.map(({ always }) => always)).to.deep.equal([true, true]);
    expect(asked[0]?.reason).to.contain("would get something in your name that others read");
    expect(asked[0]?.preview?.text).to.contain("The same here.").and.contain("<!-- call ");
    expect(talk.issues?.[0]?.comments).to.have.length(2);
  });

  it("are left alone when the person says no", async () => {
    await open(acts({ calls: [comment] }, { text: "The end." }));
    await withPerson("n");
    expect(sent()).to.deep.equal([]);
    expect(outputs()[0]?.outcome).to.equal("denied");
  });

  it("get no comment twice when the program is killed after GitHub has taken it", async () => {
    let isTaken = false;
    await open(acts({ calls: [comment] }, { text: "The end." }), ({ method, json }) => {
      if (method !== "POST" || isTaken) return undefined;
      isTaken = true;
      const { body } = json as { body: string };
      talk.issues?.[0]?.comments?.push({ user: "me", body, created_at: new Date().toISOString() });
      return "hang";
    });
    const power = new AbortController();
    const first = withPerson("y", power.signal);
    await until("the comment", () => isTaken);
    power.abort();
    expect((await first).signal).to.equal("SIGKILL");
    const run = await house.run(["--continue", ...args], { entry });
    expect(run.stdout, run.stderr).to.contain("The end.");
    expect(outputs()[0]?.output).to.contain("Commented on #7").and.contain("found complete");
    expect(sent()).to.have.length(1);
    expect(talk.issues?.[0]?.comments).to.have.length(1);
  });

  it("are looked at and left alone by a sub-agent", async () => {
    const look = { text: "Known.\n\n## Sources\n[1] https://github.com/org/trainer/issues/7" };
    await open(async (request, index) => {
      const [system] = request.body.messages as { content: string }[];
      const isAgent = String(system?.content).includes("research half");
      const ask = { calls: [{ name: "research", arguments: { task: "Is it known?" } }] };
      const script = isAgent ? acts({ calls: [get, comment] }, look, look) : acts(ask, { text: "The end." });
      return typeof script === "function" ? await script(request, index) : script;
    });
    const run = await house.run(["look", ...args, "--approval", "auto"], { entry });
    expect(run.code, run.stderr).to.equal(0);
    const agent = eventsOf(house.journal(), "tool_call")[0]?.data.tool_call_id ?? "";
    const journal = house.journal(join(house.sessions()[0] ?? "", "agents", agent));
    const done = eventsOf(journal, "tool_output").map(({ data }) => [data.tool, data.outcome]);
    expect(done).to.have.deep.members([
      ["github_issues", "done"],
      ["github_issues", "forbidden"],
    ]);
    expect(sent()).to.deep.equal([]);
  });
});
