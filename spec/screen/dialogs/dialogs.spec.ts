// Lists, prompts, questions, texts and notices: what keys do in them.
import { expect } from "chai";
import { canvasOf, createGrid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { keyOf } from "../../../tui/screen/keys/help.ts";
import { emptyModel } from "../../../tui/screen/model/state.ts";
import { openCancelJob, openQuit } from "../../../tui/screen/view/dialogs/confirm.ts";
import { onKey } from "../../../tui/screen/view/dialogs/dialogs.ts";
import { openFirstRun } from "../../../tui/screen/view/dialogs/first-run.ts";
import { openHelp, openModels, openOutcome } from "../../../tui/screen/view/dialogs/outcome.ts";
import { openPalette } from "../../../tui/screen/view/dialogs/palette.ts";
import { fitting } from "../../../tui/screen/view/dialogs/picker.ts";
import { openKey, openRename } from "../../../tui/screen/view/dialogs/prompt.ts";
import { openSearch, withFound } from "../../../tui/screen/view/dialogs/search.ts";
import { openSessions } from "../../../tui/screen/view/dialogs/sessions.ts";
import { addToast, liveToasts, nextToastEnd, paintToasts } from "../../../tui/screen/view/dialogs/toasts.ts";
import type { Dialog, DialogAct, DialogKey, PickerDialog } from "../../../tui/screen/view/dialogs/types.ts";
import { command, commandList, job, keymap, look, scene, session, text } from "./scene.ts";

const enter = command("dialog.accept");
const down = command("dialog.down");
const up = command("dialog.up");
const close = command("dialog.close");
const tab = command("pane.next");

function press(dialog: Dialog | null, ...keys: DialogKey[]): { dialog: Dialog | null; acts: DialogAct[] } {
  const acts: DialogAct[] = [];
  let now = dialog;
  for (const key of keys) {
    if (now === null) break;
    const done = onKey(now, key, 0);
    acts.push(...done.acts);
    now = done.dialog;
  }
  return { dialog: now, acts };
}

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
      "replay",
      "rename",
      "delete",
    ]);
    for (const how of ["resume", "fork", "replay"]) {
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
    expect(press(asked.dialog, enter, text("y"), { kind: "click" }).acts).to.deep.equal([]);
    expect(press(asked.dialog, command("approval.reject")).dialog).to.include({ kind: "picker", title: "session" });
    expect(press(asked.dialog, command("approval.approve")).acts).to.deep.equal([{ kind: "delete_session", id: "s1" }]);
    expect((press(list, tab).dialog as PickerDialog).items.map(({ label }) => label)).to.deep.equal([
      "fork",
      "replay",
      "rename",
    ]);
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
  const parts = { keymap, now: 0 };

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

  it("shows everything else as a text that can be copied", () => {
    const told = openOutcome({ kind: "cost", cost }, "/cost", parts);
    expect(scene(told as Dialog, 80, 24).lines.join("\n"))
      .to.include("1 model calls")
      .and.to.include("$1.00");
    const { acts } = press(told, command("transcript.copy"));
    expect(acts[0]?.kind === "copy" && acts[0].text).to.match(/^1 model calls/);
  });
});

describe("the help", () => {
  it("has every key and every command, and scrolls from end to end", () => {
    const help = openHelp(keymap, commandList);
    const { room } = scene(help, 80, 24);
    const seen: string[] = [];
    let dialog: Dialog | null = help;
    for (let page = 0; page < 20 && dialog !== null; page++) {
      seen.push(...scene(dialog, 80, 24).lines);
      dialog = onKey(dialog, command("dialog.page_down"), 0, room).dialog;
    }
    const all = seen.join("\n");
    for (const { id } of keymap.commands) expect(all).to.include(keyOf(keymap, id) ?? "no key");
    for (const { name } of commandList) expect(all).to.include(`/${name}`);
    expect(dialog).to.include({ scroll: room.end });
    expect(onKey(dialog as Dialog, up, 0, room).dialog).to.include({ scroll: room.end - 1 });
    expect(press(help, close).dialog).to.equal(null);
  });
});

describe("leaving and cancelling", () => {
  it("asks only when something is under way, and says what becomes of it", () => {
    expect(openQuit(emptyModel())).to.equal(null);
    const model = { ...emptyModel(), jobs: [job], queue: [{ inputId: "i", text: "more", via: "input" as const }] };
    const lines = scene(openQuit(model, ["job 6f2c on a10g"]) as Dialog, 80, 24).lines.join("\n");
    expect(lines).to.match(
      /Ends now:[\s\S]*python train\.py[\s\S]*Goes on without you[\s\S]*6f2c[\s\S]*Waits[\s\S]*more/,
    );
    expect(press(openQuit(model), command("approval.approve")).acts).to.deep.equal([{ kind: "quit" }]);
    for (const key of [enter, close, command("approval.reject"), text("y")])
      expect(press(openQuit(model), key).acts).to.deep.equal([]);
  });

  it("cancels a job after a yes", () => {
    expect(press(openCancelJob(job), enter, command("approval.approve")).acts).to.deep.equal([
      { kind: "cancel_job", id: "j1" },
    ]);
  });
});

