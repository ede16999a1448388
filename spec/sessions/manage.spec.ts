import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openAudit } from "../../actors/root/audit/audit.ts";
import type { Facts } from "../../tui/sessions/facts.ts";
import { findSessions } from "../../tui/sessions/find.ts";
import { eventsOf } from "../support/program.ts";
import { command, makeStories, modelCall, refusal, type Stories, textOf } from "./stories.ts";

describe("the command sessions", () => {
  let stories: Stories;
  beforeEach(() => {
    stories = makeStories();
  });
  afterEach(() => stories.remove());

  it("refuses words and options that mean nothing here", async () => {
    for (const [words, options, hint] of [
      [["shwo", "1"], {}, "sessions show"],
      [["show"], {}, "sessions show ID"],
      [["show", "1", "2"], {}, "sessions show ID"],
      [["show", "1"], { at: "2" }, "sessions show ID"],
      [["rename", "1"], {}, "sessions rename ID NAME"],
      [["delete", ""], {}, "sessions delete ID"],
      [["export", "1"], { format: "markdwon" }, "markdown"],
      [["export", "1"], { json: true }, "--output"],
    ] as const) {
      stories.open(`s${Math.random()}`).close();
      const error = await refusal(stories.stateDir, [...words], options);
      expect(error).to.have.property("code", "USAGE");
      expect(error.hint).to.contain(hint);
    }
  });

  it("shows what a session has done, spent, written and decided", async () => {
    const story = stories.open("s");
    story.turn("one", { id: "c1", output: "ok", path: "/w/train.py" });
    story.turn("a wrong way", { id: "c2", output: "no", path: "/w/never.py", ok: false });
    story.add("undo_complete", { turns: 1, input_id: "s-2" });
    story.begin("two");
    story.add("llm_call", modelCall(null));
    story.add("plan_update", {
      plan: [
        { id: "1", content: "a", status: "completed" },
        { id: "2", content: "b", status: "pending" },
      ],
    });
    const job = { namespace: "ada", flavor: "a10g-large", timeout_s: 60, job_type: "uv" as const, image: null };
    for (const job_id of ["j1", "j2"]) {
      const more = { job_id, job_url: `https://hub/jobs/ada/${job_id}`, title: "t", tool_call_id: "c1" };
      story.add("hf_job_submit", { ...job, ...more, price_usd_per_hour: 1.5 });
    }
    const end = { final_status: "completed", message: null, wall_time_s: 600, estimated_cost_usd: 0.25 };
    story.add("hf_job_complete", { job_id: "j1", namespace: "ada", flavor: "a10g-large", ...end });
    story.add("session_renamed", { name: "churn" });
    const { data, text } = await command(stories.stateDir, ["show", "churn"]);
    const facts = data as Facts;
    expect(facts).to.deep.include({
      id: "s",
      name: "churn",
      state: "running",
      turns: 3,
      undone_turns: 1,
      tools: { write: { calls: 2, failed: 1 } },
      written_files: ["/w/train.py"],
    });
    expect(facts.open_jobs.map(({ job_id }) => job_id)).to.deep.equal(["j2"]);
    expect(facts.spent).to.deep.include({ tools_usd: 0.25, model_calls: 3, usd: 0.5, unknown: 1, prompt_tokens: 300 });
    expect(facts.messages.map(({ number, text, end }) => [number, text, end])).to.deep.equal([
      [1, "one", "done"],
      [2, "two", null],
    ]);
    expect(facts.audit).to.deep.include({
      verdicts: { run: 2 },
      rules: { workspace: 2 },
      records: stories.events("s").length,
      unread_bytes: 0,
      open_calls: 0,
    });
    for (const part of [
      "churn",
      "$0.50",
      "j2 on a10g-large at $1.50 an hour may still run: https://hub/jobs/ada/j2",
      "1 of 2 steps",
      "write 2 (1 failed)",
      "/w/train.py",
      "   1  one",
      "   2  two",
    ]) {
      expect(text).to.contain(part);
    }
    expect(text).to.not.contain("never.py");
  });

  it("tells whether the file of decisions can be believed", async () => {
    const story = stories.open("s");
    story.turn("one", { id: "c1", output: "ok", path: "/w/train.py" });
    const show = async () => (await command(stories.stateDir, ["show", "s"])).text;
    expect(await show()).to.contain("there is none; the next run writes it (1 decision)");
    openAudit(stories.dir("s"), story.journal, () => {}).close();
    expect(await show()).to.contain("1 decision, each as the journal has it");
    const path = join(stories.dir("s"), "audit.jsonl");
    writeFileSync(path, textOf(path).replace("workspace", "somebody"));
    expect(await show()).to.contain("BROKEN at line 1");
  });

  it("renames a session without making it the newest", async () => {
    for (const id of ["old", "new"]) {
      const story = stories.open(id);
      story.turn(id);
      story.close();
    }
    utimesSync(join(stories.dir("old"), "journal.jsonl"), 1_600_000_000, 1_600_000_000);
    await command(stories.stateDir, ["rename", "old", "my", "experiment"]);
    expect(eventsOf(stories.events("old"), "session_renamed").map(({ data }) => data.name)).to.deep.equal([
      "my experiment",
    ]);
    expect(findSessions(stories.stateDir).map(({ id }) => id)).to.deep.equal(["new", "old"]);
    expect((await command(stories.stateDir, ["show", "my experiment"])).data).to.deep.include({ id: "old" });
    expect((await command(stories.stateDir, [])).text).to.contain("my experiment");
    for (const name of ["12", "a/b", ".x", "~", "-x", "\n"]) {
      expect(await refusal(stories.stateDir, ["rename", "old", name]))
        .to.have.property("code")
        .that.matches(/NAME|USAGE/);
    }
  });

  it("renames and deletes nothing that a process has open, and says which one", async () => {
    const story = stories.open("s");
    story.turn("one");
    const before = stories.events("s");
    for (const [words, options] of [
      [["rename", "s", "name"], {}],
      [["delete", "s"], { yes: true }],
    ] as const) {
      const error = await refusal(stories.stateDir, [...words], options);
      expect(error).to.have.property("code", "SESSION_RUNNING");
      expect(error.message).to.contain(`process ${process.pid}`);
    }
    expect(stories.events("s")).to.deep.equal(before);
    story.add("notice", { content: "still mine", reason: "r" });
  });

  it("deletes a session when it is told to in full, and nothing else", async () => {
    for (const id of ["one", "two"]) {
      const story = stories.open(id);
      story.turn("x".repeat(40_000));
      story.close();
    }
    const error = await refusal(stories.stateDir, ["delete", "one"]);
    expect(error).to.have.property("code", "CONFIRM");
    expect(error.hint).to.contain("--yes");
    expect(statSync(stories.dir("one")).isDirectory()).to.equal(true);
    await command(stories.stateDir, ["delete", "one"], { yes: true });
    expect(existsSync(stories.dir("one"))).to.equal(false);
    expect(readdirSync(join(stories.stateDir, "sessions"))).to.deep.equal(["two"]);
  });
});
