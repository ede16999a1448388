import { expect } from "chai";
import type { Destination } from "../../actors/notifier/protocol.ts";
import { until } from "../support/program.ts";
import { hangs, refuses, type SlackServer, startSlackServer } from "../support/slack-server.ts";
import { type Entry, fails } from "../support/sse.ts";
import { message, type Setting, slack, startNotifier, token } from "./setting.ts";

describe("notifier: Slack", () => {
  let server: SlackServer;
  let setting: Setting;

  async function begin(
    script: (Entry | null)[] = [],
    more: Parameters<typeof startNotifier>[1] & { others?: Record<string, Destination> } = {},
  ): Promise<void> {
    server = await startSlackServer(script);
    setting = await startNotifier({ team: slack(server.apiUrl), ...more.others }, more);
  }

  afterEach(async () => {
    await setting.system.stop();
    await server.close();
    expect(server.unexpected).to.deep.equal([]);
  });

  const codeOf = (outcome: object) => ("code" in outcome ? outcome.code : "sent");

  it("posts with the token, without unfurling, severity and title first, facts last", async () => {
    await begin([], { metadata: { session_id: "s1" } });
    const body = "It **works**: see [the run](https://x.org/a?b=1&c=2).";
    const metadata = { model: "org/m <x>", event_type: "turn_complete" };
    const sent = await setting.send(message(body, { severity: "success", title: "Done\nnow", metadata, key: "k" }));
    expect(sent).to.deep.equal({
      sent: { destination: "team", provider: "slack", externalId: "1700000000.000000", attempts: 1 },
    });
    const [post] = server.posts();
    expect(post?.authorization).to.equal(`Bearer ${token}`);
    expect(post?.fields).to.deep.equal({
      channel: "C1",
      text: [
        "*[SUCCESS] Done now*",
        "It *works*: see <https://x.org/a?b=1&amp;c=2|the run>.",
        "model: org/m &lt;x&gt;\nevent_type: turn_complete\nsession_id: s1",
      ].join("\n\n"),
      mrkdwn: "true",
      unfurl_links: "false",
      unfurl_media: "false",
      metadata: '{"event_type":"ml_intern_notification","event_payload":{"key":"s1/k"}}',
    });
  });

  it("names the sender where the configuration does", async () => {
    await begin();
    await setting.system.stop();
    setting = await startNotifier({ team: slack(server.apiUrl, { username: "Intern", iconEmoji: ":robot:" }) });
    await setting.send(message("x"));
    expect(server.posts()[0]?.fields).to.include({ username: "Intern", icon_emoji: ":robot:" });
  });

  it("keeps the order of messages to one destination while the first is tried again", async () => {
    await begin([fails(503, "busy"), fails(503, "busy")]);
    const outcomes = await Promise.all(["one", "two", "three"].map((body) => setting.send(message(body))));
    expect(outcomes.map(codeOf)).to.deep.equal(["sent", "sent", "sent"]);
    expect(server.taken.map((text) => text.split("\n\n")[1])).to.deep.equal(["one", "two", "three"]);
    expect(server.posts()).to.have.length(5);
  });

  const passing: [string, Entry][] = [
    ["429", fails(429, "slow down", { "retry-after": "0" })],
    ["429 without a word on when", fails(429, "slow down")],
    ["500", fails(500, "x")],
    ["503", fails(503, "x")],
    ["no JSON", fails(200, "<!doctype html><p>hello</p>")],
    ["JSON that is no answer", fails(200, "null")],
    ["ratelimited", refuses("ratelimited")],
    ["a trouble of Slack's own", refuses("internal_error")],
    ["a connection that breaks", { steps: [{ cut: true }] }],
  ];
  for (const [name, answer] of passing) {
    it(`tries again after ${name}`, async () => {
      await begin([answer, answer, answer]);
      expect(await setting.send(message("x"))).to.have.nested.property("sent.attempts", 4);
      expect(server.taken).to.have.length(1);
    });
  }

  it("waits longer each time, and gives up after four attempts", async () => {
    const answer = fails(500, "x");
    await begin([answer, answer, answer, answer], { limits: { waitsMs: [40, 80, 160] } });
    const outcome = await setting.send(message("x"));
    expect(outcome).to.deep.include({ code: "NOTIFY_SERVER_ERROR", data: { attempts: 4 } });
    const at = server.posts().map((post) => post.at);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps).to.have.length(3);
    for (const [index, least] of [38, 78, 158].entries()) expect(gaps[index]).to.be.at.least(least);
  });

  it("waits as long as Slack asks", async () => {
    await begin([fails(429, "slow down", { "retry-after": "0.3" })]);
    await setting.send(message("x"));
    const [first, second] = server.posts();
    expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.at.least(298);
  });

  it("gives up at once when Slack asks for more patience than there is", async () => {
    await begin([fails(429, "slow down", { "retry-after": "90" })]);
    const outcome = await setting.send(message("x"));
    expect(outcome).to.include({ code: "NOTIFY_RATE_LIMITED" });
    expect(outcome).to.have.property("message").that.includes("90 s");
    expect(server.posts()).to.have.length(1);
  });

  const final: [string, object, string, RegExp][] = [
    ["invalid_auth", {}, "NOTIFY_UNAUTHORIZED", /SLACK_BOT_TOKEN/],
    ["token_revoked", {}, "NOTIFY_UNAUTHORIZED", /SLACK_BOT_TOKEN/],
    ["missing_scope", { needed: "chat:write" }, "NOTIFY_FORBIDDEN", /scope/],
    ["channel_not_found", {}, "NOTIFY_CHANNEL_NOT_FOUND", /id/],
    ["not_in_channel", {}, "NOTIFY_NOT_IN_CHANNEL", /Invite/],
    ["is_archived", {}, "NOTIFY_CHANNEL_ARCHIVED", /Unarchive/],
    ["no_text", {}, "NOTIFY_REFUSED", /chat\.postMessage/],
  ];
  for (const [error, more, code, hint] of final) {
    it(`does not try again after ${error}, and says what to do`, async () => {
      await begin([refuses(error, more)]);
      const outcome = await setting.send(message("x"));
      expect(outcome).to.include({ code });
      expect(outcome)
        .to.have.property("message")
        .that.includes(error)
        .and.includes(Object.values(more)[0] ?? "");
      expect(outcome).to.have.nested.property("data.hint").that.matches(hint);
      expect(server.posts()).to.have.length(1);
    });
  }

  it("cuts a request that takes too long, and tries it again", async () => {
    await begin([hangs], { limits: { timeoutMs: 150 } });
    expect(await setting.send(message("x"))).to.have.nested.property("sent.attempts", 2);
    expect(server.requests[0]?.closedAt).to.be.a("number");
  });

  it("is not held up at one destination by another that is dead or silent", async () => {
    const silent = await startSlackServer([hangs]);
    const others = { dead: slack("http://127.0.0.1:1/"), silent: slack(silent.apiUrl) };
    await begin([], { others, limits: { timeoutMs: 10_000 } });
    const dead = setting.send(message("x", { destination: "dead" }));
    void setting.send(message("x", { destination: "silent" }));
    await until("the silent one to have its request", () => silent.requests.length === 1);
    expect(codeOf(await setting.send(message("y")))).to.equal("sent");
    const outcome = await dead;
    expect(outcome).to.include({ code: "NOTIFY_UNREACHABLE" });
    expect(outcome).to.have.property("message").that.includes("127.0.0.1:1 cannot be reached");
    await silent.close();
  });

  it("sends once what is sent twice under one key, at the same time or later", async () => {
    await begin();
    const one = message("x");
    const [first, second] = await Promise.all([setting.send(one), setting.send(one)]);
    expect(first).to.deep.equal(second);
    expect(await setting.send(one)).to.deep.equal(first);
    expect(server.posts()).to.have.length(1);
  });

  it("takes a message back that nobody waits for any more, unless it is on its way", async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await begin([() => held.then(() => fails(500, "x"))]);
    const withdraw = new AbortController();
    const first = setting.send(message("on its way"), withdraw.signal);
    const second = setting.send(message("waits"), withdraw.signal);
    const third = setting.send(message("wanted"));
    await until("the first request", () => server.requests.length === 1);
    withdraw.abort();
    expect([codeOf(await first), codeOf(await second)]).to.deep.equal(["CANCELLED", "CANCELLED"]);
    answer();
    expect(codeOf(await third)).to.equal("sent");
    expect(server.posts()).to.have.length(2);
  });

  it("sends once what is taken back on its way and wanted again", async () => {
    let answer = () => {};
    const held = new Promise<null>((resolve) => {
      answer = () => resolve(null);
    });
    await begin([() => held.then(() => fails(500, "x")), null]);
    const one = message("x");
    const withdraw = new AbortController();
    const first = setting.send(one, withdraw.signal);
    await until("the request", () => server.requests.length === 1);
    withdraw.abort();
    expect(codeOf(await first)).to.equal("CANCELLED");
    const again = [setting.send(one), setting.send(one)];
    answer();
    expect((await Promise.all(again)).map(codeOf)).to.deep.equal(["sent", "sent"]);
    expect(server.posts()).to.have.length(2);
    expect(server.taken).to.have.length(1);
  });

  it("gives up the oldest automatic messages when too many wait, counts them, and never one of the agent", async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await begin([() => held.then(() => refuses("no_text"))], { limits: { queue: 2 } });
    const auto = { origin: "auto" } as const;
    const first = setting.send(message("on its way", auto));
    await until("the first request", () => server.requests.length === 1);
    const old = setting.send(message("old", auto));
    const mine = setting.send(message("mine"));
    const newer = setting.send(message("newer", auto));
    expect(codeOf(await old)).to.equal("NOTIFY_DROPPED");
    const mineToo = setting.send(message("mine too"));
    expect(codeOf(await newer)).to.equal("NOTIFY_DROPPED");
    expect(codeOf(await setting.send(message("too many")))).to.equal("NOTIFY_QUEUE_FULL");
    answer();
    expect([codeOf(await first), codeOf(await mine), codeOf(await mineToo)]).to.deep.equal([
      "NOTIFY_REFUSED",
      "sent",
      "sent",
    ]);
    expect(server.taken[0]).to.include("mine").and.include("earlier_messages_not_sent: 2");
    expect(server.taken[1]).to.include("mine too").and.not.include("not_sent");
  });

  it("sends a text that is too long for one post in several, and goes on with the one that failed", async () => {
    await begin([null, fails(503, "x")]);
    const body = `${"a & b < c\n".repeat(4_200)}the end`;
    const sent = await setting.send(message(body, { key: "long" }));
    expect(sent).to.have.nested.property("sent.externalId", "1700000000.000000");
    const keys = server.posts().map(({ fields }) => JSON.parse(fields.metadata ?? "").event_payload.key);
    expect(keys).to.deep.equal(["s1/long", "s1/long#2", "s1/long#2"]);
    for (const text of server.taken) expect(text.length).to.be.at.most(40_000);
    expect(server.taken.join("").match(/a &amp; b &lt; c/g)).to.have.length(3_900);
    expect(server.taken.at(-1)).to.include("more characters are in the session").and.not.include("the end");
  });

  it("lets no secret out, wherever it stands", async () => {
    const key = "hf_ABCDEFGHIJKLMNOPQRSTUVWX";
    await begin([], { secrets: [key], metadata: { folder: `/w/${key}` } });
    const body = `${"x".repeat(38_990)} ${key}\n\n\`${key}\``;
    await setting.send(message(body, { title: `see ${key}`, metadata: { model: key } }));
    const sent = server.requests.map(({ text }) => text).join();
    expect(sent).to.include("see").and.not.include("hf_ABCDEF");
  });

  it("names the destinations that there are when there is none of that name", async () => {
    await begin();
    const outcome = await setting.send(message("x", { destination: "__proto__" }));
    expect(outcome).to.include({ code: "NOTIFY_UNKNOWN_DESTINATION" });
    expect(outcome).to.have.nested.property("data.hint").that.includes("team");
  });
});