describe("the first run", () => {
  const facts = {
    keys: [
      { name: "HF_TOKEN", what: "models", there: false },
      { name: "OPENAI_API_KEY", what: "models", there: true },
    ],
    servers: [
      { prefix: "ollama", url: "u", models: ["ollama/small"], problem: null },
      { prefix: "vllm", url: "u", models: null, problem: "not running" },
    ],
    demo: "offline/tabular",
  };

  it("names what is missing and what is there, and never a key itself", () => {
    const lines = scene(openFirstRun(facts, "HF_TOKEN was refused."), 80, 24).lines.join("\n");
    expect(lines).to.match(
      /HF_TOKEN was refused\.[\s\S]*found: OPENAI_API_KEY[\s\S]*not set: HF_TOKEN[\s\S]*ollama with 1 model\b/,
    );
  });

  it("begins with a local model or the demo", () => {
    expect(press(openFirstRun(facts), text("small"), enter).acts).to.deep.equal([
      { kind: "use_model", model: "ollama/small" },
    ]);
    expect(press(openFirstRun(facts), text("offline"), enter).acts).to.deep.equal([
      { kind: "use_model", model: "offline/tabular" },
    ]);
  });

  it("takes a key that nobody sees", () => {
    const secret = "hf_SecretValue123";
    const asked = press(openFirstRun(facts), text("HF_TOKEN"), enter, { kind: "paste", text: `${secret}\r\n` });
    const seen = scene(asked.dialog as Dialog, 80, 24).lines.join("\n");
    expect(seen).to.include("•".repeat(secret.length)).and.not.to.include("Secret");
    expect(press(asked.dialog, enter)).to.deep.equal({
      dialog: null,
      acts: [{ kind: "save_key", name: "HF_TOKEN", value: secret }],
    });
    expect(press(openKey("HF_TOKEN", ""), enter).acts).to.deep.equal([]);
    expect(press(openKey("HF_TOKEN", ""), text("two words"), enter).acts).to.deep.equal([]);
    expect(press(asked.dialog, command("input.select_all"), command("input.copy")).acts).to.deep.equal([]);
  });
});

describe("the search line", () => {
  it("searches with every letter and goes from match to match", () => {
    const { dialog, acts } = press(
      openSearch(),
      text("Lo"),
      text("ss"),
      command("find.next"),
      command("find.previous"),
    );
    expect(acts).to.deep.equal([
      { kind: "find", query: "Lo", by: 0 },
      { kind: "find", query: "Loss", by: 0 },
      { kind: "find", query: "Loss", by: 1 },
      { kind: "find", query: "Loss", by: -1 },
    ]);
    expect(press(dialog, command("input.left")).acts).to.deep.equal([]);
    expect(press(dialog, command("find.close"))).to.deep.equal({ dialog: null, acts: [{ kind: "find_end" }] });
  });

  it("says which match is shown, and when there is none", () => {
    const last = (of: number) => scene(withFound(openSearch("x"), { at: Math.min(1, of), of }), 50, 5).lines.at(-1);
    expect(last(12)).to.match(/^search: x +1 of 12$/);
    expect(last(0)).to.match(/not found$/);
  });

  it("covers one row", () => {
    expect(scene(openSearch("x"), 50, 5).lines.slice(0, 4).join("")).to.match(/^\.+$/);
  });
});

describe("notices", () => {
  it("come, are not said twice, give way, and go", () => {
    let toasts = addToast([], "info", "one", 0);
    for (const words of ["two", "two", "three", "four"]) toasts = addToast(toasts, "error", words, 1);
    expect(toasts.map(({ text: words }) => words)).to.deep.equal(["two", "three", "four"]);
    expect(liveToasts(toasts, 2)).to.equal(toasts);
    expect(nextToastEnd(toasts)).to.equal(10_001);
    expect(liveToasts(toasts, 10_001)).to.deep.equal([]);
    expect(nextToastEnd([])).to.equal(null);
  });

  it("stand at the top right and leave the rest alone", () => {
    const grid = createGrid(30, 3);
    paintToasts(addToast([], "warn", "the budget is nearly spent", 0), look, canvasOf(grid));
    expect(gridLine(grid, 0)).to.match(/^ +! the budget is nearly/);
    const wide = createGrid(60, 3);
    paintToasts(addToast([], "ok", "saved", 0), look, canvasOf(wide));
    expect(gridLine(wide, 0)).to.match(/^ {49} +✓ saved$/);
    expect(gridLine(wide, 1)).to.equal("");
  });
});
