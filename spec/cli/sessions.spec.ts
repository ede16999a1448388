import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Journal, openJournal, readJournal } from "../../runtime/index.ts";
import { type SessionsLook, sessionsAnswer } from "../../tui/cli/sessions.ts";
import { byPrefix, findSessions, newestIn } from "../../tui/sessions/find.ts";
import { newestFirst } from "../../tui/sessions/newest.ts";
import { isResumable, type SessionSummary, summarise } from "../../tui/sessions/summary.ts";
import { styleFor } from "../../tui/text/style.ts";

describe("looking at sessions on the disk", () => {
  let stateDir: string;
  let open: Journal[];

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "state-"));
    open = [];
  });
  afterEach(() => {
    for (const journal of open) journal.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const folder = (id: string) => join(stateDir, "sessions", id);
  function session(id: string, events: [type: string, data: unknown][], cwd = "/w"): Journal {
    const journal = openJournal({ dir: folder(id) });
    open.push(journal);
    journal.append("session_started", { version: 1, cwd, model: "m/first", created_by: "x" });
    for (const [type, data] of events) journal.append(type, data);
    return journal;
  }
  const asked: [string, unknown][] = [
    ["user_message", { content: "the question", input_id: "a", via: "input", queued: false }],
    ["processing", { message: "the question", turn: 1, input_id: "a" }],
  ];
  const done: [string, unknown] = ["turn_complete", { reason: "done" }];

  it("reads a journal backwards, across chunks, and passes over a torn tail", () => {
    const journal = session("s", []);
    const long = "x".repeat(10_000);
    for (let n = 0; n < 40; n++) journal.append("notice", { content: `${n} é世 ${long}`, reason: "r" });
    journal.close();
    appendFileSync(join(folder("s"), "journal.jsonl"), '{"seq":42,"ts":1,"ty');
    const seen = [...newestFirst(folder("s"))];
    expect(seen.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 41 }, (_, index) => 41 - index));
    expect(seen[0]?.data).to.deep.equal({ content: `39 é世 ${long}`, reason: "r" });
  });

  for (const [state, turns, events] of [
    ["empty", 0, []],
    ["unfinished", 0, asked.slice(0, 1)],
    ["unfinished", 1, asked],
    ["done", 1, [...asked, done]],
    ["iteration_limit", 1, [...asked, ["turn_complete", { reason: "iteration_limit" }]]],
    ["interrupted", 1, [...asked, ["interrupted", { reason: "user" }]]],
    ["error", 1, [...asked, ["error", { error: "e", code: "X" }], ["shutdown", { reason: "done" }]]],
    ["terminated", 1, [...asked, ["session_terminated", { reason: "context_overflow" }]]],
    ["unfinished", 2, [...asked, done, ["user_message", { content: "b" }], ["processing", { turn: 2 }]]],
  ] as const) {
    it(`tells that a session is ${state} after ${events.map(([type]) => type).join(", ") || "nothing"}`, () => {
      session("s", events as unknown as [string, unknown][]).close();
      expect(summarise(folder("s"))).to.deep.include({
        id: "s",
        cwd: "/w",
        model: "m/first",
        state,
        turns,
        first_prompt: events.length === 0 ? null : "the question",
      });
    });
  }

  it("tells that a session is running while its journal is open", () => {
    session("s", asked);
    expect(summarise(folder("s"))?.state).to.equal("running");
  });

  it("names the model that answers from now on", () => {
    session("s", [
      ["model_changed", { model: "m/second" }],
      ...asked,
      ["llm_started", { model: "m/second" }],
      done,
    ]).close();
    expect(summarise(folder("s"))?.model).to.equal("m/second");
    session("t", [["model_changed", { model: "m/second" }], ...asked, done]).close();
    expect(summarise(folder("t"))).to.include({ model: "m/second", turns: 1 });
  });

  it("looks at the ends of a long journal only", () => {
    const journal = session("s", [...asked, ["llm_started", { model: "m/x" }], done]);
    const long = "x".repeat(16_000);
    for (let n = 0; n < 2_000; n++) journal.append("notice", { content: long, reason: "r" });
    for (const [type, data] of [...asked, ["llm_started", { model: "m/x" }] as [string, unknown], done]) {
      journal.append(type, data);
    }
    journal.close();
    const timed = (run: () => unknown) => {
      const startedAt = performance.now();
      run();
      return performance.now() - startedAt;
    };
    const whole = timed(() => [...readJournal(folder("s"))].length);
    const ends = Math.min(...[1, 2, 3].map(() => timed(() => summarise(folder("s")))));
    expect(summarise(folder("s"))?.state).to.equal("done");
    expect(ends).to.be.below(whole / 3);
  });

  const list = (look: Partial<SessionsLook> = {}) =>
    sessionsAnswer(stateDir, { style: styleFor({}, {}), json: false, all: false, ...look });

  it("lists the newest 20 for people, all for those who ask and for programs", () => {
    for (let n = 10; n < 35; n++) session(`2026-${n}`, asked).close();
    const shown = (text: string) => text.split("\n").filter((line) => line.startsWith("2026-"));
    expect(shown(list().text)).to.have.length(20);
    expect(list().text).to.contain("newest 20 of 25").and.contain("--all");
    expect(shown(list({ all: true }).text)).to.have.length(25);
    expect(list({ json: true }).data).to.have.length(25);
  });

  it("gives programs whole numbers and the beginning of a prompt", () => {
    session("s", [["user_message", { content: "x".repeat(5_000) }]]).close();
    const [one] = list({ json: true }).data as SessionSummary[];
    expect(one?.first_prompt).to.have.length(200);
    expect(Number.isInteger(one?.updated_at)).to.equal(true);
  });

  it("shows a damaged session as such, and the others beside it", () => {
    session("good", [...asked, done]).close();
    session("odd", [...asked, ["model_changed", null], ["llm_started", { model: 7 }], ["turn_complete", null]]).close();
    mkdirSync(folder("torn"));
    writeFileSync(join(folder("torn"), "journal.jsonl"), "no journal");
    mkdirSync(folder("strange"));
    const record = { seq: 1, ts: 1, type: "session_started", data: null };
    writeFileSync(join(folder("strange"), "journal.jsonl"), `${JSON.stringify(record)}\n`);
    const states = Object.fromEntries(
      (list({ json: true }).data as SessionSummary[]).map(({ id, state }) => [id, state]),
    );
    expect(states).to.deep.equal({ good: "done", odd: "unfinished", torn: "damaged", strange: "damaged" });
    expect(list().text)
      .to.match(/^torn {2}damaged$/m)
      .and.match(/^good {2}done$/m);
    expect(newestIn(stateDir, "/w").id).to.be.oneOf(["good", "odd"]);
  });

  it("knows after which ends of a turn there is something to go on with", () => {
    const yes = ["unfinished", "interrupted", "error", "iteration_limit", "truncated", "empty_reply"];
    expect(yes.filter(isResumable)).to.deep.equal(yes);
    expect(["done", "refusal", "terminated", "empty"].filter(isResumable)).to.deep.equal([]);
  });

  it("finds the newest of a folder, and one by the beginning of its id", () => {
    session("2026-a1", asked, "/one").close();
    session("2026-a2", asked, "/two").close();
    session("2026-b", asked, "/two").close();
    expect(findSessions(stateDir)).to.have.length(3);
    expect(newestIn(stateDir, "/one").id).to.equal("2026-a1");
    expect(newestIn(stateDir, "/two").id).to.equal("2026-b");
    expect(byPrefix(stateDir, "2026-b").id).to.equal("2026-b");
    expect(byPrefix(stateDir, "2026-a2").id).to.equal("2026-a2");
    expect(() => byPrefix(stateDir, "2026-a"))
      .to.throw("2026-a1")
      .with.property("code", "SESSION_AMBIGUOUS");
    expect(() => byPrefix(stateDir, "x"))
      .to.throw()
      .with.property("code", "SESSION_UNKNOWN");
    expect(() => newestIn(stateDir, "/three"))
      .to.throw()
      .with.property("code", "SESSION_NONE");
  });
});
