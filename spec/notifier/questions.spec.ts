import { expect } from "chai";
import type { OutgoingQuestion, PersonsAnswer, QuestionProgress } from "../../actors/notifier/protocol.ts";
import { until } from "../support/program.ts";
import {
  buttonsOf,
  refresh,
  refuses,
  type SlackScript,
  type SlackServer,
  shownIn,
  startSlackServer,
  timeOf,
} from "../support/slack-server.ts";
import { type Entry, fails } from "../support/sse.ts";
import { type Setting, slack, startNotifier, token } from "./setting.ts";

const appToken = "xapp-1-A0123456789-1234567890123-abcdef";
const answers = { appToken, approvers: ["UADA"] };
const text = { title: "Run: make", preview: "make all", facts: [] };

describe("notifier: questions in Slack", function () {
  this.timeout(20_000);
  let server: SlackServer;
  let setting: Setting;

  async function begin(script: (Entry | null)[] = [], slackScript: SlackScript = {}, secrets: string[] = []) {
    server = await startSlackServer(script, slackScript);
    const team = slack(server.apiUrl, { answers });
    setting = await startNotifier({ team, deaf: slack(server.apiUrl, { channel: "C2" }) }, { secrets });
  }
  afterEach(async () => {
    await setting.system.stop();
    await server.close();
    expect(server.unexpected).to.deep.equal([]);
  });

  interface Asked {
    question: OutgoingQuestion;
    progress: QuestionProgress[];
    outcome: Promise<PersonsAnswer | { code: string; message: string }>;
  }
  let seals = 0;

  function ask(more: Partial<OutgoingQuestion> = {}): Asked {
    const question = { destination: "team", question: "c1", seal: `seal-${seals++}`, text, ...more };
    const progress: QuestionProgress[] = [];
    const onProgress = (update: unknown) => void progress.push(update as QuestionProgress);
    const outcome = setting.notifier
      .ask("question", question, { deadlineMs: 15_000, onProgress })
      .catch((error: { code: string; message: string }) => ({ code: error.code, message: error.message }));
    return { question, progress, outcome };
  }
  const settle = ({ question, progress }: Asked, outcome: string) => {
    const posted = progress.flatMap((one) => (one.kind === "posted" ? [one.id] : []))[0];
    const message = { destination: "team", seal: question.seal, text, outcome };
    return setting.notifier.ask("settle", posted === undefined ? message : { ...message, posted }, {
      deadlineMs: 5_000,
    });
  };
  const postedOf = (asked: Asked) => until("its message", () => asked.progress.some(({ kind }) => kind === "posted"));
  const value = (index = 0) => {
    const post = server.posts()[index];
    return post === undefined ? "" : (buttonsOf(post).ml_intern_allow ?? "");
  };
  const whispers = () => server.calls("chat.postEphemeral").map(({ fields }) => [fields.user, fields.text]);

  it("opens the connection with the app token, posts with the bot's, and answers with who pressed what", async () => {
    await begin();
    const asked = ask();
    await postedOf(asked);
    expect(server.calls("apps.connections.open").map(({ authorization }) => authorization)).to.deep.equal([
      `Bearer ${appToken}`,
    ]);
    expect(server.posts().map(({ authorization }) => authorization)).to.deep.equal([`Bearer ${token}`]);
    expect(JSON.parse(value())).to.deep.equal({ session: "s1", question: "c1", seal: asked.question.seal });
    const id = server.press({ user: "UADA", action: "ml_intern_deny", value: value() });
    expect(await asked.outcome).to.deep.equal({ approved: false, user: { id: "UADA", name: "uada" } });
    await until("the acknowledgement", () => server.acknowledged.includes(id));
    await settle(asked, "Denied by uada");
    const [update] = server.calls("chat.update");
    expect(update?.fields).to.include({ channel: "C1", ts: timeOf(0) });
    expect(update && buttonsOf(update)).to.deep.equal({});
    expect(update && shownIn(update))
      .to.include("make all")
      .and.include("Denied by uada");
  });

  it("keeps one connection for many questions, each with an answer of its own", async () => {
    await begin();
    const [one, two] = [ask(), ask({ question: "c2" })];
    await Promise.all([postedOf(one), postedOf(two)]);
    const valueFor = (seal: string) =>
      server
        .posts()
        .map((_, index) => value(index))
        .find((text) => text.includes(seal));
    server.press({ user: "UADA", action: "ml_intern_allow", value: valueFor(two.question.seal) ?? "" });
    expect(await two.outcome).to.include({ approved: true });
    server.press({ user: "UADA", action: "ml_intern_deny", value: valueFor(one.question.seal) ?? "" });
    expect(await one.outcome).to.include({ approved: false });
    expect(server.sockets).to.have.length(1);
  });

  it("changes nothing for a stranger, a forged or foreign button, or a question that is over, and says why", async () => {
    await begin();
    const asked = ask();
    await postedOf(asked);
    const mine = JSON.parse(value()) as object;
    const press = (user: string, text: string) => server.press({ user, action: "ml_intern_allow", value: text });
    press("UEVE", value());
    press("UADA", JSON.stringify({ ...mine, seal: "guessed" }));
    press("UADA", JSON.stringify({ ...mine, session: "s2" }));
    press("UADA", "no value of ours");
    await until("four answers to those who pressed", () => whispers().length === 4);
    expect(Object.fromEntries(whispers())).to.have.keys("UEVE", "UADA");
    const said = whispers()
      .map(([, words]) => words)
      .join("\n");
    for (const reason of ["not among the approvers", "not valid any more", "another session", "none that"]) {
      expect(said).to.include(reason);
    }
    press("UADA", value());
    expect(await asked.outcome).to.include({ approved: true });
    press("UADA", value());
    await until("the fifth", () => whispers().length === 5);
    expect(whispers()[4]?.[1]).to.include("uada has answered");
    await settle(asked, "done");
    press("UADA", value());
    await until("the sixth", () => whispers().length === 6);
    expect(whispers()[5]?.[1]).to.include("not valid any more");
    expect(server.calls("chat.postEphemeral").map(({ fields }) => fields.channel)).to.deep.equal(Array(6).fill("C1"));
  });

  it("connects anew when Slack wants it to, and when the connection breaks off, without a word", async () => {
    await begin();
    const asked = ask();
    await postedOf(asked);
    server.sockets[0]?.send(refresh);
    await until("a second connection", () => server.sockets.length === 2);
    server.sockets[1]?.cut();
    await until("a third connection", () => server.sockets.length === 3);
    server.press({ user: "UADA", action: "ml_intern_allow", value: value() });
    expect(await asked.outcome).to.include({ approved: true });
    expect(asked.progress.map(({ kind }) => kind)).to.deep.equal(["posted"]);
  });

  it("says once when Slack closes one connection after the other", async () => {
    await begin([], { brief: true });
    const asked = ask();
    await until("many connections", () => server.sockets.length > 6);
    expect(asked.progress.filter(({ kind }) => kind === "unreachable")).to.have.length(1);
    await settle(asked, "over");
  });

  it("outlives what no Slack would send", async () => {
    await begin();
    const asked = ask();
    await postedOf(asked);
    for (const odd of [null, 7, [], {}, { type: "events_api" }, { type: "interactive" }]) server.sockets[0]?.send(odd);
    server.press({ user: "UADA", action: "ml_intern_allow", value: value() });
    expect(await asked.outcome).to.include({ approved: true });
    expect(server.sockets).to.have.length(1);
  });

  it("says once that answers cannot be received while it goes on trying, and takes the answer afterwards", async () => {
    await begin([], { opens: [fails(503, "busy"), fails(503, "busy"), null] });
    const asked = ask();
    await until("a connection", () => server.sockets.length === 1);
    await postedOf(asked);
    server.press({ user: "UADA", action: "ml_intern_allow", value: value() });
    expect(await asked.outcome).to.include({ approved: true });
    expect(asked.progress.map(({ kind }) => kind)).to.have.members(["unreachable", "posted"]);
  });

  it("gives a connection up that never says hello, and opens another", async () => {
    server = await startSlackServer([], { mute: [0] });
    const team = slack(server.apiUrl, { answers });
    setting = await startNotifier({ team }, { limits: { timeoutMs: 100 } });
    const asked = ask();
    await until("a second connection", () => server.sockets.length === 2);
    await postedOf(asked);
    server.press({ user: "UADA", action: "ml_intern_allow", value: value() });
    expect(await asked.outcome).to.include({ approved: true });
  });

  it("posts without buttons, and says what to do, when the app token is not accepted", async () => {
    await begin([], { opens: [refuses("invalid_auth")] });
    const asked = ask();
    expect(await asked.outcome).to.deep.equal({
      code: "NOTIFY_UNAUTHORIZED",
      message: "Slack refused a connection for answers: invalid_auth.",
    });
    await until("the message", () => server.posts().length === 1);
    const [post] = server.posts();
    expect(post && buttonsOf(post)).to.deep.equal({});
    expect(post && shownIn(post)).to.include("answer at the terminal");
  });

  it("fails when the message is not taken, or nobody can answer there", async () => {
    await begin([refuses("channel_not_found")]);
    expect(await ask().outcome).to.include({ code: "NOTIFY_CHANNEL_NOT_FOUND" });
    expect(await ask({ destination: "deaf" }).outcome).to.include({ code: "NOTIFY_UNKNOWN_DESTINATION" });
    expect(server.posts()).to.have.length(1);
  });

  it("posts nothing again after a death, and the old button goes on to answer", async () => {
    await begin();
    const asked = ask();
    await postedOf(asked);
    setting.system.kill("notifier");
    expect(await asked.outcome).to.include({ code: "ACTOR_GONE" });
    const again = ask({ ...asked.question, posted: timeOf(0) });
    await until("a connection of the new one", () => server.sockets.length === 2);
    server.press({ user: "UADA", action: "ml_intern_allow", value: value() });
    expect(await again.outcome).to.include({ approved: true });
    expect(server.posts()).to.have.length(1);
  });

  it("ends a question that is settled elsewhere, also one whose message is still on its way", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await begin([() => held.then(() => ({ status: 200, body: { ok: true, channel: "C1", ts: timeOf(0) } }))]);
    const asked = ask();
    await until("the post", () => server.requests.length === 1);
    const settled = settle(asked, "Denied by the user at the terminal");
    expect(await asked.outcome).to.include({ code: "NOTIFY_WITHDRAWN" });
    release();
    await settled;
    expect(server.calls("chat.update").map((update) => shownIn(update).includes("at the terminal"))).to.deep.equal([
      true,
    ]);
  });

  it("lets no secret out", async () => {
    await begin([], {}, ["hf_very_secret"]);
    const shown = { title: "Use hf_very_secret", preview: "curl -H hf_very_secret", facts: ["hf_very_secret"] };
    const asked = ask({ text: shown });
    await postedOf(asked);
    await setting.notifier.ask(
      "settle",
      { destination: "team", seal: asked.question.seal, text: shown, outcome: "hf_very_secret" },
      { deadlineMs: 5_000 },
    );
    const sent = JSON.stringify([server.posts(), server.calls("chat.update")]);
    expect(sent).to.include("redacted").and.not.include("hf_very_secret");
  });
});
