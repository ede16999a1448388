// Calls that wait for a person: which keys answer, when they do, and what they answer.
import { expect } from "chai";
import { buildKeymap, resolve } from "../../../tui/screen/keys/keymap.ts";
import { armingMs, armsAt, openApproval } from "../../../tui/screen/view/dialogs/approval.ts";
import { contextsOf, onKey, syncDialog } from "../../../tui/screen/view/dialogs/dialogs.ts";
import type { ApprovalDialog, Dialog, DialogAct, DialogKey } from "../../../tui/screen/view/dialogs/types.ts";
import { randomFrom } from "../../support/random.ts";
import { command, question, scene, text, waiting } from "./scene.ts";

const yes = command("approval.approve");
const alike = command("approval.approve_alike");
const no = command("approval.reject");
const enter = command("dialog.accept");
const esc = command("dialog.close");
const ready = 10_000;

function open(...questions: Parameters<typeof waiting>): ApprovalDialog {
  const dialog = openApproval(waiting(...questions), 0);
  if (dialog === null) throw new Error("nothing waits");
  return dialog;
}

/** Presses keys one after the other at the given times and gathers what they came to. */
function press(
  dialog: Dialog,
  ...keys: (readonly [DialogKey, number])[]
): { dialog: Dialog | null; acts: DialogAct[] } {
  const acts: DialogAct[] = [];
  let now: Dialog | null = dialog;
  for (const [key, at] of keys) {
    if (now === null) break;
    const done = onKey(now, key, at);
    acts.push(...done.acts);
    now = done.dialog;
  }
  return { dialog: now, acts };
}

const answer = (decision: object) => [{ kind: "answer", decision }];

