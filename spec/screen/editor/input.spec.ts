import { expect } from "chai";
import { fragmentOf, textOf } from "../../../tui/screen/editor/atoms.ts";
import { runInput } from "../../../tui/screen/editor/commands.ts";
import type { CandidateSource } from "../../../tui/screen/editor/completion.ts";
import {
  completed,
  contextsOf,
  createInput,
  type Input,
  messageOf,
  pasteText,
  replaceText,
  typeText,
} from "../../../tui/screen/editor/input.ts";

const source: CandidateSource = (sign) =>
  sign === "/"
    ? [{ name: "compact" }, { name: "config" }]
    : sign === "@"
      ? [{ name: "data/" }, { name: "data/a.csv" }]
      : [];
const surroundings = { width: 40, source };

const typed = (input: Input, text: string) => [...text].reduce((now, letter) => typeText(now, letter, source), input);
const begin = (text = "", sent: string[] = []) => typed(createInput(sent.map(fragmentOf)), text);
const textIn = (input: Input) => textOf(input.editor.lines);

/** Runs commands, the last of which may send something. */
function run(input: Input, ...commands: string[]) {
  let sent: string | null = null;
  for (const command of commands) {
    const done = runInput(input, command, surroundings);
    if (done === null) throw new Error(`no command ${command}`);
    input = done.input;
    sent = done.message?.text ?? null;
  }
  return { input, sent, text: textIn(input) };
}

describe("screen/editor: sending", () => {
  it("takes the whole text, pastes in full, and empties the input", () => {
    const long = "row\n".repeat(50);
    const input = pasteText(begin("look: "), long, source);
    const { sent, text, input: after } = run(input, "input.send");
    expect(sent).to.equal(`look: ${long}`);
    expect(text).to.equal("");
    expect(run(after, "input.up").text).to.equal(`look: ${long}`);
    expect(messageOf(run(after, "input.up").input.editor.lines).label).to.equal("look: [paste #1: 50 lines]");
    expect(messageOf(pasteText(after, long, source).editor.lines).label).to.equal("[paste #2: 50 lines]");
  });

  it("sends nothing when there is nothing but space", () => {
    const { sent, text } = run(begin("  "), "input.send");
    expect([sent, text]).to.deep.equal([null, "  "]);
  });

  it("goes on in a new line behind a backslash, unless there are two", () => {
    expect(run(begin("one\\"), "input.send")).to.deep.include({ sent: null, text: "one\n" });
    expect(run(begin("one\\\\"), "input.send").sent).to.equal("one\\\\");
    expect(run(begin("one"), "input.newline").text).to.equal("one\n");
  });
});

describe("screen/editor: going through the history", () => {
  it("begins at the first row and ends at the last, and brings the draft back", () => {
    const input = begin("draft", ["older", "two\nrows"]);
    const up = run(input, "input.up");
    expect(up.text).to.equal("two\nrows");
    expect(up.input.editor.caret).to.deep.equal({ line: 0, column: 3 });
    expect(run(up.input, "input.up").text).to.equal("older");
    expect(run(up.input, "input.down").text).to.equal("two\nrows");
    expect(run(up.input, "input.down", "input.down").text).to.equal("draft");
    expect(run(up.input, "input.up", "input.up").text).to.equal("older");
  });

  it("searches with what is typed, and gives the draft back or keeps what was found", () => {
    const input = begin("draft", ["train the probe", "plot it", "train again"]);
    const found = typed(run(input, "search.begin").input, "tra");
    expect(contextsOf(found)).to.deep.equal(["search", "input"]);
    expect(textIn(found)).to.equal("train again");
    expect(run(found, "search.older").text).to.equal("train the probe");
    expect(run(found, "search.older", "search.cancel").text).to.equal("draft");
    expect(textIn(typed(found, "zzz"))).to.equal("draft");
    expect(run(found, "search.delete_left").input.search?.state.query).to.equal("tr");
    const kept = run(found, "search.accept");
    expect(kept).to.deep.include({ text: "train again", sent: null });
    expect(run(kept.input, "input.up").text).to.equal("plot it");
    expect(run(kept.input, "input.down").text).to.equal("draft");
    expect(run(found, "input.up")).to.deep.include({ text: "plot it" });
    expect(run(found, "search.older", "input.down", "input.down").text).to.equal("train again");
    expect(run(found, "search.begin", "search.cancel").text).to.equal("draft");
    expect(contextsOf(run(found, "input.left").input)).to.deep.equal(["input-filled", "input"]);
    expect(run(found, "input.kill_word_left").text).to.equal("train ");
  });
});

