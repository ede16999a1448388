import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { chunk, type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, until } from "../support/program.ts";
import type { Answer, Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";
import { houseFor, type Talk, talk } from "./talk.ts";

/** A script that looks at each request: a reply of the model, or an answer as it is. */
function answering(choose: (request: SeenRequest) => OpenAiTurn | Answer): Entry {
  return (request, index) => {
    const chosen = choose(request);
    const entry = "status" in chosen || "steps" in chosen ? chosen : replies(chosen);
    return typeof entry === "function" ? entry(request, index) : entry;
  };
}

describe("a conversation in lines", function () {
  this.timeout(40_000);
  let house: House;
  let server: ScriptedServer;
  let open: Talk[] = [];

  afterEach(async () => {
    for (const one of open) one.child.kill("SIGKILL");
    await Promise.all(open.map((one) => one.ended));
    open = [];
    await server.close();
    house.remove();
  });

  async function begin(script: Entry | Entry[], args: string[] = [], env = {}): Promise<Talk> {
    server = await startOpenAiServer(script, { models: [{ id: "scripted" }] });
    house = houseFor(server.url);
    return again(args, env);
  }
  function again(args: string[] = [], env = {}): Talk {
    const one = talk(house.home, house.workspace, { LLAMACPP_BASE_URL: server.url, ...env }, args);
    open.push(one);
    return one;
  }
  const asked = (index: number) => JSON.stringify(server.requests.at(index)?.body.messages);
  const call = (command: string) => [{ name: "bash", arguments: { command } }];

  it("has each line answered with all that was said before, on standard output alone", async () => {
    const t = await begin([replies({ text: "The first answer." }), replies({ text: "The second." })]);
    t.say("first question", "second question");
    expect(await t.end()).to.equal(0);
    expect(t.stdout).to.equal("The first answer.\nThe second.\n");
    expect(asked(1)).to.contain("first question").and.contain("The first answer.").and.contain("second question");
    const [id = ""] = house.sessions();
    expect(t.heard).to.contain(`ml-intern --resume ${id}`);
    expect(t.heard.match(/1 model call · 100 tokens in/g)).to.have.length(2);
  });

  it("joins lines that end with a backslash, and sends a text that begins with a slash", async () => {
    const t = await begin(replies({ text: "ok" }));
    t.say("one\\", "two", "//etc/hosts is a file");
    expect(await t.end()).to.equal(0);
    expect(asked(0)).to.contain("one\\ntwo");
    expect(asked(1)).to.contain("/etc/hosts is a file").and.not.contain("//etc");
  });

  it("shows an answer as it comes", async () => {
    let proceed = () => {};
    const waits = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const t = await begin({
      steps: [
        { data: chunk({ content: "half " }) },
        { run: () => waits },
        { data: chunk({ content: "whole" }) },
        { data: chunk({}, "stop") },
        { data: "[DONE]" },
      ],
    });
    await t.ask("go", "half ");
    proceed();
    await t.hears("whole");
    expect(await t.end()).to.equal(0);
    expect(t.stdout).to.equal("half whole\n");
  });

  it("says that what was shown of an answer is void when its stream breaks off", async () => {
    const t = await begin([
      { steps: [{ data: chunk({ content: "a wrong start" }) }, { waitMs: 20 }, { cut: true }] },
      replies({ text: "the answer" }),
    ]);
    await t.ask("go", "a wrong start");
    await t.hears("void");
    await t.hears("the answer");
    expect(await t.end()).to.equal(0);
  });

  it("takes a turn back, and makes the conversation shorter at any size", async () => {
    const t = await begin(
      answering(({ body }) => ({ text: JSON.stringify(body.messages).includes("secret plan") ? "noted" : "clean" })),
    );
    await t.ask("a secret plan", "noted");
    await t.ask("/undo", "taken back");
    await t.ask("what now?", "clean");
    await t.ask("/compact", "compacted");
    await t.ask("still there?", "model call");
    expect(await t.end()).to.equal(0);
    expect(eventsOf(house.journal(), "compacted")).to.have.length(1);
    expect(asked(-1)).to.contain("still there?");
  });

  it("goes on with a model that answers, and stays with its own when another does not", async () => {
    const t = await begin(
      answering(({ body }) =>
        body.model === "broken"
          ? { status: 404, body: { error: { message: "no such model" } } }
          : { text: `I am ${String(body.model)}` },
      ),
    );
    await t.ask("/model llamacpp/other", "model is now llamacpp/other");
    await t.ask("who?", "I am other");
    await t.ask("/model llamacpp/broken", "is not used");
    await t.ask("who?", "I am other");
    await t.ask("/model gpt-5", "openai/gpt-5");
    expect(await t.end()).to.equal(0);
  });

  it("begins anew, and takes an old session up again with what was said in it", async () => {
    const t = await begin(replies({ text: "yes" }));
    await t.ask("the word is osprey", "model call");
    const [old = ""] = house.sessions();
    await t.ask("/new", `back with /resume ${old}`);
    await t.ask("what is the word?", "model call");
    expect(asked(-1)).to.not.contain("osprey");
    await t.ask(`/resume ${old}`, "1 turn so far");
    await t.ask("and now?", "model call");
    expect(asked(-1)).to.contain("osprey").and.contain("and now?").and.not.contain("what is the word?");
    await t.ask("/resume", "open here");
    expect(await t.end()).to.equal(0);
    expect(house.sessions()).to.have.length(2);
  });

  it("goes on in a fork without touching the original, and leaves nothing of a session that was never used", async () => {
    const t = await begin(replies({ text: "yes" }));
    await t.ask("one", "model call");
    await t.ask("two", "model call");
    await t.ask("/fork 2", "a copy of");
    await t.ask("three", "model call");
    expect(asked(-1)).to.contain("one").and.contain("three").and.not.contain("two");
    await t.ask("/new", "left session");
    await t.ask("/quit", "");
    expect(await t.ended).to.equal(0);
    expect(house.sessions()).to.have.length(2);
  });

  it("stays with its session when another cannot be opened", async () => {
    const t = await begin(replies({ text: "yes" }));
    await t.ask("the word is osprey", "model call");
    const [own] = house.sessions();
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    const other = talk(house.home, elsewhere, { LLAMACPP_BASE_URL: server.url });
    open.push(other);
    await other.ask("hello", "model call");
    const id = house.sessions().find((one) => one !== own) ?? "";
    await t.ask(`/resume ${id}`, "is open in process");
    await other.end();
    rmSync(elsewhere, { recursive: true });
    await t.ask(`/resume ${id}`, "is gone");
    await t.ask("and now?", "model call");
    expect(asked(-1)).to.contain("osprey");
    expect(await t.end()).to.equal(0);
  });

  it("keeps a fork, a resume or a command that cannot be from doing harm", async () => {
    const t = await begin(replies({ text: "yes" }));
    await t.ask("/resume nothing", "No session");
    await t.ask("/fork 7", "there is no number 7");
    await t.ask("/modle x", "/model?");
    await t.ask("/effort hgih", "Did you mean high?");
    await t.ask("/rename 42", "cannot be a name");
    await t.ask("/undo", "no turn to take back");
    await t.ask("hello", "yes");
    expect(await t.end()).to.equal(0);
  });

  it("tells name, budget, effort, plan, cost and status, and changes them", async () => {
    const t = await begin(replies({ text: "yes" }));
    await t.ask("hello", "model call");
    await t.ask("/rename harbour study", "harbour study");
    await t.ask("/effort high", "effort is now high");
    await t.ask("/budget 2.50", "$2.50");
    await t.ask("/status", '"harbour study"');
    await t.hears("effort high");
    await t.ask("/cost", "1 model call,");
    await t.ask("/plan", "no plan");
    await t.ask("/jobs", "nothing runs");
    await t.ask("/help", "/export");
    await t.ask("/new", "left session");
    await t.ask("/status", "effort high");
    await t.hears("budget $2.50, $0.00 of it spent");
    expect(await t.end()).to.equal(0);
    expect(eventsOf(house.journal(), "budget_changed").at(-1)?.data.cap_micro_usd).to.equal(2_500_000);
  });

  it("tells what runs in the background, and ends it when it leaves the session", async () => {
    const calls = [{ name: "bash", arguments: { command: "sleep 60", background: true } }];
    const t = await begin([replies({ calls }), replies({ text: "started" })]);
    await t.ask("start it", "model calls");
    await t.ask("/jobs", "sleep 60, in the background, begun just now");
    await t.ask("/new", "a command that ran was ended");
    await t.ask("/jobs", "nothing runs");
    expect(await t.end()).to.equal(0);
  });

  it("ends the running turn at the first interrupt and goes on talking", async () => {
    const t = await begin([replies({ calls: call("sleep 30") }), replies({ text: "still here" })]);
    await t.ask("wait long", "▸");
    t.child.kill("SIGINT");
    await t.hears("interrupted");
    await t.ask("hello?", "still here");
    expect(await t.end()).to.equal(0);
    expect(eventsOf(house.journal(), "interrupted")).to.have.length(1);
  });

  it("leaves at the second interrupt within a second, and says how to come back", async () => {
    const t = await begin(replies({ calls: call("sleep 30") }));
    await t.ask("wait long", "▸");
    t.child.kill("SIGINT");
    await t.hears("interrupting");
    t.child.kill("SIGINT");
    expect(await t.ended).to.equal(130);
    expect(t.heard).to.contain("--resume");
  });

  it("ends by another signal with its code, the turn left open for later", async () => {
    const wait = call("touch begun; sleep 30");
    const t = await begin([replies({ calls: wait }), replies({ text: "finished after all" })]);
    t.say("wait long");
    await until("the command", () => existsSync(join(house.workspace, "begun")));
    t.child.kill("SIGTERM");
    expect(await t.ended).to.equal(143);
    const later = again(["-c"]);
    await later.hears("finished after all");
    expect(await later.end()).to.equal(0);
  });

  it("says why it ends and how to go on when a part of it fails beyond repair", async () => {
    const t = await begin([replies({ calls: call("touch begun; sleep 30") }), replies({ text: "finished after all" })]);
    t.say("wait long");
    await until("the command", () => existsSync(join(house.workspace, "begun")));
    const drills = setInterval(() => t.child.kill("SIGUSR2"), 100);
    const code = await t.ended;
    clearInterval(drills);
    expect(code, t.heard).to.equal(1);
    expect(t.heard).to.contain("✗").and.contain("--resume");
  });

  it("finishes the turn when the input ends in the middle of it, and ends as that turn did", async () => {
    const t = await begin([
      replies({ text: "working", calls: call("echo done") }),
      { status: 401, body: { error: { message: "bad key" } } },
    ]);
    t.say("do it");
    expect(await t.end()).to.equal(1);
    expect(t.heard).to.contain("LLM_UNAUTHORIZED");
  });

  it("takes words of the command line as the first message", async () => {
    const t = await begin(replies({ text: "yes" }), ["begin with this"]);
    await t.hears("yes");
    expect(await t.end()).to.equal(0);
    expect(asked(0)).to.contain("begin with this");
  });

  it("writes the session out without the secrets of the environment, and never over another file", async () => {
    const t = await begin(replies({ text: "the word is orange-harbour-4471" }), [], {
      MY_TOKEN: "orange-harbour-4471",
    });
    await t.ask("hello", "model call");
    await t.ask("/export messages out.jsonl", "wrote");
    await t.ask("/export messages out.jsonl", "is there already");
    expect(await t.end()).to.equal(0);
    const text = readFileSync(join(house.workspace, "out.jsonl"), "utf8");
    expect(text).to.contain("the word is").and.not.contain("orange-harbour-4471");
  });
});
