import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, type Run, type Running, until } from "../support/program.ts";
import { buttonsOf, type SlackServer, startSlackServer } from "../support/slack-server.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const ada = { id: "U0ADA", username: "ada" };
const eve = { id: "U0EVE", username: "eve" };
const appToken = "xapp-1-A0123456789-0123456789-abcdef0123456789";

describe("approvals from Slack, in the whole program", function () {
  this.timeout(60_000);

  let house: House;
  let model: ScriptedServer;
  let server: SlackServer;
  let elsewhere: string;
  const running: Running[] = [];

  async function begin(messaging: object = {}): Promise<void> {
    elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    house = makeHouse();
    const command = `echo here >> ${join(elsewhere, "effect.txt")} # <!channel>`;
    const script: Entry[] = [
      replies({ calls: [{ id: "c1", name: "bash", arguments: { command, work_dir: elsewhere } }] }),
      replies({ text: "Done." }),
    ];
    model = await startOpenAiServer(script);
    server = await startSlackServer();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration fills it in
    const team = { token: "xoxb-0123456789-abcdefghij", channel: "C1", app_token: "${OUR_APP}", approvers: [ada.id] };
    mkdirSync(join(house.home, ".config/ml-intern"), { recursive: true });
    const config = { messaging: { enabled: true, destinations: { team }, ...messaging } };
    writeFileSync(join(house.home, ".config/ml-intern/cli_agent_config.json"), JSON.stringify(config));
  }
  afterEach(async () => {
    for (const { child, done } of running.splice(0)) {
      child.kill("SIGKILL");
      await done;
    }
    await model.close();
    await server.close();
    house.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  function start(args: string[]): Running {
    const env = { LLAMACPP_BASE_URL: model.url, SLACK_API_URL: server.apiUrl, OUR_APP: appToken };
    const one = house.start([...args, "--model", "llamacpp/scripted"], { entry, env });
    running.push(one);
    return one;
  }
  /** A person at a conversation in lines, who says what `say` has written and leaves after the last word. */
  function sit() {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: house.home,
      ML_INTERN_HOME: join(house.home, "ml"),
      LLAMACPP_BASE_URL: model.url,
      SLACK_API_URL: server.apiUrl,
      OUR_APP: appToken,
    };
    const args = [entry, "--plain", "--model", "llamacpp/scripted", "go"];
    const child = spawn(process.execPath, args, { cwd: house.workspace, env, stdio: ["pipe", "pipe", "pipe"] });
    const heard = { text: "" };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        heard.text += chunk.toString();
        if (heard.text.includes("Done.")) child.stdin.end();
      });
    }
    const done = new Promise<Run>((resolve) =>
      child.on("close", (code, signal) => resolve({ code, signal, stdout: heard.text, stderr: "" })),
    );
    running.push({ child, done });
    return { heard, done, say: (line: string) => child.stdin.write(`${line}\n`) };
  }
  /** The buttons of a question that was posted, once answers can arrive. */
  async function asked(count = 1) {
    await until("a question", () => server.posts().length >= count && server.peers().length > 0);
    const [allow, deny] = buttonsOf(server.posts()[count - 1]);
    if (allow === undefined || deny === undefined) throw new Error("there are no buttons");
    return { allow, deny };
  }
  const happened = () => existsSync(join(elsewhere, "effect.txt"));
  const answers = () => eventsOf(house.journal(), "tool_state_change").filter(({ data }) => data.by !== undefined);
  const lastUpdate = () => server.updates().at(-1)?.fields.blocks ?? "";
  const audit = () => {
    const path = join(house.home, "ml/state/sessions", house.sessions()[0] ?? "", "audit.jsonl");
    return readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  };

  it("waits for the answer, goes on with it, and has on record who gave it", async () => {
    await begin();
    const { done } = start(["go"]);
    const { allow } = await asked();
    expect(happened()).to.equal(false);
    expect(server.opened().map(({ authorization }) => authorization)).to.deep.equal([`Bearer ${appToken}`]);
    expect(server.posts()[0]?.fields.blocks).to.include("effect.txt # <!channel>").and.not.include("mrkdwn");
    const envelope = server.click(ada, allow);
    const { code, stdout, stderr } = await done;
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: "Done.\n" });
    expect(happened()).to.equal(true);
    expect(server.acknowledged).to.deep.equal([envelope]);
    expect(stderr).to.include("Waiting for an approval from team, for at most 60 min.");
    expect(stderr).to.include("allowed in Slack by ada");
    const by = { via: "slack", id: ada.id, name: "ada" };
    expect(answers().map(({ data }) => [data.state, data.by])).to.deep.equal([["approved", by]]);
    expect(audit().find(({ verdict }) => verdict === "approved")).to.deep.include({ who: "user", by });
    expect(lastUpdate()).to.include("Allowed once in Slack by ada (U0ADA) at ").and.not.include('"actions"');
    expect(JSON.stringify(house.journal())).to.not.include(appToken);
  });

  it("does not run what is denied there, and ends as a run does whose calls were refused", async () => {
    await begin();
    const { done } = start(["go"]);
    server.click(ada, (await asked()).deny);
    expect((await done).code).to.equal(3);
    expect(happened()).to.equal(false);
    expect(answers().map(({ data }) => data.state)).to.deep.equal(["rejected"]);
    expect(lastUpdate()).to.include("Denied in Slack by ada");
  });

  it("changes nothing at the click of a stranger or of a forged or foreign button, and tells them why", async () => {
    await begin();
    const { done } = start(["go"]);
    const { allow, deny } = await asked();
    server.click(eve, allow);
    server.click(ada, { ...allow, value: deny.value.replace("false", "true") });
    server.click(ada, { ...allow, value: allow.value.replace(/^\["[^"]+"/, '["other-session"') });
    server.click(ada, { ...allow, value: "yes" });
    await until("four words", () => server.whispers().length === 4);
    expect(
      server
        .whispers()
        .map(({ fields }) => [fields.user, fields.text?.split(/[.:]/)[0]])
        .toSorted(),
    ).to.deep.equal([
      [ada.id, "This button is not one of this session's"],
      [ada.id, "This button is out of date, or was never made by this session"],
      [ada.id, "This question belongs to another session"],
      [eve.id, "You are not among those who may answer this"],
    ]);
    expect({ happened: happened(), answers: answers().length, updates: server.updates().length }).to.deep.equal({
      happened: false,
      answers: 0,
      updates: 0,
    });
    server.click(ada, deny);
    expect((await done).code).to.equal(3);
  });

  it("does what it does without an approver when nobody answers in time", async () => {
    await begin({ approval_wait_minutes: 0.02 });
    const { code } = await start(["go"]).done;
    expect(code).to.equal(3);
    expect(happened()).to.equal(false);
    expect(lastUpdate()).to.include("Nobody answered in time");
    expect(audit().find(({ verdict }) => verdict === "rejected")).to.include({ who: "mode" });
  });

  it("does not wait at all where the wait is 0", async () => {
    await begin({ approval_wait_minutes: 0 });
    const { code, stderr } = await start(["go"]).done;
    expect(code).to.equal(3);
    expect(stderr).to.not.include("Waiting for");
  });

  it("does not wait for people whose answers can never arrive, and says so once", async () => {
    await begin();
    server.refuseSockets("invalid_auth");
    const { code, stderr } = await start(["go"]).done;
    expect(code).to.equal(3);
    expect(stderr.match(/Answers cannot arrive from C1/g)).to.have.length(1);
    expect(stderr).to.not.include(appToken);
  });

  it("takes an answer over a new connection when Slack wants another, or when the first was cut", async () => {
    await begin();
    const { done } = start(["go"]);
    const { allow } = await asked();
    server.refresh();
    await until("a second connection", () => server.opened().length === 2 && server.peers().length === 1);
    server.peers()[0]?.cut();
    await until("a third connection", () => server.opened().length === 3 && server.peers().length === 1);
    server.click(ada, allow);
    expect((await done).code).to.equal(0);
    expect(happened()).to.equal(true);
  });

  it("says once that answers cannot arrive for now, waits on, and takes the answer when they can", async () => {
    await begin();
    server.refuseSockets("internal_error");
    const { done } = start(["go"]);
    await until("two attempts", () => server.opened().length === 2);
    server.refuseSockets(null);
    server.click(ada, (await asked()).allow);
    const { code, stderr } = await done;
    expect(code).to.equal(0);
    expect(stderr.match(/Answers cannot arrive from C1/g)).to.have.length(1);
  });

  it("closes the question of a conversation when Slack answers first, and says who did", async () => {
    await begin();
    const { heard, done } = sit();
    const { allow } = await asked();
    await until("the question at the terminal", () => heard.text.includes("[y] once"));
    server.click(ada, allow);
    expect((await done).code).to.equal(0);
    expect(heard.text).to.include("allowed in Slack by ada");
    expect(happened()).to.equal(true);
  });

  it("takes the buttons away when the terminal answers first", async () => {
    await begin();
    const { heard, done, say } = sit();
    await asked();
    await until("the question at the terminal", () => heard.text.includes("[y] once"));
    say("y");
    expect((await done).code).to.equal(0);
    expect(happened()).to.equal(true);
    expect(answers()).to.have.length(0);
    expect(lastUpdate()).to.include("Allowed once at the terminal at ").and.not.include('"actions"');
  });

  it("says there when the program ends in the middle of a question", async () => {
    await begin();
    const { child, done } = start(["go"]);
    await asked();
    child.kill("SIGTERM");
    expect((await done).code).to.equal(143);
    expect(lastUpdate()).to.include("The program has ended").and.not.include('"actions"');
  });

  it("asks again after kill -9: the old button is dead and says so, the new one works", async () => {
    await begin();
    const first = start(["go"]);
    const old = await asked();
    first.child.kill("SIGKILL");
    await first.done;
    await until("the end of its connection", () => server.peers().length === 0);
    const { done } = start(["--continue"]);
    const { allow } = await asked(2);
    server.click(ada, old.allow);
    await until("a word", () => server.whispers().length === 1);
    expect(server.whispers()[0]?.fields.text).to.include("use the newest message");
    expect(happened()).to.equal(false);
    server.click(ada, allow);
    expect((await done).code).to.equal(0);
    expect(happened()).to.equal(true);
  });
});
