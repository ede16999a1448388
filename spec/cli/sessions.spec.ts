import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Journal, openJournal, readJournal } from "../../runtime/index.ts";
import { byPrefix, findSessions, newestIn } from "../../tui/sessions/find.ts";
import { newestFirst } from "../../tui/sessions/newest.ts";
import { summarise } from "../../tui/sessions/summary.ts";

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