describe("an approval", () => {
  it("is not there when nothing waits", () => {
    expect(openApproval(waiting(), 0)).to.equal(null);
  });

  it("takes no answer until nobody has typed for a while", () => {
    for (const key of [yes, alike, no, esc, command("approval.edit")]) {
      const { dialog, acts } = press(open(question("a")), [key, armingMs - 1]);
      expect(acts, JSON.stringify(key)).to.deep.equal([]);
      expect(dialog).to.include({ reason: null });
    }
    expect(press(open(question("a")), [yes, armingMs]).acts).to.deep.equal(
      answer({ tool_call_id: "a", approved: true, scope: "once" }),
    );
  });

  it("begins to wait anew with each key that comes too early, and says until when", () => {
    const early = press(open(question("a")), [text("h"), 500], [yes, 1_000], [text("e"), 1_599]);
    expect(early.acts).to.deep.equal([]);
    expect(early.dialog?.kind === "approval" && armsAt(early.dialog)).to.equal(1_599 + armingMs);
    expect(press(early.dialog as Dialog, [yes, 1_599 + armingMs - 1]).acts).to.deep.equal([]);
    expect(press(early.dialog as Dialog, [yes, 1_599 + armingMs]).acts).to.have.length(1);
  });

  it("stays ready once it is, so that reading on does not put the answer off", () => {
    const scrolled = press(open(question("a")), [command("dialog.down"), ready], [command("approval.view"), ready + 5]);
    expect(press(scrolled.dialog as Dialog, [yes, ready + 10]).acts).to.have.length(1);
  });

  it("is never answered by Enter, text, a paste, a click or the focus", () => {
    const keys: DialogKey[] = [
      enter,
      text("y"),
      text("yes"),
      { kind: "paste", text: "y\ny\n" },
      { kind: "click", row: 0 },
      { kind: "focus" },
    ];
    for (const key of keys) {
      const { dialog, acts } = press(open(question("a")), [key, ready], [key, ready + armingMs], [key, 3 * ready]);
      expect(acts, JSON.stringify(key)).to.deep.equal([]);
      expect(dialog?.kind).to.equal("approval");
    }
  });

  it("waits anew after a click or a change of focus, for what follows them at once", () => {
    for (const moved of [{ kind: "click", row: 1 }, { kind: "focus" }] as const) {
      const { acts } = press(
        open(question("a")),
        [command("dialog.down"), ready],
        [moved, ready + 1],
        [yes, ready + 2],
      );
      expect(acts, moved.kind).to.deep.equal([]);
    }
  });

  it("approves once, or for the session where the call offers that", () => {
    expect(press(open(question("a")), [alike, ready]).acts).to.deep.equal(
      answer({ tool_call_id: "a", approved: true, scope: "session" }),
    );
    const { session_rule: _, ...without } = question("a");
    expect(press(open(without), [alike, ready]).acts).to.deep.equal([]);
    expect(press(open(question("a", { always: true })), [alike, ready]).acts).to.deep.equal([]);
  });

  it("rejects with the reason exactly as it was typed, or without one", () => {
    const typed = "  Use 1e-4, NOT 5e-4!\tÄhm — nein  ";
    const told = press(open(question("a")), [no, ready], [text(typed), ready + 1], [enter, ready + 2]);
    expect(told.acts).to.deep.equal(answer({ tool_call_id: "a", approved: false, feedback: typed }));
    expect(told.dialog).to.equal(null);
    const silent = press(open(question("a")), [no, ready], [enter, ready + 1]);
    expect(silent.acts).to.deep.equal(answer({ tool_call_id: "a", approved: false }));
  });

  it("passes a long reason that was pasted on in full, line by line", () => {
    const pasted = Array.from({ length: 40 }, (_, index) => `Line ${index}`).join("\n");
    const { acts } = press(open(question("a")), [no, ready], [{ kind: "paste", text: pasted }, ready], [enter, ready]);
    expect(acts).to.deep.equal(answer({ tool_call_id: "a", approved: false, feedback: pasted }));
  });

  it("takes letters as letters while a reason is typed", () => {
    const { keymap } = buildKeymap();
    const { dialog } = press(open(question("a")), [no, ready]);
    const contexts = contextsOf(dialog as Dialog);
    for (const letter of ["y", "a", "n", "e", "v"]) expect(resolve(keymap, letter, contexts)).to.equal(null);
    expect(resolve(keymap, "enter", contexts)).to.equal("dialog.accept");
    expect(resolve(keymap, "y", contextsOf(open(question("a"))))).to.equal("approval.approve");
  });

  it("goes back from the reason to the question, and waits anew there", () => {
    const back = press(open(question("a")), [no, ready], [text("hm"), ready + 1], [esc, ready + 2]);
    expect(back.dialog).to.include({ kind: "approval", reason: null });
    expect(press(back.dialog as Dialog, [yes, ready + 3]).acts).to.deep.equal([]);
  });

  it("hands the call on to be edited and stays open for what comes of it", () => {
    const asked = question("a");
    const { dialog, acts } = press(open(asked), [command("approval.edit"), ready]);
    expect(acts).to.deep.equal([{ kind: "edit_call", question: asked }]);
    expect(dialog?.kind).to.equal("approval");
  });

  it("lets what it has no use for mean what it means elsewhere", () => {
    const { acts, dialog } = press(open(question("a")), [command("app.interrupt"), 1]);
    expect(acts).to.deep.equal([{ kind: "pass", command: "app.interrupt" }]);
    expect(dialog?.kind).to.equal("approval");
  });

  it("answers one call at a time, and not the next with a key that was held down", () => {
    const keys = Array.from({ length: 20 }, (_, index) => [yes, ready + index * 30] as const);
    const { dialog, acts } = press(open(question("a"), question("b")), ...keys);
    expect(acts).to.deep.equal(answer({ tool_call_id: "a", approved: true, scope: "once" }));
    expect(scene(dialog as Dialog, 80, 24, { now: ready }).lines.join("\n")).to.include("(y) ");
  });

  it("goes through all that wait, and answers the one in sight", () => {
    const three = open(question("a"), question("b"), question("c"));
    const last = press(three, [command("approval.previous"), ready]);
    expect(scene(last.dialog as Dialog, 80, 24).lines.join("\n")).to.include("approval 3 of 3");
    expect(press(last.dialog as Dialog, [yes, ready + 1]).acts).to.deep.equal([]);
    const { acts } = press(last.dialog as Dialog, [yes, 2 * ready]);
    expect(acts).to.deep.equal(answer({ tool_call_id: "c", approved: true, scope: "once" }));
  });
});

