// Lists to choose from: what fits, what comes first, and what choosing does.
import { expect } from "chai";
import { openModels, openOutcome } from "../../../tui/screen/view/dialogs/outcome.ts";
import { openPalette } from "../../../tui/screen/view/dialogs/palette.ts";
import { fitting } from "../../../tui/screen/view/dialogs/picker.ts";
import { openRename } from "../../../tui/screen/view/dialogs/prompt.ts";
import { openSessions } from "../../../tui/screen/view/dialogs/sessions.ts";
import type { Dialog, PickerDialog } from "../../../tui/screen/view/dialogs/types.ts";
import { command, commandList, keymap, press, scene, session, text } from "./scene.ts";

const enter = command("dialog.accept");
const down = command("dialog.down");
const up = command("dialog.up");
const close = command("dialog.close");
const tab = command("pane.next");

const run = (name: string, rest = "") => [{ kind: "run", command: name, rest }];

describe("the palette", () => {
  const palette = openPalette({
    commands: commandList,
    models: ["anthropic/fast", "ollama/small"],
    sessions: [session],
    files: ["src/model.py", "notes of mine.txt"],
    keymap,
    now: 10_000,
  });
  const best = (query: string) => fitting(press(palette, text(query)).dialog as PickerDialog).map(({ label }) => label);

  it("puts what is named so before what only speaks of it", () => {
    expect(best("model")).to.deep.equal(["/model", "src/model.py", "/compact"]);
    expect(best("/mod")[0]).to.equal("/model");
    expect(best("cmp")[0]).to.equal("/compact");
    expect(best("small")).to.include.members(["ollama/small", "sft-small"]);
    expect(best("write the session")).to.deep.equal(["/export"]);
    expect(best("zzz")).to.deep.equal([]);
  });

  it("runs a command, and asks for its words in a second step where it needs some", () => {
    expect(press(palette, text("compact"), enter)).to.deep.equal({ dialog: null, acts: run("compact") });
    const step = press(palette, text("rename"), enter);
    expect(step.acts).to.deep.equal([]);
    expect(press(step.dialog, enter).acts, "without a word").to.deep.equal([]);
    expect(press(step.dialog, text("My Name"), enter)).to.deep.equal({ dialog: null, acts: run("rename", "My Name") });
    expect(press(step.dialog, close).dialog).to.include({ kind: "picker", title: "commands" });
    expect(press(palette, text("export"), enter, enter).acts, "words that may be left out").to.deep.equal(
      run("export"),
    );
  });

  it("takes models, sessions, files and keys as what they are", () => {
    expect(press(palette, text("ollama/small"), enter).acts).to.deep.equal(run("model", "ollama/small"));
    expect(press(palette, text("sft"), enter).acts).to.deep.equal([{ kind: "open_session", id: "s1", how: "resume" }]);
    expect(press(palette, text("model.py"), enter).acts).to.deep.equal([{ kind: "insert", text: "@src/model.py " }]);
    expect(press(palette, text("notes of"), enter).acts).to.deep.equal([
      { kind: "insert", text: '@"notes of mine.txt" ' },
    ]);
    expect(press(palette, text("copy mode"), enter).acts).to.deep.equal([{ kind: "do", command: "app.copy_mode" }]);
  });

  it("does nothing where nothing fits, and goes on with what is typed next", () => {
    const stuck = press(palette, text("zzz"), enter);
    expect(stuck.acts).to.deep.equal([]);
    expect(scene(stuck.dialog as Dialog, 80, 24).lines.join("\n")).to.include("nothing fits");
    expect(
      press(stuck.dialog, ...Array.from({ length: 3 }, () => command("input.delete_left")), text("help"), enter).acts,
    ).to.deep.equal(run("help"));
  });

  it("goes around its ends, and begins at the best again with every letter", () => {
    const last = press(palette, up).dialog as PickerDialog;
    expect(last.at).to.equal(fitting(palette).length - 1);
    expect((press(last, down).dialog as PickerDialog).at).to.equal(0);
    expect((press(last, text("m")).dialog as PickerDialog).at).to.equal(0);
    expect((press(last, command("input.left")).dialog as PickerDialog).at).to.equal(last.at);
  });

  it("keeps the chosen one in sight", () => {
    const many = openPalette({
      commands: [],
      models: Array.from({ length: 90 }, (_, at) => `m/${at}`),
      sessions: [],
      files: [],
      keymap,
      now: 0,
    });
    for (const at of [0, 40, 89]) {
      const models = fitting(many).findIndex(({ label }) => label === `m/${at}`);
      expect(scene({ ...many, at: models }, 60, 14).lines.join("\n")).to.match(new RegExp(`> model +m/${at}\\b`));
    }
  });
});

