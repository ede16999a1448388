import { expect } from "chai";
import shipped from "../../../configs/keys.json" with { type: "json" };
import { inputCommands } from "../../../tui/screen/editor/commands.ts";
import { helpOf, helpText, keyOf } from "../../../tui/screen/keys/help.ts";
import { buildKeymap, resolve } from "../../../tui/screen/keys/keymap.ts";
import { parseStrokes } from "../../../tui/screen/keys/strokes.ts";
import { contexts, keyCommands } from "../../../tui/screen/keys/table.ts";
import { chordsOf } from "../../../tui/screen/term/keys.ts";

const typing = ["input-filled", "input", "idle", "global"] as const;
const empty = ["input-empty", "input", "idle", "global"] as const;

describe("screen/keys: the shipped table", () => {
  it("has no conflicts, no key that cannot be read, and no context that there is none of", () => {
    expect(buildKeymap().problems).to.deep.equal([]);
    for (const row of shipped.commands) {
      expect(row.contexts, row.id).to.not.be.empty;
      for (const context of row.contexts) expect(contexts, row.id).to.include(context);
      for (const written of row.keys) expect(parseStrokes(written), `${row.id} ${written}`).to.be.a("string");
    }
    const ids = keyCommands.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("names every command that the input knows, and no other of its kind", () => {
    const ids = keyCommands.map(({ id }) => id).filter((id) => /^(?:input|completion|search)\./.test(id));
    // The editor is another program: whoever holds the terminal starts it.
    expect(ids.filter((id) => id !== "input.external_editor").sort()).to.deep.equal([...inputCommands].sort());
  });

  it("leaves every character to be typed while there is text", () => {
    const { keymap } = buildKeymap();
    for (let code = 0x20; code < 0x7f; code++) {
      const [chord = ""] = chordsOf(String.fromCharCode(code));
      expect(resolve(keymap, chord, typing), chord).to.equal(null);
    }
    expect(resolve(keymap, "?", empty)).to.equal("app.help_sign");
  });

  it("takes the innermost meaning of a key", () => {
    const { keymap } = buildKeymap();
    expect(resolve(keymap, "ctrl+c", typing)).to.equal("input.clear");
    expect(resolve(keymap, "ctrl+c", empty)).to.equal("app.interrupt");
    expect(resolve(keymap, "ctrl+d", typing)).to.equal("input.delete_right");
    expect(resolve(keymap, "ctrl+d", empty)).to.equal("app.end");
    expect(resolve(keymap, "up", ["completion", ...typing])).to.equal("completion.previous");
    expect(resolve(keymap, "up", typing)).to.equal("input.up");
    expect(resolve(keymap, "tab", ["completion", ...typing])).to.equal("completion.accept");
    expect(resolve(keymap, "tab", typing)).to.equal("pane.next");
    expect(resolve(keymap, "escape", ["search", ...typing])).to.equal("search.cancel");
    expect(resolve(keymap, "j", ["transcript", "global"])).to.equal("transcript.next");
    expect(resolve(keymap, "shift+g", ["transcript", "global"])).to.equal("transcript.last");
    expect(resolve(keymap, "tab", ["jobs", "global"])).to.equal("pane.next");
    expect(resolve(keymap, "f7", typing)).to.equal(null);
  });
});

describe("screen/keys: the user's own keys", () => {
  it("take the place of the shipped ones", () => {
    const { keymap, problems } = buildKeymap({
      "input.undo": "Alt+U",
      "input.yank": ["Ctrl+Y", "Alt+P"],
      "app.log": null,
    });
    expect(problems).to.deep.equal([]);
    expect(resolve(keymap, "alt+u", typing)).to.equal("input.undo");
    expect(resolve(keymap, "ctrl+_", typing)).to.equal(null);
    expect(resolve(keymap, "alt+p", typing)).to.equal("input.yank");
    expect(resolve(keymap, "f12", typing)).to.equal(null);
  });

  it("take a key from another command, and say so", () => {
    const { keymap, problems } = buildKeymap({ "input.undo": "Ctrl+K" });
    expect(resolve(keymap, "ctrl+k", typing)).to.equal("input.undo");
    expect(problems).to.deep.equal([{ command: "input.kill_line_end", text: "Ctrl+K is the key of input.undo" }]);
  });

  it("do not take a key from what is required, in its own context or everywhere", () => {
    const { keymap, problems } = buildKeymap({ "input.undo": "Enter", "input.yank": "Ctrl+C" });
    expect(resolve(keymap, "enter", typing)).to.equal("input.send");
    expect(resolve(keymap, "ctrl+c", empty)).to.equal("app.interrupt");
    expect(problems.map(({ command }) => command)).to.have.members(["input.undo", "input.yank"]);
  });

  it("cannot leave a required command without a key", () => {
    for (const wish of [null, [], "Ctrl+Foo"]) {
      const { keymap, problems } = buildKeymap({ "app.quit": wish });
      expect(keyOf(keymap, "app.quit")).to.equal("Ctrl+C Ctrl+C");
      expect(problems.at(-1)?.text).to.match(/must have a key/);
    }
  });

  it("say which of two wishes for the same key came to nothing", () => {
    const { keymap, problems } = buildKeymap({ "input.undo": "Alt+U", "input.redo": "Alt+U" });
    expect(resolve(keymap, "alt+u", typing)).to.equal("input.undo");
    expect(problems).to.deep.equal([{ command: "input.redo", text: "Alt+U is the key of input.undo" }]);
  });

  it("are told where they hide or are hidden by another context", () => {
    const inner = buildKeymap({ "input.undo": "Ctrl+P" });
    expect(resolve(inner.keymap, "ctrl+p", typing)).to.equal("input.undo");
    expect(inner.problems[0]?.text).to.equal("Ctrl+P is input.undo in input and app.palette elsewhere");
    const outer = buildKeymap({ "app.palette": "Ctrl+K" });
    expect(outer.problems[0]?.text).to.equal("Ctrl+K is input.kill_line_end in input and app.palette elsewhere");
  });

  it("are refused with a reason when they cannot work", () => {
    const texts = (wishes: unknown) => buildKeymap(wishes).problems.map(({ command, text }) => `${command}: ${text}`);
    expect(texts({ "input.undo": "u" })[0]).to.match(/could not be typed/);
    expect(texts({ "input.undo": "U" })[0]).to.match(/U could not be typed/);
    expect(texts({ "app.palette": "Alt+[" })[0]).to.match(/begins what terminals say/);
    expect(texts({ "input.undo": "Ctrl+Banana" })[0]).to.match(/is no key/);
    expect(texts({ "input.undo": 7 })[0]).to.match(/is no key/);
    expect(texts({ "input.undo": "a b c" })[0]).to.match(/is no key/);
    expect(texts({ "input.undoo": "Alt+U" })).to.deep.equal([
      "input.undoo: there is no such command; did you mean input.undo?",
    ]);
    expect(texts({ "jobs.filter": "Ctrl+I" })[0]).to.match(/cannot tell Ctrl\+I from Tab/);
    expect(texts([])).to.deep.equal(["keys: must be an object of commands and their keys"]);
    expect(texts(null)).to.deep.equal([]);
    expect(texts({ "transcript.copy": "u" })).to.deep.equal([]);
  });
});

describe("screen/keys: the help", () => {
  it("has every command with a key once, under the place where it works", () => {
    const { keymap } = buildKeymap({ "app.log": null });
    const rows = helpOf(keymap).flatMap((section) => section.rows.map(({ command }) => command));
    const bound = keymap.commands.filter(({ strokes }) => strokes.length > 0).map(({ id }) => id);
    expect([...rows].sort()).to.deep.equal([...bound].sort());
    expect(rows).to.not.include("app.log");
    expect(helpOf(keymap, ["approval"]).map(({ title }) => title)).to.deep.equal(["Approval"]);
  });

  it("shows the keys that are in force", () => {
    const { keymap } = buildKeymap({ "input.undo": "Alt+U" });
    expect(keyOf(keymap, "input.undo")).to.equal("Alt+U");
    expect(keyOf(keymap, "nothing")).to.equal(null);
    const text = helpText(keymap);
    expect(text).to.match(/^ {2}Alt\+U +undo$/m);
    expect(text).to.match(/^ {2}Ctrl\+C Ctrl\+C +leave/m);
  });
});
