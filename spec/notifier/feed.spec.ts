import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { NewEphemeral, NewEvent } from "../../actors/events.ts";
import { autoEvents, type Destination, type MessagingArgs } from "../../actors/notifier/protocol.ts";
import { agentDestinations, type Feed, feedNotifier, type Notifying } from "../../actors/root/notify.ts";
import { type Bus, createBus, createSystem, type Inspection, openJournal, type System } from "../../runtime/index.ts";
import { until } from "../support/program.ts";
import { hangs, refuses, type SlackServer, startSlackServer } from "../support/slack-server.ts";
import { type Entry, fails } from "../support/sse.ts";
import { startWebhookServer } from "../support/webhook-server.ts";
import { quick, slack, token, webhook } from "./setting.ts";

const done = (final_response: string): NewEvent => ({
  type: "turn_complete",
  data: { history_size: 1, final_response, reason: "done", iterations: 1, denied: 0 },
});

describe("notifier: fed with a session's events", () => {
  let server: SlackServer;
  let dir: string;
  let system: System;
  let bus: Bus;
  let close: () => void;
  let emitted: NewEphemeral[];
  let notifying: Notifying;
  let seen: Inspection[];
  let servers: { close(): Promise<void> }[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "feed-spec-"));
    servers = [];
  });
  afterEach(async () => {
    await system.stop();
    close();
    await Promise.all(servers.map((one) => one.close()));
    rmSync(dir, { recursive: true, force: true });
  });

  async function serve(script: (Entry | null)[] = []): Promise<void> {
    server = await startSlackServer(script);
    servers.push(server);
  }

  async function begin(messaging: MessagingArgs | null, more: Partial<Feed> = {}): Promise<void> {
    const journal = openJournal({ dir: join(dir, "s1") });
    bus = createBus({ journal });
    close = () => {
      bus.close();
      journal.close();
    };
    emitted = [];
    seen = [];
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url), tap: (one) => void seen.push(one) });
    notifying = await feedNotifier(system, {
      session: { id: "s1", cwd: "/w/project" },
      bus,
      model: () => "org/m",
      emit: (event) => void emitted.push(event),
      messaging,
      secrets: [],
      limits: quick,
      ...more,
    });
  }

  const args = (destinations: Record<string, Destination>, wanted: MessagingArgs["autoEvents"] = [...autoEvents]) => ({
    autoEvents: wanted,
    destinations,
  });
  const publish = (event: NewEvent) => bus.publish(event.type, event.data);
  const failures = () => emitted.flatMap((event) => (event.type === "notification_failed" ? [event.data] : []));
  const bodies = () => server.taken.map((text) => text.split("\n\n")[1]);

  it("sends what is configured, with its facts, to the destinations that take it, and nothing else", async () => {
    await serve();
    const shut = slack(server.apiUrl, { channel: "C2", allowAutoEvents: false });
    await begin(args({ team: slack(server.apiUrl), shut }, ["turn_complete", "error"]));
    publish(done("All is **well**."));
    publish({ type: "error", data: { error: "No such model.", code: "LLM_MODEL_UNKNOWN", hint: "Name another." } });
    publish({ type: "session_terminated", data: { reason: "context_overflow", error: "x", user_message: "y" } });
    publish({ type: "session_renamed", data: { name: "n" } });
    expect(await notifying.flush(5_000)).to.equal(0);
    const facts = (type: string) => `model: org/m\nevent_type: ${type}\nsession_id: s1\nfolder: /w/project`;
    expect(server.posts().map(({ fields }) => [fields.channel, fields.text])).to.deep.equal([
      ["C1", `*[SUCCESS] The turn is complete*\n\nAll is *well*.\n\n${facts("turn_complete")}`],
      ["C1", `*[ERROR] The turn failed*\n\nNo such model.\n\nName another.\n\n${facts("error")}`],
    ]);
    expect(failures()).to.deep.equal([]);
  });

  it("sends nothing about events of an earlier process", async () => {
    const earlier = openJournal({ dir: join(dir, "s1") });
    createBus({ journal: earlier }).publish("turn_complete", done("old").data);
    earlier.close();
    await serve();
    await begin(args({ team: slack(server.apiUrl) }));
    publish(done("new"));
    await notifying.flush(5_000);
    expect(bodies()).to.deep.equal(["new"]);
  });

  it("starts no thread before there is something to send", async () => {
    await serve();
    await begin(args({ team: slack(server.apiUrl) }));
    publish({ type: "session_renamed", data: { name: "n" } });
    expect(await notifying.flush(5_000)).to.equal(0);
    expect(seen.filter(({ kind }) => kind === "started")).to.deep.equal([]);
  });

  it("does nothing at all without messaging", async () => {
    await begin(null);
    publish(done("x"));
    expect(await notifying.flush(5_000)).to.equal(0);
    expect(seen).to.deep.equal([]);
    expect(agentDestinations(null)).to.deep.equal({});
  });

  it("loses and doubles nothing when the notifier dies between messages and while one waits to be tried again", async () => {
    await serve([null, fails(503, "busy")]);
    await begin(args({ team: slack(server.apiUrl) }), { limits: { ...quick, waitsMs: [60_000] } });
    publish(done("one"));
    await notifying.flush(5_000);
    publish(done("two"));
    publish(done("three"));
    await until("the second to fail", () => server.requests.length === 2);
    system.kill("notifier");
    expect(await notifying.flush(10_000)).to.equal(0);
    expect(bodies()).to.deep.equal(["one", "two", "three"]);
    expect(failures()).to.deep.equal([]);
  });

  it("marks a message that may have been taken when the notifier died with the same key", async () => {
    await serve([hangs]);
    await begin(args({ team: slack(server.apiUrl) }));
    publish(done("one"));
    await until("the request", () => server.requests.length === 1);
    system.kill("notifier");
    expect(await notifying.flush(10_000)).to.equal(0);
    const marks = server.posts().map(({ fields }) => fields.metadata);
    expect(marks).to.have.length(2);
    expect(marks[0]).to.equal(marks[1]);
  });

  it("does not post again what was posted of a long message when the notifier died", async () => {
    await serve([null, hangs]);
    await begin(args({ team: slack(server.apiUrl) }));
    publish(done("a & b < c\n".repeat(3_800)));
    await until("the second post", () => server.requests.length === 2);
    system.kill("notifier");
    expect(await notifying.flush(10_000)).to.equal(0);
    expect(server.taken).to.have.length(2);
    expect(server.taken.join("").match(/a &amp; b/g)).to.have.length(3_800);
  });

  it("lets the session go on when the notifier cannot be kept alive", async () => {
    await serve([hangs, hangs, hangs, hangs, hangs, hangs, hangs]);
    await begin(args({ team: slack(server.apiUrl) }), { limits: { ...quick, timeoutMs: 60_000 } });
    publish(done("one"));
    await until("it to be given up", () => {
      system.kill("notifier");
      return seen.some(({ kind }) => kind === "escalated");
    });
    publish(done("two"));
    expect(await notifying.flush(5_000)).to.equal(0);
    expect(failures()[0]).to.deep.include({ destination: "team", event_type: "turn_complete" });
  });

  it("tells a failure once, until the destination has taken a message again", async () => {
    const no = refuses("not_in_channel");
    await serve([no, no, null, no]);
    await begin(args({ team: slack(server.apiUrl) }));
    const told = ["one", "two", "three", "four"].map(async (text) => {
      publish(done(text));
    });
    await Promise.all(told);
    await notifying.flush(5_000);
    for (const failure of failures()) {
      expect(failure).to.deep.include({
        message: "Slack refused the message: not_in_channel.",
        hint: "Invite the app into the channel: /invite @the-app.",
      });
    }
    expect(failures()).to.have.length(2);
  });

  it("waits at the end for a destination that is silent, but not longer than it may", async () => {
    await serve([hangs]);
    await begin(args({ team: slack(server.apiUrl) }), { limits: { ...quick, timeoutMs: 60_000 } });
    const startedAt = performance.now();
    publish(done("one"));
    expect(performance.now() - startedAt).to.be.below(100);
    expect(await notifying.flush(150)).to.equal(1);
    expect(performance.now() - startedAt).to.be.within(140, 1_000);
  });

  it("keeps tokens and the addresses of webhooks out of what it sends", async () => {
    await serve();
    const hook = await startWebhookServer();
    servers.push(hook);
    await begin(args({ team: slack(server.apiUrl), hook: webhook(hook.hook, "bearer-123") }), {
      secrets: ["hf_secret_token"],
    });
    publish(done(`tokens: ${token}, bearer-123, hf_secret_token; post to ${hook.hook}`));
    await notifying.flush(5_000);
    const sent = [...server.taken, hook.requests[0]?.text ?? ""];
    expect(sent).to.have.length(2);
    for (const text of sent) {
      expect(text).to.include("tokens:");
      for (const secret of [token, "bearer-123", "hf_secret", "s3cret-path"]) expect(text).not.to.include(secret);
    }
  });

  it("knows where the agent may send to", () => {
    const destinations = {
      team: slack("https://slack.com/api/"),
      shut: slack("https://slack.com/api/", { allowAgentTool: false }),
      hook: webhook("https://hooks.example.org:8443/x"),
    };
    expect(agentDestinations(args(destinations))).to.deep.equal({ team: "slack.com", hook: "hooks.example.org" });
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
    close = () => undefined;
  });
});
