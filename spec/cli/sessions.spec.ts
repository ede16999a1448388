import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Journal, openJournal, readJournal } from "../../runtime/index.ts";
import { type SessionsLook, sessionsAnswer } from "../../tui/cli/sessions.ts";
import { FrontError } from "../../tui/errors.ts";
import { findSessions, newestIn } from "../../tui/sessions/find.ts";
import { newestFirst } from "../../tui/sessions/newest.ts";
import { resolveOwn, resolveSession } from "../../tui/sessions/resolve.ts";
import { isResumable, type SessionSummary, summarise } from "../../tui/sessions/summary.ts";
import { styleFor } from "../../tui/text/style.ts";
import { quickPlace } from "../support/journal.ts";

describe("looking at sessions on the disk", () => {
  let stateDir: string;
  let open: Journal[];

  beforeEach(() => {
    stateDir = mkdtempSync(join(quickPlace, "state-"));
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

  it("reads little of a thousand sessions, and less of them the next time", () => {
    const readBytes = () => Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
    const filler = "x".repeat(4_000);
    for (let n = 0; n < 1_000; n++) {
      const journal = openJournal({ dir: folder(`2026-${n}`), syncEveryMs: 0 });
      journal.append("session_started", { version: 1, cwd: "/w", model: "m/first", created_by: "x" });
      for (const [type, data] of asked) journal.append(type, data);
      // One in a hundred is long.
      for (let m = 0; m < (n % 100 === 0 ? 200 : 2); m++) journal.append("notice", { content: filler, reason: "r" });
      journal.append("turn_complete", { reason: "done" });
      journal.close();
    }
    const bytes = findSessions(stateDir).reduce((sum, { dir }) => sum + statSync(join(dir, "journal.jsonl")).size, 0);
    const cost = () => {
      const before = readBytes();
      const { data } = list({ json: true });
      expect((data as SessionSummary[]).filter(({ state }) => state === "done")).to.have.length(1_000);
      return readBytes() - before;
    };
    // Each journal once, of the first records once more for the prompt, and the lock's name.
    expect(cost()).to.be.below(bytes * 2 + 1_000 * 1_000);
    const long = 10 * 200 * filler.length;
    expect(cost()).to.be.below(2 * (bytes - long) + 1_000 * 1_000);
    const shown = readBytes();
    list();
    expect(readBytes() - shown).to.be.below(20 * 40_000);
  }).timeout(30_000);

  it("looks again at a journal that is not the one it has looked at", () => {
    const long = "x".repeat(10_000);
    const first = session("s", asked);
    for (let n = 0; n < 20; n++) first.append("notice", { content: long, reason: "r" });
    first.close();
    expect(summarise(folder("s"))).to.include({ first_prompt: "the question", state: "unfinished" });
    const again = openJournal({ dir: folder("s") });
    again.append("turn_complete", { reason: "done" });
    again.close();
    expect(summarise(folder("s"))).to.include({ first_prompt: "the question", state: "done" });
    rmSync(join(folder("s"), "journal.jsonl"));
    const other = session("s", [["user_message", { content: "another" }]]);
    for (let n = 0; n < 40; n++) other.append("notice", { content: long, reason: "q" });
    other.close();
    expect(summarise(folder("s"))).to.include({ first_prompt: "another", state: "unfinished" });
    writeFileSync(join(folder("s"), "digest.json"), "{}");
    expect(summarise(folder("s"))).to.include({ first_prompt: "another", state: "unfinished" });
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

  it("finds the newest of a folder", () => {
    session("2026-a1", asked, "/one").close();
    session("2026-a2", asked, "/two").close();
    session("2026-b", asked, "/two").close();
    mkdirSync(folder(".half-made"));
    writeFileSync(join(folder(".half-made"), "journal.jsonl"), "");
    expect(findSessions(stateDir)).to.have.length(3);
    expect(newestIn(stateDir, "/one").id).to.equal("2026-a1");
    expect(newestIn(stateDir, "/two").id).to.equal("2026-b");
    expect(() => newestIn(stateDir, "/three"))
      .to.throw()
      .with.property("code", "SESSION_NONE");
  });

  describe("by a reference", () => {
    const named = (name: string): [string, unknown] => ["session_renamed", { name }];
    beforeEach(() => {
      session("2026-a1", [...asked, done, named("churn model")]).close();
      session("2026-a2", [...asked, done, named("old"), named("Churn")]).close();
      session("2025-b", [...asked, done, named("something else")]).close();
      ["2025-b", "2026-a1", "2026-a2"].forEach((id, index) => {
        utimesSync(join(folder(id), "journal.jsonl"), 1_700_000_000 + index, 1_700_000_000 + index);
      });
    });

    for (const [reference, id] of [
      ["1", "2026-a2"],
      ["2", "2026-a1"],
      ["3", "2025-b"],
      ["2025", "2025-b"],
      ["2026-a1", "2026-a1"],
      ["Churn", "2026-a2"],
      ["CHURN", "2026-a2"],
      ["churn m", "2026-a1"],
      ["some", "2025-b"],
    ]) {
      it(`takes ${reference} for ${id}`, () => {
        expect(resolveSession(stateDir, reference ?? "").id).to.equal(id);
      });
    }

    it("takes the path of a folder or a journal, also elsewhere, but not for what changes a session", () => {
      expect(resolveSession("/nowhere", folder("2025-b")).id).to.equal("2025-b");
      expect(resolveSession("/nowhere", join(folder("2025-b"), "journal.jsonl")).dir).to.equal(folder("2025-b"));
      expect(resolveOwn(stateDir, folder("2025-b")).id).to.equal("2025-b");
      cpSync(folder("2025-b"), join(stateDir, "copy"), { recursive: true });
      expect(resolveSession(stateDir, join(stateDir, "copy")).id).to.equal("copy");
      expect(() => resolveOwn(stateDir, join(stateDir, "copy")))
        .to.throw()
        .with.property("code", "SESSION_ELSEWHERE");
      expect(() => resolveSession(stateDir, "./nothing"))
        .to.throw()
        .with.property("code", "SESSION_UNKNOWN");
    });

    it("names the candidates, with their previews, when there is more than one, and says when there is none", () => {
      for (const [reference, first, second] of [
        ["2026-a", "2026-a1  churn model · the question", "2026-a2  Churn · the question"],
        ["chur", "2026-a1  churn model · the question", "2026-a2  Churn · the question"],
      ]) {
        let caught: unknown;
        try {
          resolveSession(stateDir, reference ?? "");
        } catch (error) {
          caught = error;
        }
        expect(caught).to.be.instanceOf(FrontError).with.property("code", "SESSION_AMBIGUOUS");
        expect((caught as FrontError).hint)
          .to.contain(first)
          .and.contain(second);
      }
      for (const reference of ["4", "2024", "nothing", "question"]) {
        expect(() => resolveSession(stateDir, reference))
          .to.throw()
          .with.property("code", "SESSION_UNKNOWN");
      }
    });

    it("shows names and numbers in the list", () => {
      const { text } = list();
      expect(text).to.match(/^2026-a2 {2}Churn {2}done\n {2}the question\n {2}1 · /m);
      expect((list({ json: true }).data as SessionSummary[]).map(({ name }) => name)).to.deep.equal([
        "Churn",
        "churn model",
        "something else",
      ]);
    });
  });
});
