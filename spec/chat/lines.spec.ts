import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Events, EventType, SessionEvent } from "../../actors/events.ts";
import { commands, readLine, unknownCommand } from "../../tui/chat/commands/commands.ts";
import { readAnswer } from "../../tui/chat/line/answer.ts";
import { openHistory } from "../../tui/chat/line/history.ts";
import { createAssembler } from "../../tui/chat/line/message.ts";
import { conversationPrinter } from "../../tui/chat/line/printer.ts";
import { questionLines } from "../../tui/chat/line/question-words.ts";
import { createHeld } from "../../tui/chat/line/screen.ts";
import { answeredBy } from "../../tui/chat/questions.ts";
import type { Question } from "../../tui/chat/types.ts";
import { styleFor } from "../../tui/text/style.ts";

const plain = styleFor({}, {});

describe("a line of the user's", () => {
  it("is a text, a command with its words, a word in between, or nothing", () => {
    expect(readLine("  ")).to.deep.equal({ kind: "nothing" });
    expect(readLine("/home is full")).to.deep.include({ kind: "unknown", name: "home" });
    expect(readLine("//home is full")).to.deep.equal({ kind: "text", text: "/home is full" });
    expect(readLine("! git status ")).to.deep.equal({ kind: "shell", command: "git status" });
    expect(readLine("!!bang")).to.deep.equal({ kind: "text", text: "!bang" });
    expect(readLine("  keep  my spaces ")).to.deep.equal({ kind: "text", text: "  keep  my spaces " });
    const line = readLine(" /MODEL  a/b  ");
    expect(line.kind === "command" && [line.command.name, line.rest]).to.deep.equal(["model", "a/b"]);
    expect(readLine("Quit")).to.deep.include({ kind: "command" });
    expect(readLine("quit smoking")).to.deep.equal({ kind: "text", text: "quit smoking" });
  });

  it("names the nearest command when there is none of that name", () => {
    const outcome = unknownCommand("sttus");
    expect(outcome.kind === "refused" && outcome.failure.hint).to.contain("/status");
  });

  it("goes on in the next when it ends with one backslash", () => {
    const { add, take } = createAssembler();
    expect(add("one\\", false)).to.equal(null);
    expect(add("pasted\\", true)).to.equal(null);
    expect(add("two\\\\", false)).to.equal("one\npasted\\\ntwo\\\\");
    expect(add("lost\\", false)).to.equal(null);
    expect([take(), take()]).to.deep.equal(["lost", null]);
  });

  it("has a command of its own name for each that help shows, each once", () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include.members(["help", "model", "effort", "approval", "budget", "undo", "compact", "new"]);
    expect(names).to.include.members(["clear", "resume", "fork", "rename", "export", "status", "plan", "jobs"]);
  });
});

describe("an answer to a question", () => {
  const all = { session: true, edit: true };

  it("approves by an explicit yes alone", () => {
    for (const line of ["y", "Y", " yes "])
      expect(readAnswer(line, all)).to.deep.equal({ kind: "approve", scope: "once" });
    expect(readAnswer("s", all)).to.deep.equal({ kind: "approve", scope: "session" });
    for (const line of ["", "  ", "\t"]) expect(readAnswer(line, all).kind).to.equal("again");
    for (const line of ["ye", "yep", "sure", "ok", "1", "n", "yes but no"])
      expect(readAnswer(line, all).kind).to.equal("deny");
  });

  it("keeps the words of a no as they were typed", () => {
    expect(readAnswer("  Not THERE, ok? ", all)).to.deep.equal({ kind: "deny", feedback: "  Not THERE, ok? " });
    expect(readAnswer("no", all)).to.deep.equal({ kind: "deny", feedback: null });
  });

  it("takes what is not on offer for no answer at all", () => {
    for (const line of ["s", "e"]) expect(readAnswer(line, { session: false, edit: false }).kind).to.equal("again");
  });
});

