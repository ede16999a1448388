// Calls that wait for a person: what is said of them.
import { expect } from "chai";
import { openApproval } from "../../../tui/screen/view/dialogs/approval.ts";
import { onKey } from "../../../tui/screen/view/dialogs/dialogs.ts";
import type { ApprovalDialog, Dialog } from "../../../tui/screen/view/dialogs/types.ts";
import { command, question, scene, spending, waiting } from "./scene.ts";

function open(...questions: Parameters<typeof waiting>): ApprovalDialog {
  const dialog = openApproval(waiting(...questions), 0);
  if (dialog === null) throw new Error("nothing waits");
  return dialog;
}

describe("what an approval says", () => {
  const model = { ...waiting(), money: { ...waiting().money, cap: 10_000_000, spent: 1_820_000 } };
  const words = (dialog: Dialog) =>
    scene(dialog, 100, 40, { model })
      .lines.join("\n")
      .replace(/\s*│[.]*\n[.]*│\s*/g, " ");

  it("is what would run, to the letter", () => {
    const script = "#!/bin/bash\nset -e\necho  'two  blanks'\n";
    const seen = words(open(question("a", { preview: { kind: "script", text: script } })));
    for (const line of script.trimEnd().split("\n")) expect(seen).to.include(line);
  });

  it("is the arguments where nothing else shows what would run", () => {
    const { preview: _, ...bare } = question("a", { arguments: { path: "/etc/passwd" } });
    expect(words(open(bare))).to.include('"path": "/etc/passwd"');
  });

  it("is the price, who pays, and what is left of the budget", () => {
    const seen = words(open(question("a", { touches: spending })));
    expect(seen).to.include("up to $3.00, charged to acme; $8.18 of $10.00 left");
    const dear = words(open(question("a", { touches: [{ kind: "spend", usd: 9 }] })));
    expect(dear).to.include("$8.18 of $10.00 left, which is less");
    expect(words(open(question("a", { touches: [{ kind: "spend", usd: null }] })))).to.include("nobody knows how much");
  });

  it("is where the wish may come from, that it is always asked about, and the rule that would be added", () => {
    const seen = words(open(question("a", { source: "https://example.org" })));
    expect(seen).to.include("may come from https://example.org");
    expect(seen).to.include("adds a rule until you leave: allow bash with command python *");
    const always = words(open(question("a", { always: true })));
    expect(always).to.include("asked about each time").and.not.to.include("adds a rule");
    expect(always).not.to.include("[a]");
  });

  it("is all of a long script once it is asked for, and that there is more before", () => {
    const lines = Array.from({ length: 500 }, (_, index) => `step ${index}`).join("\n");
    const asked = question("a", { preview: { kind: "script", text: lines } });
    const dialog = open(asked);
    const first = scene(dialog, 100, 40, { model });
    expect(first.room.end + first.room.page).to.be.below(60);
    const whole = onKey(dialog, command("approval.view"), 1, first.room).dialog as Dialog;
    const { room } = scene(whole, 100, 40, { model });
    expect(room.end + room.page).to.be.at.least(500);
    const end = { ...whole, scroll: room.end } as Dialog;
    expect(words(end)).to.include("step 499");
    expect(words({ ...dialog, scroll: first.room.end })).to.include("460 more lines");
  });
});
