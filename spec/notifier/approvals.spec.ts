import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { verifyAudit } from "../../actors/root/audit/verify.ts";
import { type Talk, talk } from "../chat/talk.ts";
import { hasTerminals, type Seat, sit } from "../screen/app/seat.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, type Running, until } from "../support/program.ts";
import {
  buttonsOf,
  refuses,
  type SlackScript,
  type SlackServer,
  shownIn,
  startSlackServer,
  timeOf,
} from "../support/slack-server.ts";
import { fails, type ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const appToken = "xapp-1-A0123456789-1234567890123-0123456789abcdef";
const botToken = "xoxb-0123456789-abcdefghij";

describe("an approval in Slack, in the whole program", function () {
  this.timeout(40_000);
  let house: House;
  let model: ScriptedServer;
  let slack: SlackServer;
  let running: Running | null = null;
  let line: Talk | null = null;
  let seat: Seat | null = null;

  async function begin(settings: object = {}, script: SlackScript = {}): Promise<void> {
    slack = await startSlackServer([], script);
    model = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    house = makeHouse({ LLAMACPP_BASE_URL: model.url, SLACK_API_URL: slack.apiUrl, TEAM_APP_TOKEN: appToken });
    const write = { name: "write", arguments: { path: join(house.home, "a.txt"), content: "hello & <!here>" } };
    model.push(
      replies({ calls: [{ id: "c1", ...write }] }),
      replies({ text: "That is all." }),
      replies({ text: "Fine." }),
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a configuration names a variable.
    const team = { token: botToken, channel: "C1", app_token: "${TEAM_APP_TOKEN}", approvers: ["UADA"] };
    const messaging = { enabled: true, auto_event_types: ["approval_required"], destinations: { team } };
    writeFileSync(join(house.home, "config.json"), JSON.stringify({ messaging, ...settings }));
  }
  afterEach(async () => {
    running?.child.kill("SIGKILL");
    await running?.done;
    line?.child.kill("SIGKILL");
    await line?.ended;
    seat?.leave();
    running = null;
    line = null;
    seat = null;
    await model.close();
    await slack.close();
    expect(slack.unexpected).to.deep.equal([]);
    house.remove();
  });

  const args = (...more: string[]) => ["-m", "llamacpp/scripted", "--config", join(house.home, "config.json"), ...more];
  function start(...more: string[]): Running {
    running = house.start(args(...more), { entry });
    return running;
  }
  const has = () => existsSync(join(house.home, "a.txt"));
  const posted = (count = 1) => until("the question", () => slack.posts().length === count && slack.posts());
  const valueIn = (index = 0) => {
    const post = slack.posts()[index];
    return post === undefined ? "" : (buttonsOf(post).ml_intern_allow ?? "");
  };
  const allow = (value = valueIn(), user = "UADA") => slack.press({ user, action: "ml_intern_allow", value });
  const deny = (value = valueIn()) => slack.press({ user: "UADA", action: "ml_intern_deny", value });
  const updates = () => slack.calls("chat.update");
  const whispers = () => slack.calls("chat.postEphemeral").map(({ fields }) => fields.text ?? "");
  const state = (journal: SessionEvent[]) =>
    eventsOf(journal, "tool_state_change").find(({ data }) => data.state === "approved" || data.state === "rejected")
      ?.data;
  const audit = () => {
    const dir = join(house.home, "ml/state/sessions", house.sessions()[0] ?? "");
    expect(verifyAudit(dir).state).to.equal("holds");
    const lines = readFileSync(join(dir, "audit.jsonl"), "utf8").trim().split("\n");
    return lines.map((text) => JSON.parse(text) as { verdict: string; who: string; by?: object });
  };
  const ada = { via: "slack", user_id: "UADA", user_name: "uada" };

  it("lets a headless run go on: shown, asked, allowed, on record, and the message says by whom", async () => {
    await begin();
    const { done } = start("write it", "--output-format", "stream-json");
    const [post] = await posted();
    expect(post && shownIn(post))
      .to.include("a.txt")
      .and.include("hello &amp; &lt;!here&gt;")
      .and.include("outside");
    expect(post?.authorization).to.equal(`Bearer ${botToken}`);
    expect(slack.calls("apps.connections.open")[0]?.authorization).to.equal(`Bearer ${appToken}`);
    expect(has()).to.equal(false);
    allow();
    const { code, stdout, stderr } = await done;
    expect({ code, has: has() }, stderr).to.deep.equal({ code: 0, has: true });
    const events = stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as SessionEvent);
    const asked = events.find(({ type }) => type === "approval_asked");
    expect(asked?.data).to.include({ destination: "team", tool_call_id: "c1", wait_ms: 3_600_000 });
    expect(state(house.journal())).to.deep.include({ state: "approved", by: ada });
    const answer = audit().find(({ verdict }) => verdict === "approved");
    expect(answer).to.deep.include({ who: "user", by: ada });
    expect(updates().map(({ fields }) => fields.ts)).to.deep.equal([timeOf(0)]);
    const [update] = updates();
    expect(update && buttonsOf(update)).to.deep.equal({});
    expect(update && shownIn(update)).to.include("Allowed once by uada (UADA) in Slack");
    const kept = readFileSync(
      join(house.home, "ml/state/sessions", house.sessions()[0] ?? "", "journal.jsonl"),
      "utf8",
    );
    expect(kept + stdout + stderr).to.not.include(appToken);
  });

  it("denies where the approver denies, with the exit code of a denial", async () => {
    await begin();
    const { done } = start("write it");
    await posted();
    deny();
    const { code, stderr } = await done;
    expect({ code, has: has() }).to.deep.equal({ code: 3, has: false });
    expect(stderr)
      .to.include("waiting for an answer from team, for at most 60 min")
      .and.include("denied by uada (UADA) in Slack");
    expect(JSON.stringify(model.requests.at(-1)?.body.messages)).to.include("the user refused this call");
    expect(updates().map((update) => shownIn(update).includes("Denied by uada"))).to.deep.equal([true]);
  });

  it("waits no longer than it may, and then does what a run without anybody does", async () => {
    await begin({ approval_wait_minutes: 0.01 });
    const { code, stderr } = await start("write it").done;
    expect({ code, has: has() }).to.deep.equal({ code: 3, has: false });
    expect(stderr).to.include("nobody answered within");
    expect(audit().find(({ verdict }) => verdict === "rejected")).to.include({ who: "mode" });
    expect(updates().map((update) => shownIn(update).includes("nobody answered within"))).to.deep.equal([true]);
  });

  it("waits for nobody, and only tells of it, where the setting is 0", async () => {
    const team = {
      token: botToken,
      channel: "C1",
      app_token: appToken,
      approvers: ["UADA"],
      allow_auto_events: true,
    };
    const messaging = { enabled: true, auto_event_types: ["approval_required"], destinations: { team } };
    await begin({ approval_wait_minutes: 0, messaging });
    expect(await start("write it").done).to.include({ code: 3 });
    expect(slack.sockets).to.have.length(0);
    expect(slack.taken).to.have.length(1);
    expect(slack.taken[0]).to.include("Approval needed").and.include("1 call needs an approval");
  });

  it("takes no answer from a stranger or with a forged value", async () => {
    await begin();
    const { done } = start("write it");
    await posted();
    allow(valueIn(), "UEVE");
    allow(JSON.stringify({ ...JSON.parse(valueIn()), seal: "x".repeat(43) }));
    await until("both to be told why", () => whispers().length === 2);
    expect(whispers().join()).to.include("not among the approvers").and.include("not valid any more");
    expect(slack.calls("chat.postEphemeral").map(({ fields }) => fields.user)).to.have.members(["UEVE", "UADA"]);
    expect([has(), updates().length]).to.deep.equal([false, 0]);
    allow();
    expect(await done).to.include({ code: 0 });
  });

  it("asks again after kill -9: the old buttons say that they are dead, the new ones work", async () => {
    await begin();
    const first = start("write it");
    await posted();
    const old = valueIn();
    first.child.kill("SIGKILL");
    await first.done;
    const { done } = start("--continue");
    await posted(2);
    await until("its connection", () => slack.sockets.length === 2);
    allow(old);
    await until("the reason", () => whispers().length === 1);
    expect(whispers()[0]).to.include("asked again in a newer message");
    expect(has()).to.equal(false);
    allow(valueIn(1));
    const { code, stderr } = await done;
    expect({ code, has: has() }, stderr).to.deep.equal({ code: 0, has: true });
    expect(updates().map(({ fields }) => fields.ts)).to.deep.equal([timeOf(1)]);
  });

  it("does not wait where no answer can come: one warning, and the end of a run without anybody", async () => {
    await begin({}, { opens: [refuses("invalid_auth")] });
    const { code, stderr } = await start("write it").done;
    expect({ code, has: has() }).to.deep.equal({ code: 3, has: false });
    expect(stderr.match(/no answers from team/g)).to.have.length(1);
    expect(stderr).to.include("app_token").and.not.include(appToken);
    expect(
      updates().map((update) => shownIn(update).includes("Denied by the run, which nobody attends")),
    ).to.deep.equal([true]);
  });

  it("outlives a dead connection: warned once, answered when it is back", async () => {
    await begin({}, { opens: [null, fails(503, "down")] });
    const { done } = start("write it");
    await posted();
    slack.sockets[0]?.cut();
    await until("another connection", () => slack.sockets.length === 2);
    allow();
    const { code, stderr } = await done;
    expect({ code, has: has() }, stderr).to.deep.equal({ code: 0, has: true });
    expect(stderr.match(/no answers from team/g)).to.have.length(1);
  });

  it("leaves the turn open when it is told to end while it waits, and says so in the message", async () => {
    await begin();
    const { child, done } = start("write it");
    await posted();
    child.kill("SIGTERM");
    expect(await done).to.include({ code: 143 });
    expect(updates().map((update) => shownIn(update).includes("the program has ended"))).to.deep.equal([true]);
  });

  it("says in the message that the turn was interrupted", async () => {
    await begin();
    const { child, done } = start("write it");
    await posted();
    child.kill("SIGINT");
    expect(await done).to.include({ code: 130 });
    expect(updates().map((update) => shownIn(update).includes("Cancelled"))).to.deep.equal([true]);
  });

  function speak(...more: string[]): Talk {
    const env = { LLAMACPP_BASE_URL: model.url, SLACK_API_URL: slack.apiUrl, TEAM_APP_TOKEN: appToken };
    line = talk(house.home, house.workspace, env, args(...more).slice(2));
    return line;
  }

  it("answers a question that is open in a conversation in lines, which says who did", async () => {
    await begin();
    const one = speak();
    one.say("write it");
    await one.hears("[y] once");
    await posted();
    allow();
    await one.hears("allowed once by uada (UADA) in Slack");
    await one.hears("That is all.");
    expect([has(), await one.end()]).to.deep.equal([true, 0]);
  });

  it("comes too late where the terminal was first", async () => {
    await begin();
    const one = speak();
    one.say("write it");
    await one.hears("[y] once");
    await posted();
    await one.ask("n", "That is all.");
    await until("the update", () => updates().length === 1);
    expect(updates().map((update) => [shownIn(update).includes("at the terminal"), buttonsOf(update)])).to.deep.equal([
      [true, {}],
    ]);
    allow();
    await until("the reason", () => whispers().length === 1);
    expect(whispers()[0]).to.include("not valid any more");
    expect(has()).to.equal(false);
    await one.end();
  });

  it("asks anew, there and in Slack, where a conversation that was killed is taken up", async () => {
    await begin();
    const one = speak();
    one.say("write it");
    await one.hears("[y] once");
    await posted();
    one.child.kill("SIGKILL");
    await one.ended;
    const two = speak("-c");
    await two.hears("[y] once");
    await posted(2);
    await until("its connection", () => slack.sockets.length === 2);
    allow(valueIn(1));
    await two.hears("allowed once by uada (UADA) in Slack");
    await two.hears("That is all.");
    expect([has(), await two.end()]).to.deep.equal([true, 0]);
  });

  it("is not asked for what the mode of a conversation answers", async () => {
    await begin();
    const one = speak("--approval", "auto");
    await one.ask("write it", "That is all.");
    expect([has(), await one.end()]).to.deep.equal([true, 0]);
    expect(slack.requests).to.deep.equal([]);
  });

  it("keeps the question answerable at the terminal when Slack is dead", async () => {
    await begin({}, { opens: [refuses("invalid_auth")] });
    const one = speak();
    one.say("write it");
    await one.hears("no answers from team");
    await one.ask("y", "That is all.");
    expect([has(), await one.end()]).to.deep.equal([true, 0]);
  });

  (hasTerminals ? it : it.skip)("closes the dialog on the screen, and the transcript says who answered", async () => {
    await begin();
    const env = { LLAMACPP_BASE_URL: model.url, SLACK_API_URL: slack.apiUrl, TEAM_APP_TOKEN: appToken };
    const one = sit(house, env, args(), 110, 30);
    seat = one;
    await one.shows("ready");
    one.type("write it\r");
    await one.shows("approval · write");
    await posted();
    allow();
    await one.clears("approval · write");
    await one.shows("allowed once by uada (UADA) in Slack");
    await one.shows("That is all.");
    expect(has()).to.equal(true);
  });
});
