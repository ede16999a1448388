import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { jsonPrinter, streamJsonPrinter } from "../../tui/headless/json.ts";
import type { Printer } from "../../tui/headless/printer.ts";
import { addToRun, emptyRun, resultOf } from "../../tui/headless/result.ts";
import { textPrinter } from "../../tui/headless/text.ts";
import { neutralise, oneLine, safeJson } from "../../tui/text/neutralise.ts";
import { styleFor } from "../../tui/text/style.ts";
import { eventMaker, modelCall, toolCall, toolOutput, turnEnd } from "./events.ts";

const plain = styleFor({}, {});

function print(printer: Printer, events: SessionEvent[]) {
  const run = emptyRun("m/x");
  let out = "";
  let err = "";
  for (const event of events) {
    addToRun(run, event);
    const lines = printer.event(event);
    out += lines.out;
    err += lines.err;
  }
  const end = printer.end(
    resultOf(run, { sessionId: "s1", durationMs: 1500, signal: null, failure: null, idle: false, resumable: false }),
  );
  return { out: out + end.out, err: err + end.err };
}

function story(): SessionEvent[] {
  const event = eventMaker();
  return [
    event("process_started", { epoch: 1, pid: 1 }),
    event("processing", { message: "p", turn: 1, input_id: "i" }),
    event("llm_started", { iteration: 1, model: "m/x" }),
    event("assistant_chunk", { content: "I look." }),
    event("llm_call", modelCall()),
    event("assistant_message", {
      content: "I look.",
      tool_calls: [{ id: "c1", tool: "bash", arguments: {} }],
      finish_reason: "tool_calls",
      model: "m/x",
    }),
    event("tool_call", toolCall("c1", "Run: make", "run")),
    event("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 }),
    event("tool_log", { tool: "bash", tool_call_id: "c1", log: "noise" }),
    event("tool_output", toolOutput("c1", "failed", "building\nmake: no rule\n\nexit code 2")),
    event("llm_retry", { attempt: 2, of: 5, delay_ms: 4_000, code: "LLM_OVERLOADED", message: "overloaded" }),
    event("actor_restarted", { actor: "tools", reason: "crash", epoch: 2 }),
    event("assistant_message", { content: "The answer.", tool_calls: [], finish_reason: "stop", model: "m/x" }),
    event("turn_complete", turnEnd()),
  ];
}

describe("text output", () => {
  it("has the answer on standard output and nothing else", () => {
    expect(print(textPrinter(plain), story()).out).to.equal("The answer.\n");
  });

  it("says who is waited for, and who answered in the place of the person at the terminal", () => {
    const event = eventMaker();
    const by = { via: "slack", user_id: "U1", user_name: "ada" } as const;
    const late = { via: "timeout", minutes: 60 } as const;
    const changed = { tool_call_id: "c1", tool: "bash" };
    const asked = { destination: "team", tool_call_id: "c1", title: "Run: make" };
    const lost = { destination: "team", event_type: "approval_answer", code: "X", message: "No way." };
    const { err } = print(textPrinter(plain), [
      event("tool_call", toolCall("c1", "Run: make", "run")),
      event("approval_asked", { ...asked, wait_ms: 3_600_000 }),
      event("approval_asked", { ...asked, wait_ms: null }),
      event("notification_failed", lost),
      event("tool_state_change", { ...changed, state: "approved", by }),
      event("tool_state_change", { ...changed, state: "rejected", by }),
      event("tool_state_change", { ...changed, state: "rejected", by: late }),
    ]);
    const json = print(jsonPrinter(), [event("approval_asked", { ...asked, wait_ms: 5_000 })]);
    expect(json.err).to.equal("ml-intern: waiting for an answer from team, for at most 5 s: Run: make\n");
    expect(err.split("\n").slice(0, 6)).to.deep.equal([
      "? waiting for an answer from team, for at most 60 min: Run: make",
      "? waiting for an answer from team: Run: make",
      "! no answers from team: No way.",
      "allowed once by ada (U1) in Slack: Run: make",
      "denied by ada (U1) in Slack: Run: make",
      "nobody answered within 60 min: Run: make",
    ]);
  });

  it("tells on standard error what happens, a line each", () => {
    const { err } = print(textPrinter(plain), story());
    for (const line of [
      "session s1",
      "I look.",
      "▸ Run: make",
      "✗ Run: make 1.2 s",
      "  exit code 2: make: no rule",
      "! the model did not answer: overloaded (attempt 2 of 5 in 4.0 s)",
      "! tools failed and was restarted; the run goes on",
    ]) {
      expect(err.split("\n")).to.include(line);
    }
    expect(err).to.contain("1 model call · 10 tokens in, 5 out · $0.50 · 1.5 s").and.not.contain("noise");
  });

  for (const [what, outcome, output, line] of [
    ["failed", "failed", "start\nTypeError: x\n\nexit code 7", "✗ Run: make 1.2 s\n  exit code 7: TypeError: x"],
    ["failed without a word", "failed", "(no output)\nexit code 1", "✗ Run: make 1.2 s\n  exit code 1"],
    [
      "took too long",
      "timeout",
      "epoch 1\ntimed out after 1,000 s; the command and all that it started were ended. Give it",
      "✗ Run: make 1.2 s\n  timed out after 1,000 s: epoch 1",
    ],
    ["was killed", "failed", "x\nstopped by signal SIGKILL", "✗ Run: make 1.2 s\n  stopped by signal SIGKILL: x"],
    ["was refused", "forbidden", "Refused by the policy: no.", "✗ Run: make\n  forbidden: Refused by the policy: no."],
    ["was cancelled", "cancelled", "Interrupted while", "✗ Run: make\n  cancelled: Interrupted while"],
  ] as const) {
    it(`says in one line why a command ${what}, and times only what has run`, () => {
      const event = eventMaker();
      const printer = textPrinter(plain);
      printer.event(event("tool_call", toolCall("c1", "Run: make", "run")));
      expect(printer.event(event("tool_output", toolOutput("c1", outcome, output))).err).to.equal(`${line}\n`);
    });
  }

  it("does not cut a note of the program before its end, which says what to do", () => {
    const event = eventMaker();
    const log = `Commands are not isolated: ${"they can read and write. ".repeat(11)}Install bubblewrap.`;
    const { err } = textPrinter(plain).event(event("tool_log", { tool: "system", tool_call_id: null, log }));
    expect(err).to.equal(`! ${log}\n`);
  });

  it("says that --continue helps exactly when it does", () => {
    const printed = (resumable: boolean) => {
      const run = emptyRun("m/x");
      const outside = { sessionId: "s1", durationMs: 1, failure: null, idle: false, resumable };
      return textPrinter(plain).end(resultOf(run, { ...outside, signal: "SIGTERM" })).err;
    };
    expect(printed(true)).to.contain("SIGTERM").and.contain("--continue");
    expect(printed(false)).to.contain("SIGTERM").and.not.contain("--continue");
  });

  it("shows a plan whole at first, then only how far it is", () => {
    const event = eventMaker();
    const items = (done: number) =>
      ["one", "two"].map((content, index) => ({
        id: content,
        content,
        status:
          index < done ? ("completed" as const) : index === done ? ("in_progress" as const) : ("pending" as const),
      }));
    const printer = textPrinter(plain);
    expect(printer.event(event("plan_update", { plan: items(0) })).err).to.equal("plan 0/2\n  › one\n  · two\n");
    expect(printer.event(event("plan_update", { plan: items(1) })).err).to.equal("plan 1/2 › two\n");
    expect(printer.event(event("plan_update", { plan: items(2) })).err).to.equal("plan 2/2\n");
  });

  it("ends every failure with its message, code and hint", () => {
    const event = eventMaker();
    const { out, err } = print(textPrinter(plain), [
      event("error", { error: "it broke", code: "LLM_X", hint: "mend it" }),
    ]);
    expect(out).to.equal("");
    expect(err).to.contain("it broke [LLM_X]\n  mend it\n");
  });

  it("lets no text of the model or of a tool steer the terminal", () => {
    const event = eventMaker();
    const evil = "\u001b]52;c;aGk=\u0007\u009b2J\rfake\u202egpj.exe\u200b";
    const { out, err } = print(textPrinter(plain), [
      event("tool_call", toolCall("c1", evil, "run")),
      event("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 }),
      event("tool_output", toolOutput("c1", "failed", evil)),
      event("llm_retry", { attempt: 1, of: 2, delay_ms: 1, code: "LLM_X", message: evil } as never),
      event("turn_complete", turnEnd("done", evil)),
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(out + err).to.not.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
    expect(out).to.contain("<U+202E>");
  });

  it("has colour for a terminal only, and none with NO_COLOR", () => {
    const red = (stream: { isTTY?: boolean }, env: Record<string, string>) => styleFor(stream, env).red("x");
    expect(red({ isTTY: true }, {})).to.contain("\u001b[");
    expect(red({ isTTY: true }, { NO_COLOR: "1" })).to.equal("x");
    expect(red({ isTTY: true }, { TERM: "dumb" })).to.equal("x");
    expect(red({}, {})).to.equal("x");
  });
});

describe("output for programs", () => {
  it("is one object with json", () => {
    const { out, err } = print(jsonPrinter(), story());
    const result = JSON.parse(out);
    expect(out.trimEnd().split("\n")).to.have.length(1);
    expect(result).to.deep.include({
      session_id: "s1",
      model: "m/x",
      status: "done",
      exit_code: 0,
      final_response: "The answer.",
      cost_usd: 0.5,
      iterations: 1,
      duration_ms: 1500,
      denied: [],
      error: null,
    });
    expect(err).to.equal("");
  });

  it("is every event and then the same object with stream-json", () => {
    const events = story();
    const { out } = print(
      streamJsonPrinter(() => 9),
      events,
    );
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1)).to.deep.equal(events);
    expect(lines.at(-1)).to.deep.include({ type: "result", seq: events.at(-1)?.seq, ts: 9, session_id: "s1" });
    expect(lines.at(-1).data).to.deep.equal(JSON.parse(print(jsonPrinter(), events).out));
  });

  it("escapes what would break lines or steer a terminal, and keeps the value", () => {
    const value = { text: "a\u2028b\u009b2Jc\u202ed\u200be\nf😀\u{e0041}" };
    const json = safeJson(value);
    expect(JSON.parse(json)).to.deep.equal(value);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(json).to.not.match(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e\u200b]/);
  });
});

describe("neutral text", () => {
  it("keeps words, line breaks, tabs, emoji and the joiners of scripts", () => {
    const text = "héllo\t世界\n👩‍🔬 می‌خواهم";
    expect(neutralise(text)).to.equal(text);
    expect(neutralise("a\r\nb")).to.equal("a\nb");
  });

  it("fits on one line when asked, without cutting a character in two", () => {
    expect(oneLine("a\n  b\tc")).to.equal("a b c");
    expect(oneLine("😀😀😀😀", 3)).to.equal("😀😀…");
  });
});
