import { expect } from "chai";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { endSentence, sentenceOf } from "../../../tui/screen/model/sentences.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";
import { begin, blocksOf, message, told, turnEnd } from "./recording.ts";

function kinds(model: Model): string[] {
  return model.blocks.map(({ kind }) => kind);
}

describe("screen model: the session", () => {
  it("takes a turn back with its blocks and its plan, and nothing else", () => {
    const model = told((say) => {
      begin(say);
      say("plan_update", { plan: [{ id: "1", content: "first", status: "in_progress" }] });
      say("assistant_message", message("One."));
      say("turn_complete", turnEnd);
      say("effort_changed", { effort: "high" });
      say("user_message", { content: "More", input_id: "i2", via: "input", queued: false });
      say("processing", { message: "More", turn: 2, input_id: "i2" });
      say("plan_update", { plan: [{ id: "2", content: "second", status: "in_progress" }] });
      say("assistant_message", message("Two."));
      say("turn_complete", turnEnd);
      say("undo_complete", { turns: 1, input_id: "i2" });
    });
    expect(kinds(model)).to.deep.equal(["user", "plan", "assistant", "end", "note", "note"]);
    expect(blocksOf(model, "note").at(-1)?.note).to.deep.equal({ about: "undo", text: "More" });
    expect(model.plan.map(({ content }) => content)).to.deep.equal(["first"]);
    expect(model.turns).to.equal(1);
  });

  it("leaves a mark where the conversation was made shorter, and keeps what came before", () => {
    const model = told((say) => {
      begin(say);
      say("assistant_message", message("One."));
      say("turn_complete", turnEnd);
      say("compact_requested", {});
      say("compacted", {
        trigger: "manual",
        old_tokens: 900,
        new_tokens: 90,
        prefix: [],
        keep_from: 2,
        summary: "s",
        by: "model",
        messages_before: 2,
        messages_after: 1,
      });
    });
    expect(kinds(model)).to.deep.equal(["user", "assistant", "end", "compaction"]);
    expect(model.tokens.context).to.equal(90);
    expect(model.compacting).to.equal(false);
  });

  it("has words for how a turn ended and for each note", () => {
    const model = told((say) => {
      begin(say);
      say("actor_restarted", { actor: "llm", reason: "it fell", epoch: 2 });
      say("actor_restarted", { actor: "llm", reason: "it fell", epoch: 3 });
      say("tool_log", { tool: "system", tool_call_id: null, log: "No bubblewrap." });
      say("session_terminated", { reason: "context_overflow", error: "Too long.", user_message: "Begin anew." });
    });
    const words = model.blocks.flatMap((block) =>
      block.kind === "note" ? sentenceOf(block.note) : block.kind === "end" ? (endSentence(block) ?? []) : [],
    );
    expect(words).to.deep.equal([
      { level: "warn", text: "llm failed and was restarted; the session goes on" },
      { level: "warn", text: "llm failed and was restarted; the session goes on" },
      { level: "warn", text: "No bubblewrap." },
      { level: "error", text: "Too long. Begin anew." },
    ]);
    expect(model.actors).to.have.length(1);
    expect(model.actors[0]).to.include({ actor: "llm", restarts: 2 });
  });

  it("notes what a user who looks elsewhere should hear of, and forgets it when they are back", () => {
    const away = reduce(emptyModel(), [{ kind: "focused", focused: false }]);
    const model = told((say) => {
      begin(say);
      say("turn_complete", turnEnd);
    }, away);
    expect(model.notifications.map(({ about }) => about)).to.deep.equal(["turn"]);
    expect(reduce(model, [{ kind: "focused", focused: true }]).notifications).to.deep.equal([]);
    expect(told((say) => begin(say)).notifications).to.deep.equal([]);
  });

  it("begins anew with another session on the same screen", () => {
    const model = reduce(
      told((say) => begin(say)),
      [
        { kind: "resized", width: 120, height: 40 },
        { kind: "notice", text: "No keys.", at: 4 },
        // What is shown in a dialog is not shown here as well; what was changed is.
        { kind: "command", line: "/plan", outcome: { kind: "plan", plan: [] }, at: 5 },
        { kind: "command", line: "/approval auto", outcome: { kind: "approval", mode: "auto", changed: true }, at: 5 },
        { kind: "opened", sessionId: "s1", resumed: false, model: "m/x", effort: "high", turns: 0, calls: [] },
      ],
    );
    expect(kinds(model)).to.deep.equal(["user", "note", "command"]);
    const other = reduce(model, [
      { kind: "left", sessionId: "s1", jobs: [], ended: 0, unsent: 0, open: false },
      { kind: "opened", sessionId: "s2", resumed: false, model: "m/y", effort: "high", turns: 0, calls: [] },
    ]);
    expect(other.blocks).to.deep.equal([]);
    expect(other.session).to.include({ id: "s2", over: false });
    expect(other.sync.seq).to.equal(0);
    expect(other.screen).to.include({ width: 120, height: 40 });
    expect(other.nextBlock).to.equal(model.nextBlock);
  });
});
