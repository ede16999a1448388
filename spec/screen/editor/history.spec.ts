import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Fragment, fragmentOf, labelled, textOf } from "../../../tui/screen/editor/atoms.ts";
import { edit } from "../../../tui/screen/editor/edit.ts";
import { historyOf, keptMessages, remember, walk } from "../../../tui/screen/editor/history.ts";
import { openHistoryFile } from "../../../tui/screen/editor/history-file.ts";
import { beginSearch, searchFor, searchOlder } from "../../../tui/screen/editor/search.ts";
import { emptyEditor } from "../../../tui/screen/editor/state.ts";

const messages = ["first", "Second one", "third\nof lines"].map(fragmentOf);
const long = "a line\n".repeat(30);
const withPaste = [
  { kind: "insert", text: "see\n" } as const,
  { kind: "paste", text: long } as const,
  { kind: "insert", text: " and\nmore" } as const,
].reduce(edit, emptyEditor).lines;

describe("screen/editor: what was sent before", () => {
  it("is gone through with the draft kept, and so is what was changed on the way", () => {
    const draft = fragmentOf("a draft");
    const one = walk(historyOf(messages), draft, -1);
    expect(one && textOf(one.message)).to.equal("third\nof lines");
    const two = one && walk(one.history, fragmentOf("third, changed"), -1);
    expect(two && textOf(two.message)).to.equal("Second one");
    const back = two && walk(two.history, two.message, 1);
    expect(back && textOf(back.message)).to.equal("third, changed");
    const home = back && walk(back.history, back.message, 1);
    expect(home?.message).to.equal(draft);
    expect(home && walk(home.history, draft, 1)).to.equal(null);
    expect(walk(historyOf([]), draft, -1)).to.equal(null);
  });

  it("holds no message twice in a row, and no more than it may", () => {
    const history = remember(remember(historyOf(messages), fragmentOf("new")), fragmentOf("new"));
    expect(history.messages.map(textOf)).to.deep.equal(["first", "Second one", "third\nof lines", "new"]);
    expect(remember(history, [[]]).messages).to.have.length(4);
    const many = Array.from({ length: keptMessages + 5 }, (_, index) => fragmentOf(`${index}`));
    expect(many.reduce(remember, historyOf([])).messages).to.have.length(keptMessages);
  });

  it("is searched backwards; capitals count when there are some", () => {
    expect(searchFor(messages, "s").at).to.equal(2);
    expect(searchOlder(messages, searchFor(messages, "s")).at).to.equal(1);
    expect(searchFor(messages, "second").at).to.equal(1);
    expect(searchFor(messages, "SECOND").at).to.equal(null);
    expect(searchFor(messages, "zzz")).to.deep.equal({ query: "zzz", at: null });
    const oldest = searchFor(messages, "first");
    expect(searchOlder(messages, oldest)).to.deep.equal(oldest);
    expect(searchOlder(messages, beginSearch())).to.deep.equal(beginSearch());
  });
});

describe("screen/editor: the history file", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "input-history-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const kept = () => openHistoryFile(folder).messages;

  it("brings messages back with their lines and pastes, the newest last, each once", () => {
    const sent: Fragment[] = [fragmentOf("one"), withPaste, fragmentOf("two\nlines"), fragmentOf("one")];
    const file = openHistoryFile(folder);
    for (const message of sent) file.add(message);
    expect(kept().map(textOf)).to.deep.equal([withPaste, fragmentOf("two\nlines"), fragmentOf("one")].map(textOf));
    expect(kept().map(labelled)[0]).to.equal("see\n[paste #1: 30 lines] and\nmore");
    expect(statSync(join(folder, "input.jsonl")).mode & 0o777).to.equal(0o600);
  });

  it("does not keep what begins with a space, nor what is very long", () => {
    const file = openHistoryFile(folder);
    for (const text of [" secret", "", "x".repeat(70_000)]) file.add(fragmentOf(text));
    expect(kept()).to.deep.equal([]);
  });

  it("reads the lines of the line front as older, and passes over what is no message", () => {
    writeFileSync(join(folder, "history"), 'plain one\nplain "two"\n');
    openHistoryFile(folder).add(fragmentOf("newer"));
    appendFileSync(join(folder, "input.jsonl"), '{"no":1}\n[7]\nnull\n"cut o');
    expect(kept().map(textOf)).to.deep.equal(["plain one", 'plain "two"', "newer"]);
  });

  it("is shortened when it has grown, and done without when it cannot be written", () => {
    const lines = Array.from({ length: keptMessages * 2 + 1 }, (_, index) => JSON.stringify(`m${index}`));
    writeFileSync(join(folder, "input.jsonl"), `${lines.join("\n")}\n`);
    expect(kept()).to.have.length(keptMessages);
    expect(readFileSync(join(folder, "input.jsonl"), "utf8").trim().split("\n")).to.have.length(keptMessages);
    const nowhere = openHistoryFile(join(folder, "missing"));
    expect(nowhere.messages).to.deep.equal([]);
    nowhere.add(fragmentOf("x"));
  });
});
