// Prompts, questions, texts, the search line and notices: what keys do in them.
import { expect } from "chai";
import { canvasOf, createGrid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { keyOf } from "../../../tui/screen/keys/help.ts";
import { emptyModel } from "../../../tui/screen/model/state.ts";
import { openCancelJob, openQuit } from "../../../tui/screen/view/dialogs/confirm.ts";
import { onKey } from "../../../tui/screen/view/dialogs/dialogs.ts";
import { type FirstRunFacts, openFirstRun, withFacts } from "../../../tui/screen/view/dialogs/first-run.ts";
import { openKey } from "../../../tui/screen/view/dialogs/keys.ts";
import { openHelp } from "../../../tui/screen/view/dialogs/outcome.ts";
import { withProblem } from "../../../tui/screen/view/dialogs/prompt.ts";
import type { Dialog, PromptDialog } from "../../../tui/screen/view/dialogs/types.ts";
import { addToast, liveToasts, nextToastEnd, paintToasts } from "../../../tui/screen/view/toasts.ts";
import { command, commandList, job, keymap, look, press, scene, text } from "./scene.ts";

const enter = command("dialog.accept");
const up = command("dialog.up");
const close = command("dialog.close");

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
  const hub = { name: "HF_TOKEN", word: "hf", what: "models", page: "the Hub" } as const;
  const openai = { name: "OPENAI_API_KEY", word: "openai", what: "models", page: "the platform" } as const;
  const facts: FirstRunFacts = {
    keys: [
      { ...hub, from: null },
      { ...openai, from: "environment" },
    ],
    servers: [
      { prefix: "ollama", url: "u", models: ["ollama/small"], problem: null },
      { prefix: "vllm", url: "u", models: null, problem: "not running" },
    ],
    demo: "offline/tabular",
    note: null,
  };

  it("names what is missing and what is there, and never a key itself", () => {
    const lines = scene(openFirstRun({ ...facts, note: "HF_TOKEN was refused." }), 80, 24).lines.join("\n");
    expect(lines).to.match(
      /HF_TOKEN was refused\.[\s\S]*found: OPENAI_API_KEY \(environment\)[\s\S]*not set: HF_TOKEN[\s\S]*ollama with 1 model\b/,
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
    expect(press(asked.dialog, enter).acts).to.deep.equal([{ kind: "save_key", name: "HF_TOKEN", value: secret }]);
    expect(press(openKey(hub), enter).acts).to.deep.equal([]);
    expect(press(openKey(hub), text("two words"), enter).acts).to.deep.equal([]);
    expect(press(asked.dialog, command("input.select_all"), command("input.copy")).acts).to.deep.equal([]);
  });

  it("keeps what was pasted while it is checked, takes nothing meanwhile, and says why it was refused", () => {
    const asked = press(openKey(hub), { kind: "paste", text: "hf_one" }, enter);
    expect(scene(asked.dialog as Dialog, 80, 24).lines.join("\n")).to.include("being checked");
    expect(press(asked.dialog, text("x"), enter).acts).to.deep.equal([]);
    const refused = withProblem(asked.dialog as PromptDialog, "The Hub does not accept the key.");
    expect(scene(refused, 80, 24).lines.join("\n"))
      .to.include("does not accept")
      .and.to.include("•".repeat(6));
    expect(press(refused, text("2"), enter).acts).to.deep.equal([
      { kind: "save_key", name: "HF_TOKEN", value: "hf_one2" },
    ]);
  });

  it("takes in what is found out later, and leaves what was typed and chosen as it is", () => {
    const early = press(openFirstRun({ ...facts, servers: null }), text("demo")).dialog as Dialog;
    expect(scene(early, 80, 24).lines.join("\n")).to.include("looking for them");
    const late = withFacts(early, facts) as Dialog;
    expect(scene(late, 80, 24).lines.join("\n"))
      .to.include("ollama with 1 model")
      .and.to.include("> demo");
    expect(press(late, enter).acts).to.deep.equal([{ kind: "use_model", model: "offline/tabular" }]);
    const prompt = press(openFirstRun({ ...facts, servers: null }), enter, text("hf_x")).dialog as Dialog;
    const back = press(withFacts(prompt, facts), command("dialog.close")).dialog as Dialog;
    expect(scene(back, 80, 24).lines.join("\n")).to.include("ollama with 1 model");
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