describe("a question", () => {
  const question: Question = {
    tool: "write",
    arguments: { path: "/x" },
    tool_call_id: "c",
    title: "Write /x\u001b[2J",
    reason: "outside",
    source: "https://example.org/",
    touches: [{ kind: "spend", usd: 1.5, payer: "lab" }],
    preview: { kind: "diff", text: Array.from({ length: 30 }, (_, index) => `+line ${index}`).join("\n") },
    session_rule: { verdict: "allow", tool: "write", access: "write", path: "/x" },
  };
  const look = { style: plain, lines: 10, offer: { session: true, edit: true }, waiting: 1 };

  it("says what, why, from where, at what price and under which rule, and does nothing to the terminal", () => {
    const text = questionLines(question, look);
    for (const words of ["Write /x␛[2J", "outside", "example.org", "$1.50, charged to lab", "allow write in /x"]) {
      expect(text).to.contain(words);
    }
    expect(text).to.contain("[e] edit").and.not.contain("\u001b");
  });

  it("is cut to the screen, and shown whole when asked", () => {
    expect(questionLines(question, look))
      .to.contain("+line 9")
      .and.contain("20 more lines")
      .and.not.contain("+line 10");
    expect(questionLines(question, { ...look, lines: null })).to.contain("+line 29");
  });

  it("that is asked each time offers no rule, and is left to a person by auto", () => {
    const always = { ...question, always: true };
    const text = questionLines(always, { ...look, offer: { session: false, edit: false } });
    expect(text).to.contain("each time").and.not.contain("[s]");
    expect(answeredBy("auto", [always, question])).to.deep.equal([question]);
    expect(answeredBy("deny", [always, question])).to.have.length(2);
    expect(answeredBy("ask", [always, question])).to.deep.equal([]);
  });
});

describe("the text of a conversation", () => {
  const event = <T extends EventType>(type: T, data: Events[T]) =>
    ({ type, data, seq: 1, ts: 1, session_id: "s" }) as unknown as SessionEvent;
  const message = (content: string) =>
    event("assistant_message", { content, tool_calls: [], finish_reason: "stop", model: "m" });
  const complete = (final_response: string) =>
    event("turn_complete", { history_size: 2, final_response, reason: "done", iterations: 1, denied: 0 });
  const begin = event("processing", { message: "q", turn: 1, input_id: "i" });
  const printed = (...events: SessionEvent[]) => {
    const printer = conversationPrinter(plain, "m", []);
    return events.map((one) => printer.event(one).out).join("");
  };

  it("has each answer once, streamed or not", () => {
    const chunks = ["An ", "answer."].map((content) => event("assistant_chunk", { content }));
    const end = event("assistant_stream_end", { retracted: false });
    expect(printed(begin, ...chunks, end, message("An answer."), complete("An answer."))).to.equal("An answer.\n");
    expect(printed(begin, message("An answer."), complete("An answer."))).to.equal("An answer.\n");
    expect(printed(begin, complete("An answer."))).to.equal("An answer.\n");
  });

  it("puts a character together that came in two pieces, and makes harmless what could steer a terminal", () => {
    const chunks = ["\ud83d", "\ude00\u001b[2J"].map((content) => event("assistant_chunk", { content }));
    expect(printed(begin, ...chunks)).to.equal("😀␛[2J");
  });
});

describe("text that waits while a line is typed", () => {
  it("comes in whole lines, and all of it once the line is empty", () => {
    const held = createHeld();
    held.add({ out: "half", err: "" });
    expect(held.take(false)).to.deep.equal([]);
    held.add({ out: " and half\nnext", err: "" });
    expect(
      held
        .take(false)
        .map(({ out }) => out)
        .join(""),
    ).to.equal("half and half\n");
    held.add({ out: "", err: "a note\n" });
    expect(held.take(false)).to.deep.equal([
      { out: "next", err: "" },
      { out: "", err: "a note\n" },
    ]);
    held.add({ out: "rest", err: "" });
    expect(held.take(true)).to.deep.equal([{ out: "rest", err: "" }]);
  });
});

describe("the history of lines", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "history-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("is kept across sessions for the user alone, newest first, without what begins with a space", () => {
    const path = join(dir, "history");
    const first = openHistory(path);
    for (const line of ["one", " hidden", "two", "one"]) first.add(line);
    expect(openHistory(path).newestFirst).to.deep.equal(["one", "two"]);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it("does not grow without bound", () => {
    const path = join(dir, "history");
    writeFileSync(path, Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`).join(""));
    expect(openHistory(path).newestFirst[0]).to.equal("line 4999");
    expect(readFileSync(path, "utf8").split("\n").length).to.be.lessThan(1_100);
  });

  it("is done without where it cannot be kept", () => {
    const history = openHistory(join(dir, "none", "history"));
    history.add("one");
    expect(history.newestFirst).to.deep.equal([]);
  });
});
