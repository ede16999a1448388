import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { talk } from "../chat/talk.ts";
import { type FakeCommit, history } from "../support/hub/state.ts";
import { type HubOptions, type HubService, startHub } from "../support/hub-service.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type House, makeHouse, until } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const dataset = "me/ml-intern-sessions";
const leaked = "hf_abcdefghijklmnopqrstuvwxyzABCDEF012345";

interface Line {
  type: string;
  message?: { role: string; content: string; toolCalls?: unknown[] };
}

describe("sharing a session", function () {
  this.timeout(60_000);
  let server: ScriptedServer;
  let hub: HubService;
  let house: House;
  let env: Record<string, string>;

  async function open(script: Entry[], options: HubOptions = {}): Promise<void> {
    server = await startOpenAiServer(script);
    hub = await startHub(options);
    env = { LLAMACPP_BASE_URL: server.url, HF_ENDPOINT: hub.url, HF_TOKEN: hub.token };
    house = makeHouse(env);
  }
  afterEach(async () => {
    await server.close();
    await hub.close();
    house.remove();
  });

  const sit = (args: string[] = []) => talk(house.home, house.workspace, env, args);
  const consent = () => join(house.home, "ml/state/sharing.json");
  const shared = (): Line[] => {
    const files = hub.repos.get(`dataset ${dataset}`)?.branches.get("main")?.files ?? new Map();
    const [path] = [...files.keys()].filter((name) => name.startsWith("sessions/"));
    const text = path === undefined ? "" : (files.get(path)?.content?.toString("utf8") ?? "");
    return text
      .split("\n")
      .filter(Boolean)
      .map((line: string) => JSON.parse(line) as Line);
  };
  const look = { name: "bash", arguments: { command: `echo the token is ${leaked}` } };

  it("is never done unasked: a whole session sends nothing to anybody but the model", async () => {
    await open([replies({ calls: [look] }), replies({ text: "all done" })]);
    const run = await house.run(["do it", "--model", "llamacpp/scripted"], { entry });
    expect(run.stdout).to.contain("all done");
    const conversation = sit();
    conversation.say("/status", "/export messages out.jsonl", "/quit");
    await conversation.end();
    expect(hub.asked).to.deep.equal([]);
    expect(hub.storage.requests).to.deep.equal([]);
    expect(server.requests.length).to.be.greaterThan(1);
    for (const request of server.requests) {
      const tools = (request.body.tools ?? []) as { function: { name: string } }[];
      expect(tools.map(({ function: { name } }) => name)).to.not.include("share_traces");
    }
  });

  it("shows first what would leave, and sends it without secrets to a dataset that is made private", async () => {
    await open([replies({ calls: [look] }), replies({ text: `I saw ${leaked} and "${"correct-horse-battery"}"` })]);
    env.SLACK_BOT_TOKEN = "correct-horse-battery";
    const conversation = sit();
    await conversation.ask("please look", "I saw");
    await conversation.ask("/share-traces", "nothing was sent");
    expect(hub.writes()).to.deep.equal([]);
    expect(existsSync(consent())).to.equal(false);
    await conversation.hears("look through it: ");
    await conversation.ask("/share-traces yes", "sent to the private dataset");
    await conversation.end();
    expect(hub.repos.get(`dataset ${dataset}`)?.private).to.equal(true);
    const lines = shared();
    expect(lines.map(({ type, message }) => message?.role ?? type)).to.deep.equal([
      "session",
      "user",
      "assistant",
      "tool",
      "assistant",
    ]);
    const text = JSON.stringify(lines);
    expect(text).to.not.contain(leaked).and.not.contain("correct-horse-battery");
    expect(text).to.contain("[redacted HF token]").and.contain("please look");
    expect(hub.textOf("dataset", dataset, "README.md")).to.contain("format:agent-traces");
    expect(existsSync(consent())).to.equal(true);
  });

  it("sends nothing to a dataset that is public", async () => {
    await open([replies({ text: "hello" })]);
    hub.add("dataset", dataset, {}, { private: false });
    const conversation = sit();
    await conversation.ask("hi", "hello");
    await conversation.ask("/share-traces yes", "is not private, so nothing was sent");
    await conversation.end();
    expect(hub.writes()).to.deep.equal([]);
    expect(existsSync(consent())).to.equal(false);
  });

  it("is a tool of later sessions after a yes, that asks each time, and of none after a no", async () => {
    const wish = { name: "share_traces", arguments: {} };
    await open([
      replies({ text: "first" }),
      replies({ calls: [wish] }),
      replies({ text: "shared it" }),
      replies({ text: "last" }),
    ]);
    const first = sit();
    await first.ask("one", "first");
    await first.ask("/share-traces yes", "sent to the private dataset");
    await first.end();
    const second = sit();
    await second.ask("share this session", "[y] once");
    expect(second.heard).to.contain(dataset).and.contain("2 messages");
    await second.ask("y", "shared it");
    await second.ask("/share-traces no", "not shared any more");
    await second.end();
    expect(existsSync(consent())).to.equal(false);
    const files = [...(hub.repos.get(`dataset ${dataset}`)?.branches.get("main")?.files.keys() ?? [])];
    expect(files.filter((name) => name.startsWith("sessions/"))).to.have.length(2);
    await house.run(["again", "--model", "llamacpp/scripted"], { entry });
    const tools = server.requests.map(({ body }) => JSON.stringify(body.tools ?? []).includes('"share_traces"'));
    expect([tools[0], tools[1], tools.at(-1)]).to.deep.equal([false, true, false]);
  });

  it("is done once, also when the program is killed after its commit was made", async () => {
    let isMade = false;
    const wish = { name: "share_traces", arguments: {} };
    await open([replies({ text: "first" }), replies({ calls: [wish] }), replies({ text: "shared it" })], {
      async before(asked, index) {
        // The first is the one by hand.
        if (!/\/commit\//.test(asked.path) || index !== 1) return undefined;
        isMade = true;
        const { authorization = "" } = asked.headers;
        await fetch(`${hub.url}${asked.path}`, { method: "POST", body: asked.text, headers: { authorization } });
        return "hang";
      },
    });
    const first = sit();
    await first.ask("one", "first");
    await first.ask("/share-traces yes", "sent to");
    await first.end();
    const commits = () => history(hub.repos.get(`dataset ${dataset}`)?.branches.get("main") as FakeCommit).length;
    const before = commits();
    const args = ["--model", "llamacpp/scripted", "--approval", "auto"];
    const killed = house.start(["share", ...args], { entry });
    await until("the second commit", () => isMade && commits() === before + 1);
    killed.child.kill("SIGKILL");
    await killed.done;
    const run = await house.run(["--continue", ...args], { entry });
    expect(run.stdout, run.stderr).to.contain("shared it");
    expect(commits()).to.equal(before + 1);
  });

  it("needs a new yes when the sessions are to go elsewhere", async () => {
    await open([replies({ text: "first" }), replies({ text: "second" })]);
    const first = sit();
    await first.ask("one", "first");
    await first.ask("/share-traces yes", "sent to");
    await first.end();
    const config = join(house.workspace, "config.json");
    writeFileSync(config, JSON.stringify({ share_traces_to: "acme/all-sessions" }));
    await house.run(["two", "--model", "llamacpp/scripted", "--config", config], { entry });
    expect(JSON.stringify(server.requests.at(-1)?.body.tools ?? [])).to.not.contain('"share_traces"');
    expect(JSON.parse(readFileSync(consent(), "utf8"))).to.include({
      dataset: "{user}/ml-intern-sessions",
      hub: hub.url,
    });
  });

  it("says without a token what is missing, and keeps the conversation going", async () => {
    await open([replies({ text: "hello" })]);
    env.HF_TOKEN = "";
    const conversation = sit();
    await conversation.ask("hi", "hello");
    await conversation.ask("/share-traces", "no token for the Hub");
    await conversation.ask("/share-traces maybe", "takes yes or no");
    await conversation.end();
    expect(hub.asked).to.deep.equal([]);
  });
});
