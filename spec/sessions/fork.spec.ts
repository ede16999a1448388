import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { apply, type JournalEvent } from "../../actors/session/fold/fold.ts";
import { emptyState } from "../../actors/session/state.ts";
import type { Forked } from "../../tui/sessions/fork.ts";
import { eventsOf } from "../support/program.ts";
import { command, makeStories, refusal, type Stories, textOf } from "./stories.ts";

describe("forking a session", () => {
  let stories: Stories;
  beforeEach(() => {
    stories = makeStories();
  });
  afterEach(() => stories.remove());

  const fork = async (words: string[], at?: number) =>
    (await command(stories.stateDir, ["fork", ...words], at === undefined ? {} : { at: `${at}` })).data as Forked;
  function folded(id: string) {
    const state = emptyState();
    for (const event of stories.events(id)) apply(state, event as unknown as JournalEvent);
    return state;
  }
  const asked = (id: string) =>
    folded(id)
      .history.filter(({ role }) => role === "user")
      .map((message) => ("text" in message ? message.text : ""));

  it("begins a new session with all that the first one holds, and leaves that one as it was", async () => {
    const story = stories.open("original");
    story.turn("one", { id: "c1", output: "first" });
    story.turn("two");
    story.add("session_renamed", { name: "mine" });
    story.close();
    const before = textOf(join(stories.dir("original"), "journal.jsonl"));
    const { id, from, messages } = await fork(["original"]);
    expect(from).to.deep.equal({ session_id: "original", seq: stories.events("original").length });
    expect(messages).to.equal(2);
    const [started] = eventsOf(stories.events(id), "session_started");
    expect(started?.data).to.deep.include({ cwd: "/w", model: "m/first", forked_from: from });
    const [first, second] = [folded("original"), folded(id)];
    expect(second.history).to.deep.equal(first.history);
    expect(second.turns).to.equal(2);
    expect(stories.events(id).map(({ ts }) => ts)).to.deep.equal(stories.events("original").map(({ ts }) => ts));
    expect(textOf(join(stories.dir("original"), "journal.jsonl"))).to.equal(before);
  });

  it("ends before the message that is named, as the conversation stands", async () => {
    const story = stories.open("original");
    story.turn("one");
    story.turn("a wrong way");
    story.add("undo_complete", { turns: 1, input_id: "original-2" });
    story.turn("two");
    story.turn("three");
    story.close();
    expect(asked((await fork(["original"], 2)).id)).to.deep.equal(["one"]);
    expect(asked((await fork(["original"], 3)).id)).to.deep.equal(["one", "two"]);
    expect(asked((await fork(["original"])).id)).to.deep.equal(["one", "two", "three"]);
    for (const at of ["4", "9"]) {
      expect(await refusal(stories.stateDir, ["fork", "original"], { at })).to.have.property("code", "FORK_AT");
    }
    expect(await refusal(stories.stateDir, ["fork", "original"], { at: "1" })).to.have.property("code", "FORK_EMPTY");
    for (const at of ["0", "-1", "two", "1.5"]) {
      expect(await refusal(stories.stateDir, ["fork", "original"], { at })).to.have.property("code", "USAGE");
    }
  });

  it("works on a session that is running, up to the last whole turn, without what waits for the next one", async () => {
    const story = stories.open("original");
    story.turn("one");
    const running = story.begin("two");
    story.add("user_message", { content: "three", input_id: "late", via: "input", queued: true });
    story.add("llm_started", { iteration: 1, model: "m/first" });
    const { id, left_out } = await fork(["original"]);
    expect(left_out).to.equal(2);
    const state = folded(id);
    expect(asked(id)).to.deep.equal(["one"]);
    expect(state.turn).to.equal(null);
    expect(state.queue).to.deep.equal([]);
    story.add("steered", { input_id: "late" });
    story.add("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
    expect(running).to.equal("original-2");
    expect(asked((await fork(["original"])).id)).to.deep.equal(["one", "two", "three"]);
    const joined = await refusal(stories.stateDir, ["fork", "original"], { at: "3" });
    expect(joined).to.have.property("code", "FORK_AT");
    expect(joined.hint).to.contain("--at 2");
  });

  it("leaves out a message that was written during the turn before and answered after it", async () => {
    const story = stories.open("original");
    story.begin("one");
    story.add("user_message", { content: "two", input_id: "late", via: "input", queued: true });
    story.add("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
    story.add("processing", { message: "two", turn: 2, input_id: "late" });
    story.add("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
    story.close();
    const { id } = await fork(["original"], 2);
    expect(asked(id)).to.deep.equal(["one"]);
    expect(folded(id).queue).to.deep.equal([]);
  });

  it("takes the user's own commands along that had ended, and runs none again", async () => {
    const story = stories.open("original");
    const run = (id: string) => story.add("user_command", { command_id: id, command: `echo ${id}` });
    run("a");
    run("b");
    const how = { output: "a", success: true, outcome: "done" as const, duration_ms: 1 };
    story.add("user_command_ended", { command_id: "a", command: "echo a", ...how });
    story.turn("one");
    story.close();
    const { id } = await fork(["original"]);
    expect([...folded(id).commands.keys()]).to.deep.equal(["a"]);
  });

  it("refuses to fork a session of which no turn has ended", async () => {
    stories.open("original").begin("one");
    expect(await refusal(stories.stateDir, ["fork", "original"])).to.have.property("code", "FORK_EMPTY");
    expect(readdirSync(join(stories.stateDir, "sessions"))).to.deep.equal(["original"]);
  });

  it("goes on without the original: long texts and outputs come along, and paths lead to the copies", async () => {
    const from = stories.dir("original");
    const story = stories.open("original");
    const long = "long ".repeat(8_000);
    for (const [name, files] of Object.entries({
      done: { "spec.json": "{}", out: "of done", "result.json": "{}", status: "0" },
      running: { "spec.json": "{}", claim: "1", out: "of running" },
      later: { out: "of later", "result.json": "{}" },
    })) {
      mkdirSync(join(from, "calls", name), { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(from, "calls", name, file), text);
    }
    mkdirSync(join(from, "outputs"));
    writeFileSync(join(from, "outputs", "c1.txt"), long);
    story.turn(long, { id: "c1", output: `… the whole text is in ${from}/outputs/c1.txt: read it …` });
    story.turn("two", { id: "done", output: `see ${from}/calls/done/out.` });
    story.turn("three", { id: "running", output: `its output goes to ${from}/calls/running/out.` });
    story.add("assistant_message", {
      content: "",
      tool_calls: [],
      finish_reason: "stop",
      model: "m",
      native: { provider: "p", model: "m", blocks: [`${from}/outputs/gone.txt`] },
    });
    story.turn("four", { id: "later", output: `see ${from}/calls/later/out and ${from}/outputs/gone.txt` });
    story.close();
    const { id, files, lost_files } = await fork(["original"], 4);
    expect({ files, lost_files }).to.deep.equal({ files: 6, lost_files: 0 });
    rmSync(from, { recursive: true });
    const to = stories.dir(id);
    expect(asked(id)[0]).to.equal(long);
    expect(textOf(join(to, "outputs", "c1.txt"))).to.equal(long);
    const outputs = eventsOf(stories.events(id), "tool_output").map(({ data }) => data.output);
    expect(outputs).to.deep.equal([
      `… the whole text is in ${to}/outputs/c1.txt: read it …`,
      `see ${to}/calls/done/out.`,
      `its output goes to ${to}/calls/running/out.`,
    ]);
    expect(readdirSync(join(to, "calls", "done")).sort()).to.deep.equal(["out", "result.json", "spec.json", "status"]);
    // What still runs belongs to the original: the fork has what it had said, and nothing to end it by.
    expect(readdirSync(join(to, "calls", "running"))).to.deep.equal(["out"]);
    expect(readdirSync(join(to, "calls")).sort()).to.deep.equal(["done", "running"]);
    // Signed by the provider: as it was.
    const replayed = eventsOf(stories.events(id), "assistant_message").flatMap(({ data }) => data.native?.blocks ?? []);
    expect(replayed).to.deep.equal([`${from}/outputs/gone.txt`]);
  });
});
