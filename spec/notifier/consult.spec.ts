import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { NewEphemeral } from "../../actors/events.ts";
import type { Operation } from "../../actors/operations.ts";
import { approverDestinations, type Consulting, createConsulting } from "../../actors/root/approvers/consult.ts";
import { feedNotifier } from "../../actors/root/notify.ts";
import type { JournalEvent } from "../../actors/session/fold/fold.ts";
import { apply } from "../../actors/session/fold/fold.ts";
import { onApprovals } from "../../actors/session/turn/on-calls.ts";
import { type Bus, createBus, createSystem, type Journal, openJournal, type System } from "../../runtime/index.ts";
import { until } from "../support/program.ts";
import {
  buttonsOf,
  refuses,
  type SlackScript,
  type SlackServer,
  shownIn,
  startSlackServer,
} from "../support/slack-server.ts";
import type { Answer } from "../support/sse.ts";
import { answer, begun, call, type Machine, prepare, prepared, verdict } from "../support/turn.ts";
import { quick, slack } from "./setting.ts";

describe("approvers: consulted for a session", function () {
  this.timeout(20_000);
  const appToken = "xapp-1-A0123456789-1234567890123-abcdef";
  let dir: string;
  let journal: Journal;
  let server: SlackServer;
  let system: System;
  let bus: Bus;
  let machine: Machine;
  let emitted: NewEphemeral[];
  let consulting: Consulting;
  let refuse: Error[];

  afterEach(async () => {
    await system.stop();
    bus.close();
    journal.close();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A session in which calls `a` and `b` wait for a person, with destinations that have approvers. */
  async function begin(names: string[], script: (Answer | null)[] = [], slackScript: SlackScript = {}) {
    dir = mkdtempSync(join(tmpdir(), "consult-spec-"));
    journal = openJournal({ dir });
    bus = createBus({ journal });
    server = await startSlackServer(script, slackScript);
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
    emitted = [];
    refuse = [];
    machine = begun();
    answer(machine, { calls: [call("a", { command: "rm x" }), call("b", { command: "rm y" })] });
    const calls = [
      prepared("a", { arguments: { command: "rm x" } }),
      prepared("b", { arguments: { command: "rm y" } }),
    ];
    prepare(machine, calls, () => verdict("ask", { reason: "outside" }));
    const answers = { appToken, approvers: ["UADA"] };
    const places = names.map((name) => [name, slack(server.apiUrl, { answers, channel: name })] as const);
    const messaging = { autoEvents: [], destinations: Object.fromEntries(places) };
    const emit = (event: NewEphemeral) => void emitted.push(event);
    const session = { id: "s1", cwd: "/w" };
    await feedNotifier(system, { session, bus, model: () => "m", emit, messaging, secrets: [], limits: quick });
    consulting = createConsulting(system, {
      session: { id: "s1", folder: "/w" },
      here: "the user at the terminal",
      destinations: approverDestinations(messaging),
      state: () => machine.state,
      bus,
      emit,
      async operate(operation: Operation) {
        const refusal = refuse.shift();
        if (refusal !== undefined) throw refusal;
        if (operation.type !== "exec_approval") throw new Error(operation.type);
        for (const { type, data } of onApprovals(machine.state, operation.approvals)) {
          const { seq, ts } = bus.publish(type, data);
          apply(machine.state, { type, data, seq, ts } as JournalEvent);
        }
      },
    });
  }

  const values = () => server.posts().map((post) => buttonsOf(post).ml_intern_allow ?? "");
  const valueFor = (name: string) => values().find((value) => value.includes(`"question":"${name}"`)) ?? "";
  const allow = (value: string) => server.press({ user: "UADA", action: "ml_intern_allow", value });
  const statusOf = (id: string) => machine.state.turn?.calls.find((one) => one.id === id)?.status;
  const outcomes = () =>
    server.calls("chat.update").map((update) => [update.fields.channel, shownIn(update).split("\n").at(-1)]);
  const warnings = () => emitted.flatMap((event) => (event.type === "notification_failed" ? [event.data] : []));

  it("asks at every destination, takes the first answer, and says so at all of them", async () => {
    await begin(["C1", "C2"]);
    void consulting.consult("a", null);
    await until("both messages", () => server.posts().length === 2);
    expect(server.sockets).to.have.length(1);
    allow(values()[1] ?? "");
    await until("both updates", () => outcomes().length === 2);
    expect(outcomes()).to.have.deep.members([
      ["C1", "Allowed once by uada (UADA) in Slack"],
      ["C2", "Allowed once by uada (UADA) in Slack"],
    ]);
    expect(statusOf("a")).to.equal("waiting");
    expect(new Set(values()).size).to.equal(2);
  });

  it("asks once about a call, and not at all about one that does not wait", async () => {
    await begin(["C1"]);
    for (const id of ["a", "a", "nobody's"]) void consulting.consult(id, 1_000);
    void consulting.consult("b", 1_000);
    await until("both messages", () => server.posts().length === 2);
    const asked = emitted.flatMap((event) => (event.type === "approval_asked" ? [event.data.tool_call_id] : []));
    expect(asked).to.deep.equal(["a", "b"]);
    allow(valueFor("b"));
    await until("the update", () => outcomes().length === 1);
    expect([statusOf("a"), statusOf("b"), server.posts().length]).to.deep.equal(["approval", "waiting", 2]);
  });

  it("keeps message and buttons when the notifier dies", async () => {
    await begin(["C1"]);
    void consulting.consult("a", null);
    await until("the message", () => server.posts().length === 1 && server.sockets.length === 1);
    await until("it to be noted", () => emitted.length > 0);
    // Its id reaches the root a moment after the request has reached Slack.
    allow("asks for an answer, so that the one before has come back");
    await until("that", () => server.calls("chat.postEphemeral").length === 1);
    system.kill("notifier");
    await until("a connection of the next one", () => server.sockets.length === 2);
    allow(valueFor("a"));
    await until("the update", () => outcomes().length === 1);
    expect([server.posts().length, statusOf("a")]).to.deep.equal([1, "waiting"]);
    expect(warnings()).to.deep.equal([]);
  });

  it("leaves the question open when the answer cannot be put on record, and takes the next one", async () => {
    await begin(["C1"]);
    refuse.push(new Error("no space"));
    void consulting.consult("a", null);
    await until("the message", () => server.posts().length === 1);
    allow(valueFor("a"));
    await until("the warning", () => warnings().length === 1);
    expect([warnings()[0]?.event_type, statusOf("a")]).to.deep.equal(["approval_answer", "approval"]);
    // The question has ears again as soon as the notifier has heard of it.
    await until("the update", () => {
      if (outcomes().length === 0) allow(valueFor("a"));
      return outcomes().length > 0;
    });
    expect(statusOf("a")).to.equal("waiting");
  });

  it("says that no answer can come once none can come from anywhere", async () => {
    await begin(["C1", "C2"], [refuses("channel_not_found"), refuses("channel_not_found")]);
    await consulting.consult("a", null);
    expect(warnings().map(({ destination, code }) => [destination, code])).to.have.deep.members([
      ["C1", "NOTIFY_CHANNEL_NOT_FOUND"],
      ["C2", "NOTIFY_CHANNEL_NOT_FOUND"],
    ]);
    expect(statusOf("a")).to.equal("approval");
  });

  it("says at the end of the program that it asks again, and waits no longer than it may", async () => {
    await begin(["C1"]);
    void consulting.consult("a", null);
    await until("the message", () => server.posts().length === 1);
    await consulting.rest(5_000);
    expect(outcomes().map(([, words]) => words)).to.deep.equal([
      "Not answered: the program has ended, and asks again when the session goes on",
    ]);
    expect(statusOf("a")).to.equal("approval");
  });

  it("has nobody to ask without approvers", async () => {
    await begin([]);
    expect(consulting.consult("a", null)).to.equal(null);
    expect(approverDestinations(null)).to.deep.equal([]);
    await consulting.rest(10);
    expect(server.requests).to.deep.equal([]);
  });
});