describe("the list of sessions", () => {
  const other = { ...session, id: "s2", name: null, first_prompt: "count rows", model: "ollama/small", state: "done" };
  const here = { ...session, id: "s3", name: "mine", current: true };
  const list = openSessions([here, session, other], 10_000);

  it("finds by name, model, state, folder and what was asked", () => {
    for (const query of ["count", "ollama", "s2"]) {
      expect(press(list, text(query), enter).acts, query).to.deep.equal([
        { kind: "open_session", id: "s2", how: "resume" },
      ]);
    }
    expect(press(list, text("iteration"), down, enter).acts).to.deep.equal([
      { kind: "open_session", id: "s1", how: "resume" },
    ]);
  });

  it("offers what else can be done with one", () => {
    const more = press(list, down, tab);
    expect((more.dialog as PickerDialog).items.map(({ label }) => label)).to.deep.equal([
      "resume",
      "fork",
      "rename",
      "delete",
    ]);
    for (const how of ["resume", "fork"]) {
      expect(press(more.dialog, text(how), enter).acts).to.deep.equal([{ kind: "open_session", id: "s1", how }]);
    }
    expect(press(more.dialog, close).dialog).to.include({ title: "sessions", at: 1 });
    const rename = press(more.dialog, text("rename"), enter, text("!"), enter);
    expect(rename.acts).to.deep.equal([{ kind: "rename_session", id: "s1", name: "sft-small!" }]);
  });

  it("deletes only after a yes, and never the one that is open", () => {
    const asked = press(list, down, tab, text("delete"), enter);
    expect(asked.dialog?.kind).to.equal("confirm");
    expect(asked.acts).to.deep.equal([]);
    expect(press(asked.dialog, enter, text("y"), { kind: "click", row: 0 }).acts).to.deep.equal([]);
    expect(press(asked.dialog, command("approval.reject")).dialog).to.include({ kind: "picker", title: "session" });
    expect(press(asked.dialog, command("approval.approve")).acts).to.deep.equal([{ kind: "delete_session", id: "s1" }]);
    expect((press(list, tab).dialog as PickerDialog).items.map(({ label }) => label)).to.deep.equal(["fork", "rename"]);
    expect(press(list, enter)).to.deep.equal({ dialog: null, acts: [] });
  });
});

describe("models, levels and sums", () => {
  const models = openModels({
    kind: "model",
    model: "anthropic/fast",
    facts: null,
    wanted: null,
    suggestions: ["anthropic/fast", "ollama/small"],
  });
  const cost = {
    spentUsd: 1,
    assumedUsd: 0,
    unknown: 0,
    capUsd: null,
    calls: 1,
    promptTokens: 1,
    completionTokens: 1,
    cachedTokens: 0,
  };
  const parts = { keymap, now: 0, theme: "auto" };

  it("takes a model from the list, or any other as it is typed", () => {
    expect(press(models, down, enter).acts).to.deep.equal(run("model", "ollama/small"));
    expect(press(models, text("org/New-Model:fast"), enter).acts).to.deep.equal(run("model", "org/New-Model:fast"));
    expect(press(models, enter), "the one in use").to.deep.equal({ dialog: null, acts: [] });
  });

  it("begins with the level that holds", () => {
    const effort = openOutcome({ kind: "effort", effort: "low", levels: ["off", "low", "high"] }, "/effort", parts);
    expect(press(effort, down, enter).acts).to.deep.equal(run("effort", "high"));
    const approval = openOutcome({ kind: "approval", mode: "ask", changed: false }, "/approval", parts);
    expect(press(approval, down, enter).acts).to.deep.equal(run("approval", "auto"));
  });

  it("asks for a budget and for a name", () => {
    expect(press(openOutcome({ kind: "budget", cost }, "/budget", parts), text("2.50"), enter).acts).to.deep.equal(
      run("budget", "2.50"),
    );
    expect(press(openRename("old"), command("input.kill_line_start"), text("new"), enter).acts).to.deep.equal(
      run("rename", "new"),
    );
  });

  it("shows nothing for what the session tells by itself", () => {
    expect(openOutcome({ kind: "handed_on" }, "/undo", parts)).to.equal(null);
    expect(openOutcome({ kind: "replaced", clear: true, forked: null }, "/clear", parts)).to.equal(null);
  });

  it("shows nothing beside the transcript for what has its place there", () => {
    const forked = { id: "s2", dir: "/s/s2", dropped: 0, at: null } as never;
    for (const outcome of [
      { kind: "approval", mode: "auto", changed: true },
      { kind: "replaced", clear: false, forked },
    ] as const) {
      expect(openOutcome(outcome, "/x", parts), outcome.kind).to.equal(null);
    }
  });

  it("shows everything else as a text that can be copied", () => {
    const told = openOutcome({ kind: "cost", cost }, "/cost", parts);
    expect(scene(told as Dialog, 80, 24).lines.join("\n"))
      .to.include("1 model call,")
      .and.to.include("$1.00");
    const { acts } = press(told, command("transcript.copy"));
    expect(acts[0]?.kind === "copy" && acts[0].text).to.match(/^1 model call,/);
  });
});
