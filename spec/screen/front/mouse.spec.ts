import { expect } from "chai";
import { openApproval } from "../../../tui/screen/view/dialogs/approval.ts";
import { createConfirm } from "../../../tui/screen/view/dialogs/confirm.ts";
import { createText } from "../../../tui/screen/view/dialogs/outcome.ts";
import { createPicker } from "../../../tui/screen/view/dialogs/picker.ts";
import { openSessions } from "../../../tui/screen/view/dialogs/sessions.ts";
import type { Dialog, Item } from "../../../tui/screen/view/dialogs/types.ts";
import { question, session, waiting } from "../dialogs/scene.ts";
import { call, open, ran, reply, story } from "../view/scene.ts";
import { asking, training } from "../view/stories.ts";
import { sitDown } from "./person.ts";

const long = story((say) => {
  open(say, "count");
  const made = call("c1", "bash", "print a lot");
  reply(say, "I print.", [made]);
  ran(say, made, Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n"));
  for (let more = 0; more < 40; more++) reply(say, `filler ${more}`);
});

describe("clicks and the wheel", () => {
  it("focus the pane that they hit", () => {
    const person = sitDown(training(), [120, 40]);
    person.mouse("press", { x: 5, y: 3 });
    expect(person.front.ui.focus).to.equal("transcript");
    person.click("jobs");
    expect(person.front.ui.focus).to.equal("jobs");
    person.mouse("press", { x: 10, y: 38 });
    expect(person.front.ui.focus).to.equal("input");
  });

  it("open a folded call wherever it is hit, and fold it again by its first row", () => {
    const person = sitDown(long, [100, 60]);
    person.key("Ctrl+Home");
    person.click("line 1");
    expect(person.rows().join("\n")).to.contain("line 20");
    person.click("line 20");
    expect(person.rows().join("\n"), "text in an open call can be clicked").to.contain("line 20");
    person.click("bash");
    expect(person.rows().join("\n")).to.not.contain("line 20");
    expect(person.acts).to.deep.equal([]);
  });

  it("choose nothing where nothing is", () => {
    const person = sitDown(
      story((say) => open(say, "short")),
      [100, 30],
    );
    person.mouse("press", { x: 10, y: 20 });
    expect(person.front.ui).to.include({ focus: "transcript", selected: null });
  });

  it("scroll what the wheel is over, and follow the end again by a click on the line that says so", () => {
    const person = sitDown(long, [100, 30]);
    person.mouse("wheel-up", { x: 10, y: 10 });
    person.mouse("wheel-up", { x: 10, y: 10 });
    expect(person.front.ui.scroll.kind).to.equal("at");
    person.click("more below");
    expect(person.front.ui.scroll.kind).to.equal("follow");
    const beside = sitDown(training(), [120, 40]);
    const at = beside.find("jobs");
    beside.mouse("wheel-down", { x: at.x, y: at.y + 1 });
    expect(beside.front.ui.scroll.kind).to.equal("follow");
    expect(beside.front.ui.jobs.selected).to.not.equal(null);
  });

  it("select a row of a list and no more", () => {
    const items = ["one", "two", "three"].map(
      (label): Item => ({ group: "", label, detail: "", pick: { dialog: null, acts: [{ kind: "quit" }] } }),
    );
    const person = sitDown(training(), [100, 30], { dialog: createPicker("some", items) });
    person.click("three");
    expect(person.front.ui.dialog).to.include({ kind: "picker", at: 2 });
    person.click("three");
    expect(person.acts).to.deep.equal([]);
    person.click("some");
    expect(person.front.ui.dialog).to.include({ at: 2 });
    person.mouse("wheel-up", { x: 50, y: 15 });
    expect(person.front.ui.dialog).to.include({ at: 1 });
    for (let more = 0; more < 5; more++) person.mouse("wheel-up", { x: 50, y: 15 });
    expect(person.front.ui.dialog, "the wheel does not go round").to.include({ at: 0 });
  });

  it("select the row that is meant where the list is scrolled", () => {
    const sessions = Array.from({ length: 60 }, (_, index) => ({
      ...session,
      id: `s${index}`,
      name: `number ${index};`,
    }));
    const person = sitDown(training(), [100, 24], { dialog: openSessions(sessions, 0) });
    for (let down = 0; down < 30; down++) person.key("Down");
    person.click("number 28;");
    expect(person.front.ui.dialog).to.include({ at: 28 });
  });

  it("scroll a text by rows", () => {
    const lines = Array.from({ length: 90 }, (_, index) => `row ${index}`);
    const person = sitDown(training(), [100, 30], { dialog: createText("text", lines) });
    person.mouse("wheel-down", { x: 1, y: 1 });
    expect(person.rows().join("\n")).to.contain("row 3").and.to.not.contain("│ row 2 ");
  });

  it("answer no question, wherever they hit and however often", () => {
    const dialogs: Dialog[] = [
      createConfirm({ title: "sure?", lines: ["really"], yes: "yes", no: "no", acts: [{ kind: "quit" }] }),
      openApproval(waiting(question("a"), question("b")), 0) as Dialog,
    ];
    for (const dialog of dialogs) {
      const person = sitDown(asking(), [80, 24], { dialog });
      for (let y = 0; y < 24; y++) {
        for (let x = 0; x < 80; x += 13) {
          person.mouse("press", { x, y });
          person.mouse("release", { x, y });
        }
        person.mouse("wheel-down", { x: 40, y });
      }
      expect(person.acts, dialog.kind).to.deep.equal([]);
      expect(person.front.ui.dialog?.kind).to.equal(dialog.kind);
    }
  });

  it("open what the strip of a narrow screen stands for", () => {
    const person = sitDown(training(), [80, 24]);
    person.click("jobs 1");
    expect(person.front.ui).to.include({ zoom: "jobs", focus: "jobs" });
  });

  it("do nothing by moving", () => {
    const person = sitDown(long, [100, 30]);
    const before = person.front.ui;
    for (const action of ["move", "drag", "release"] as const) person.mouse(action, { x: 10, y: 10 });
    expect(person.front.ui.folds).to.equal(before.folds);
    expect(person.front.ui).to.include({ focus: "input", selected: null });
  });
});

describe("the search in the transcript", () => {
  it("is edited as the input is, and searched with every change", () => {
    const person = sitDown(long, [100, 30]);
    person.key("Ctrl+S");
    person.type("line 3x");
    expect(person.rows().join("\n")).to.contain("nothing found");
    person.key("Backspace");
    expect(person.rows().join("\n")).to.contain("search: line 3  entry 1 of 1");
    person.key("Left", "Left", "Left", "Left", "Left", "Left");
    person.type("x");
    expect(person.front.ui.find?.query).to.equal("xline 3");
    person.key("Delete", "Ctrl+U");
    expect(person.front.ui.find?.query).to.equal("ine 3");
    person.key("Ctrl+J", "Ctrl+G", "Ctrl+R");
    expect(person.front.ui.focus).to.equal("find");
    person.key("Escape");
    expect(person.front.ui).to.include({ focus: "input", find: null });
    expect(person.acts).to.deep.equal([]);
  });
});

describe("the keys of a replay", () => {
  const replay = { speed: 1, paused: false, done: false, at: 500, length: 2_000 };

  it("steer it, and nothing that is typed goes anywhere", () => {
    const person = sitDown(long, [100, 30], { replay });
    person.type(" ");
    person.type("+");
    person.type("-");
    person.key("Right");
    person.type("hello\r");
    person.key("Enter", "Up");
    person.type("q");
    expect(person.acts).to.deep.equal(
      ["pause", "faster", "slower", "step", "leave"].map((to) => ({ kind: "replay", to })),
    );
    expect(person.front.input.editor.lines).to.deep.equal([[]]);
  });

  it("leave the transcript to be read as ever", () => {
    const person = sitDown(long, [100, 30], { replay });
    person.key("PageUp", "Tab");
    person.type("k");
    person.type(" ");
    expect(person.front.ui).to.include({ focus: "transcript" });
    expect(person.acts).to.deep.equal([]);
    person.key("Escape", "Ctrl+S");
    for (const sign of "line 3-q") person.type(sign);
    expect(person.front.ui.find?.query).to.equal("line 3-q");
    expect(person.acts).to.deep.equal([]);
    person.key("Escape", "Escape");
    expect(person.acts).to.deep.equal([{ kind: "replay", to: "leave" }]);
  });
});