describe("an approval that nobody waits for any more", () => {
  it("closes by itself", () => {
    expect(syncDialog(open(question("a")), waiting(), ready)).to.equal(null);
  });

  it("gives way to the next, which takes no answer at once", () => {
    const [a, b] = [question("a"), question("b")];
    const reading = press(open(a, b), [command("dialog.down"), ready], [no, ready]).dialog as Dialog;
    const next = syncDialog(reading, waiting(b), ready + 1) as Dialog;
    expect(next).to.include({ reason: null, armed: false });
    expect(press(next, [enter, ready + 2], [yes, ready + 3]).acts).to.deep.equal([]);
  });

  it("leaves the one that is read alone when others come or go", () => {
    const [a, b, c] = [question("a"), question("b"), question("c")];
    const reading = press(open(a, b), [command("approval.next"), ready], [command("dialog.down"), 2 * ready])
      .dialog as Dialog;
    const later = syncDialog(reading, waiting(b, c), 2 * ready) as Dialog;
    expect(press(later, [yes, 2 * ready + 1]).acts).to.deep.equal(
      answer({ tool_call_id: "b", approved: true, scope: "once" }),
    );
    expect(syncDialog(reading, waiting(a, b), 3 * ready)).to.equal(reading);
  });

  it("does not come back between the answer and the session's word of it", () => {
    const [a, b] = [question("a"), question("b")];
    const { dialog } = press(open(a, b), [yes, ready]);
    const same = syncDialog(dialog as Dialog, waiting(a, b), ready + 1);
    expect(same?.kind === "approval" && same.questions).to.deep.equal([b]);
  });

  it("is asked about anew after it was edited", () => {
    const [a, b] = [question("a"), question("b")];
    const { dialog } = press(open(a, b), [yes, ready]);
    const edited = question("a", { askedAt: 2, arguments: { command: "rm -rf /" } });
    const again = syncDialog(dialog as Dialog, waiting(b, edited), ready);
    expect(again?.kind === "approval" && again.questions).to.deep.equal([b, edited]);
  });

  it("takes no answer at once when the same call is asked about with other arguments", () => {
    const reading = press(open(question("a")), [command("dialog.down"), ready]).dialog as Dialog;
    const changed = syncDialog(reading, waiting(question("a", { askedAt: 2 })), ready + 1) as Dialog;
    expect(press(changed, [yes, ready + 2]).acts).to.deep.equal([]);
  });
});

describe("approvals under random keys", () => {
  it("approve nothing but with an armed key that says so, and only what is in sight", () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomFrom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const others = ["dialog.down", "dialog.page_down", "approval.next", "approval.view", "input.left", "app.interrupt"];
    const keys: DialogKey[] = [
      ...[yes, alike, no, enter, esc, text("y"), ...others.map(command)],
      { kind: "paste", text: "y" },
      { kind: "click", row: 0 },
      { kind: "focus" },
    ];
    for (let run = 0; run < 300; run++) {
      let dialog: Dialog | null = open(question("a"), question("b"), question("c"));
      let now = 0;
      let last = 0;
      for (let step = 0; step < 40 && dialog !== null && dialog.kind === "approval"; step++) {
        const key = pick(keys);
        now += pick([10, 200, 700, 2_000]);
        const before: ApprovalDialog = dialog;
        const inSight = before.questions[before.at]?.tool_call_id;
        const done: ReturnType<typeof onKey> = onKey(before, key, now);
        for (const act of done.acts) {
          if (act.kind !== "answer") continue;
          const why = `seed ${seed}, run ${run}, step ${step}`;
          expect(act.decision.tool_call_id, why).to.equal(inSight);
          if (!act.decision.approved) continue;
          expect([yes, alike], why).to.include(key);
          expect(before.armed || now - last >= armingMs, why).to.equal(true);
        }
        last = now;
        dialog = done.dialog;
      }
    }
  });
});
