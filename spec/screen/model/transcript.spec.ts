import { expect } from "chai";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { begin, blocksOf, callOf, event, expectValid, llmCall, message, outputOf, told } from "./recording.ts";

describe("screen model: the transcript", () => {
  it("streams a reply into one live block, which the final text replaces", () => {
    const live = told((say) => {
      begin(say);
      say("assistant_chunk", { content: "Hel" });
      say("assistant_chunk", { content: "lo \ud83c" });
      say("assistant_chunk", { content: "\udf89" });
    });
    const [block] = blocksOf(live, "assistant");
    expect(block).to.include({ text: "Hello 🎉", state: "live", version: 3, durable: false });
    const whole = reduce(live, [
      event("assistant_stream_end", live.sync.seq, { retracted: false }),
      event("llm_call", live.sync.seq + 1, llmCall(0.1)),
      event("assistant_message", live.sync.seq + 2, message("Hello 🎉!")),
    ]);
    expect(blocksOf(whole, "assistant")).to.have.length(1);
    expect(blocksOf(whole, "assistant")[0]).to.include({
      id: block?.id,
      text: "Hello 🎉!",
      state: "final",
      durable: true,
    });
  });

  it("takes a retracted stream back, thinking and all", () => {
    const model = told((say) => {
      begin(say);
      say("thinking_chunk", { content: "hm" });
      say("assistant_chunk", { content: "wrong" });
      say("assistant_stream_end", { retracted: true });
      say("assistant_chunk", { content: "right" });
    });
    expect(blocksOf(model, "thinking")).to.deep.equal([]);
    expect(blocksOf(model, "assistant").map(({ text }) => text)).to.deep.equal(["right"]);
  });

  it("keeps what was streamed when a call or an error cuts it off", () => {
    for (const cut of ["call", "error"]) {
      const model = told((say) => {
        begin(say);
        say("assistant_chunk", { content: "I shall" });
        if (cut === "call") say("tool_call", callOf("c1"));
        else say("error", { error: "Gone.", code: "LLM_UNREACHABLE" });
      });
      expect(blocksOf(model, "assistant")[0], cut).to.include({ text: "I shall", state: "cut" });
      expectValid(model);
    }
  });

  it("ends thinking when the answer begins, and says how long it took", () => {
    const model = told((say) => {
      begin(say);
      say("thinking_chunk", { content: "a" });
      say("thinking_chunk", { content: "b" });
      say("assistant_chunk", { content: "so" });
    });
    expect(blocksOf(model, "thinking")[0]).to.include({ text: "ab", live: false, durationMs: 20 });
  });

  it("shows a call from its start over its log to its folded output", () => {
    const running = told((say) => {
      begin(say);
      say("assistant_message", message("", ["c1"]));
      say("tool_call", callOf("c1"));
      say("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 });
      say("tool_log", { tool: "bash", tool_call_id: "c1", log: "one\ntw" });
      say("tool_log", { tool: "bash", tool_call_id: "c1", log: "o\nthree" });
    });
    const [call] = blocksOf(running, "call");
    expect(call).to.include({ status: "running", attempt: 1, title: "Run c1" });
    expect(call?.progress).to.deep.equal({ lines: ["one", "two"], open: "three", dropped: 0 });
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const output = { ...outputOf("c1", lines.join("\n")), data: { exit_code: 0, state: "exited" } };
    const done = reduce(running, [event("tool_output", running.sync.seq + 1, output)]);
    const result = blocksOf(done, "call")[0]?.result;
    expect(result).to.include({ outcome: "done", exitCode: 0, durationMs: 20 });
    expect(result?.output.head).to.deep.equal(lines.slice(0, 3));
    expect(result?.output.tail).to.deep.equal(lines.slice(-5));
    expect(result?.output).to.include({ hidden: 12, whole: lines.join("\n") });
  });

  it("keeps everything that a question needs until it is answered, and then the answer", () => {
    const question = { tool: "bash", arguments: { command: "x".repeat(50_000) }, tool_call_id: "c1", title: "Run c1" };
    const asked = told((say) => {
      begin(say);
      say("assistant_message", message("", ["c1"]));
      say("tool_call", { ...callOf("c1", true), arguments: question.arguments });
      const preview = { kind: "command" as const, text: "run it" };
      say("approval_required", { tools: [{ ...question, reason: "why", preview, always: true }], count: 1 });
    });
    expect(asked.questions).to.have.length(1);
    expect(asked.questions[0]).to.deep.include({ ...question, reason: "why", always: true });
    expect(JSON.stringify(blocksOf(asked, "call")[0]?.arguments).length).to.be.below(20_000);
    const edited = { tool_call_id: "c1", tool: "bash", arguments: { command: "safer" } };
    const again = { ...callOf("c1"), title: "Run safer" };
    const answered = reduce(asked, [
      event("call_edited", asked.sync.seq + 1, edited),
      event("tool_call", asked.sync.seq + 2, again),
    ]);
    expect(answered.questions).to.deep.equal([]);
    expect(blocksOf(answered, "approval")[0]?.calls).to.deep.equal([
      { callId: "c1", title: "Run c1", answer: "edited" },
    ]);
    const by = { via: "slack", user_id: "U1", user_name: "ada" } as const;
    const change = { tool_call_id: "c1", tool: "bash", state: "approved" as const, by };
    const elsewhere = reduce(asked, [event("tool_state_change", asked.sync.seq + 1, change)]);
    expect(elsewhere.questions).to.deep.equal([]);
    expect(blocksOf(elsewhere, "approval")[0]?.calls).to.deep.equal([
      { callId: "c1", title: "Run c1", answer: "approved", by },
    ]);
    expect(blocksOf(answered, "call")).to.have.length(1);
    expect(blocksOf(answered, "call")[0]).to.include({ title: "Run safer", edited: true, status: "waiting" });
  });

  it("shows what the user says once it is taken up, and in the queue until then", () => {
    const busy = told((say) => {
      begin(say);
      say("user_message", { content: "and this", input_id: "i2", via: "steer", queued: true });
      say("user_message", { content: "later", input_id: "i3", via: "input", queued: true });
    });
    expect(busy.queue.map(({ text }) => text)).to.deep.equal(["and this", "later"]);
    expect(blocksOf(busy, "user").map(({ text }) => text)).to.deep.equal(["Go"]);
    const steered = reduce(busy, [event("steered", busy.sync.seq + 1, { input_id: "i2" })]);
    expect(blocksOf(steered, "user").at(-1)).to.include({ text: "and this", via: "steer", turn: "i1" });
    expect(steered.queue.map(({ text }) => text)).to.deep.equal(["later"]);
  });
});