describe("screen/editor: the list of completions", () => {
  it("opens while a name is typed, and closes behind it", () => {
    const open = begin("/co");
    expect(contextsOf(open)).to.deep.equal(["completion", "input-filled", "input"]);
    expect(contextsOf(begin())).to.deep.equal(["input-empty", "input"]);
    expect(typed(open, " ").completion).to.equal(null);
    expect(begin("a /co").completion).to.equal(null);
    expect(run(open, "completion.accept").text).to.equal("/config ");
    expect(run(open, "completion.next", "completion.accept").text).to.equal("/compact ");
    expect(run(open, "completion.previous", "completion.accept").text).to.equal("/compact ");
    expect(run(open, "completion.next", "completion.next", "completion.accept").text).to.equal("/config ");
  });

  it("stays closed for the name it was closed for, until it is asked for", () => {
    const closed = run(begin("/co"), "completion.close").input;
    expect(closed.completion).to.equal(null);
    expect(typed(closed, "m").completion).to.equal(null);
    expect(run(closed, "input.complete").input.completion).to.not.equal(null);
    expect(typed(run(closed, "input.clear").input, "/c").completion).to.not.equal(null);
  });

  it("puts its choice in on Enter only when the user has chosen, or when there is no such command", () => {
    expect(run(begin("/com"), "input.send")).to.deep.include({ sent: null, text: "/compact " });
    expect(run(begin("/compact"), "input.send").sent).to.equal("/compact");
    expect(run(begin("see @da"), "input.send").sent).to.equal("see @da");
    expect(run(begin("see @da"), "completion.next", "completion.next", "input.send").text).to.equal("see @data/");
  });

  it("goes on into a folder, and is brought up to date when names come in", () => {
    const folder = run(begin("see @da"), "completion.accept");
    expect(folder.text).to.equal("see @data/");
    expect(folder.input.completion?.suggestions.map(({ name }) => name)).to.deep.equal(["data/a.csv"]);
    const early = typeText(createInput(), "@x", () => []);
    expect(early.completion).to.equal(null);
    expect(completed(early, () => [{ name: "x.py" }]).completion?.suggestions).to.have.length(1);
  });

  it("leaves one space behind a name that is put in before one", () => {
    const between = [..."ab c"].reduce((input) => run(input, "input.left").input, begin("@da ab c"));
    const open = run(run(between, "input.left").input, "input.complete").input;
    const chosen = run(open, "completion.next", "completion.accept");
    expect(chosen.text).to.equal("@data/a.csv ab c");
  });
});

describe("screen/editor: clearing and replacing", () => {
  it("can be undone", () => {
    const cleared = run(begin("a long thought"), "input.clear");
    expect(cleared.text).to.equal("");
    expect(run(cleared.input, "input.undo").text).to.equal("a long thought");
    const replaced = replaceText(begin("draft"), "from\nthe editor");
    expect(textIn(replaced)).to.equal("from\nthe editor");
    expect(run(replaced, "input.undo").text).to.equal("draft");
  });

  it("copies what is selected, and says it", () => {
    const selected = run(begin("one two"), "input.select_word_left").input;
    expect(runInput(selected, "input.copy", surroundings)?.copied).to.equal("two");
    expect(runInput(begin("x"), "input.copy", surroundings)?.copied).to.equal(null);
    expect(runInput(selected, "app.quit", surroundings)).to.equal(null);
  });
});
