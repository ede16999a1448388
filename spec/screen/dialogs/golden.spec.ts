// What each dialog looks like, in sizes from roomy to hardly there. `GOLDEN=write` writes what is seen now.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { emptyModel } from "../../../tui/screen/model/state.ts";
import { handleApproval, openApproval } from "../../../tui/screen/view/dialogs/approval.ts";
import { openCancelJob, openQuit } from "../../../tui/screen/view/dialogs/confirm.ts";
import { openFirstRun } from "../../../tui/screen/view/dialogs/first-run.ts";
import { openKey, openKeys } from "../../../tui/screen/view/dialogs/keys.ts";
import { openHelp, openModels, openOutcome } from "../../../tui/screen/view/dialogs/outcome.ts";
import { openPalette } from "../../../tui/screen/view/dialogs/palette.ts";
import { openRename } from "../../../tui/screen/view/dialogs/prompt.ts";
import { actionsOf, openSessions } from "../../../tui/screen/view/dialogs/sessions.ts";
import { openThemes } from "../../../tui/screen/view/dialogs/themes.ts";
import type { Dialog } from "../../../tui/screen/view/dialogs/types.ts";
import {
  asking,
  command,
  commandList,
  job,
  keymap,
  question,
  scene,
  session,
  shown,
  text,
  typed,
  waiting,
} from "./scene.ts";

const hub = {
  name: "HF_TOKEN",
  word: "hf",
  what: "models and jobs of Hugging Face",
  page: "https://huggingface.co/settings/tokens",
} as const;
const anthropic = {
  name: "ANTHROPIC_API_KEY",
  word: "anthropic",
  what: "models of Anthropic",
  page: "console",
} as const;
const keys = [
  { ...hub, from: null },
  { ...anthropic, from: "environment" },
];

const sizes = [
  [120, 40],
  [80, 24],
  [40, 10],
  [20, 4],
  [10, 1],
] as const;

const model = {
  ...waiting(asking, question("b")),
  money: { ...emptyModel().money, cap: 10_000_000, spent: 1_820_000 },
};
const opened = openApproval(model, 0);
const sessions = [session, { ...session, id: "s2", name: null, current: true, first_prompt: "count the rows" }];
const now = session.updated_at + 3 * 3_600_000;

const dialogs: Record<string, Dialog | null> = {
  approval: opened && { ...opened, armed: true },
  "approval-early": opened,
  "approval-reason":
    opened &&
    typed(
      handleApproval({ ...opened, armed: true }, command("approval.reject"), 1, { page: 1, end: 0 }).dialog,
      text("Not on my card"),
    ),
  "approval-diff": openApproval(
    waiting(
      question("d", {
        tool: "edit",
        title: "edit train.py",
        always: true,
        preview: {
          kind: "diff",
          text: "--- train.py\n+++ train.py\n@@ -41,2 +41,2 @@\n-lr = 5e-4\n+lr = 2e-4\n steps = 300\n",
        },
      }),
    ),
    0,
  ),
  palette: typed(
    openPalette({ commands: commandList, models: ["anthropic/fast"], sessions, files: ["src/model.py"], keymap, now }),
    text("mod"),
  ),
  sessions: openSessions(sessions, now),
  "session-actions": actionsOf(session),
  models: openModels({
    kind: "model",
    model: "anthropic/fast",
    facts: null,
    wanted: null,
    suggestions: ["ollama/small", "offline/tabular"],
  }),
  help: openHelp(keymap, commandList),
  quit: openQuit(
    {
      ...emptyModel(),
      session: { ...emptyModel().session, id: "s1" },
      jobs: [job],
      queue: [{ inputId: "i", text: "and the cost", via: "input" }],
    },
    ["job 6f2c on a10g-large"],
  ),
  "cancel-job": openCancelJob(job),
  "first-run": openFirstRun({
    keys,
    servers: [{ prefix: "ollama", url: "http://127.0.0.1:11434/v1/models", models: ["ollama/small"], problem: null }],
    demo: "offline/tabular",
    note: null,
  }),
  keys: openKeys(keys),
  key: typed(openKey(hub), text("hf_secret")),
  "key-checked": typed(openKey(hub), text("hf_secret"), { kind: "command", id: "dialog.accept" }),
  themes: openThemes(["auto", "dark", "light", "contrast"], "light"),
  rename: openRename("old name"),
  refused: openOutcome(
    { kind: "refused", failure: { code: "USAGE", message: "There is no model x.", hint: "Try: /model" } },
    "/model x",
    { keymap, now, theme: "auto" },
  ),
  plan: openOutcome(
    {
      kind: "plan",
      plan: [
        { id: "1", content: "inspect data", status: "completed" },
        { id: "2", content: "train", status: "in_progress" },
      ],
    },
    "/plan",
    { keymap, now, theme: "auto" },
  ),
};

describe("dialogs as they look", () => {
  for (const [name, dialog] of Object.entries(dialogs)) {
    it(`${name} is as it was`, () => {
      if (dialog === null) throw new Error("there is no dialog");
      const seen = sizes
        .map(
          ([width, height]) =>
            `== ${width}x${height}\n${shown(dialog, width, height, { model, now: name === "approval-early" ? 599 : 10_000 })}\n`,
        )
        .join("");
      const file = join("spec/screen/dialogs/golden", `${name}.txt`);
      if (process.env.GOLDEN === "write") writeFileSync(file, seen);
      expect(seen).to.equal(readFileSync(file, "utf8"));
    });

    it(`${name} stays four cells smaller than its place, and has its caret inside`, () => {
      if (dialog === null) return;
      for (const [width, height] of sizes.slice(0, 3)) {
        const { lines, caret } = scene(dialog, width, height, { model });
        expect(lines.slice(0, 2).concat(lines.slice(-2)).join(""), "above and below").to.match(/^\.*$/);
        for (const line of lines) expect(`${line.slice(0, 2)}${line.slice(-2)}`).to.equal("....");
        if (caret === null) continue;
        expect(caret.x).to.be.within(4, width - 5);
        expect(caret.y).to.be.within(3, height - 4);
      }
    });
  }

  it("draws lines in ASCII where the terminal has no others", () => {
    if (opened === null) throw new Error("there is no dialog");
    const { lines } = scene(opened, 80, 24, { model, ascii: true });
    expect(lines.join("")).to.match(/^[\x20-\x7e]*$/);
  });

  it("keeps the answers in sight down to 40 by 10, however long the call", () => {
    const long = waiting(
      question("x", { title: "run ".repeat(400), preview: { kind: "script", text: "line\n".repeat(5_000) } }),
    );
    const dialog = openApproval(long, 0);
    if (dialog === null) throw new Error("there is no dialog");
    for (let width = 40; width < 130; width += 7) {
      for (let height = 10; height < 50; height += 6) {
        const { lines } = scene(dialog, width, height, { model: long });
        expect(lines.join("\n")).to.match(/\[y\][\s\S]*\[a\][\s\S]*\[n\][\s\S]*\[e\][\s\S]*\[v\]/);
      }
    }
  });

  it("can be painted at any size, however small", () => {
    for (const dialog of Object.values(dialogs)) {
      if (dialog === null) continue;
      for (const [width, height] of [
        [0, 0],
        [1, 1],
        [2, 3],
        [5, 40],
        [39, 9],
        [400, 3],
      ] as const) {
        const { caret } = scene(dialog, width, height, { model });
        if (caret !== null) expect(caret.x < width && caret.y < height && caret.x >= 0 && caret.y >= 0).to.equal(true);
      }
    }
  });
});
