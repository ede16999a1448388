// Dialogs on a screen that is full of dots, so that it shows what they cover; and what they are about.
import type { Access } from "../../../actors/events.ts";
import { canvasOf, createGrid, type Grid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { buildKeymap } from "../../../tui/screen/keys/keymap.ts";
import { keyCommands } from "../../../tui/screen/keys/table.ts";
import { emptyLog } from "../../../tui/screen/model/log.ts";
import { productMeter } from "../../../tui/screen/model/metering.ts";
import { emptyModel, type Model, type PendingQuestion } from "../../../tui/screen/model/state.ts";
import { onKey, paintDialog } from "../../../tui/screen/view/dialogs/dialogs.ts";
import type { Painted } from "../../../tui/screen/view/dialogs/panel.ts";
import type { Dialog, DialogAct, DialogKey, SessionChoice } from "../../../tui/screen/view/dialogs/types.ts";
import { setting } from "../text/setting.ts";

/** Looks are told apart by the theme's names. */
export const { look, nameOf } = setting();

/** What painting came to. */
export interface Scene extends Painted {
  lines: string[];
  grid: Grid;
}

/** Paints a dialog in the middle of a larger screen, of which two cells at each side must stay as they are. */
export function scene(
  dialog: Dialog,
  width: number,
  height: number,
  { model = emptyModel(), now = Number.POSITIVE_INFINITY, ascii = false } = {},
): Scene {
  const grid = createGrid(width + 4, height + 4);
  const all = canvasOf(grid);
  for (let y = 0; y < grid.height; y++) all.text(0, y, ".".repeat(grid.width), 0);
  const painted = paintDialog(dialog, model, { ...look, keymap, now, ascii }, all.part(2, 2, width, height));
  return { ...painted, grid, lines: Array.from({ length: height }, (_, y) => lineOf(grid, y + 2).slice(2, -2)) };
}

/** Everything that is not the dialog's place, to be the same whatever was painted. */
export function outside({ grid }: Scene): string {
  const { width, height } = grid;
  const edges = Array.from({ length: height }, (_, y) => {
    const cells = grid.glyphs.slice(y * width, (y + 1) * width);
    return y < 2 || y >= height - 2 ? cells.join("") : [...cells.slice(0, 2), ...cells.slice(-2)].join("");
  });
  return edges.join("\n");
}

function lineOf(grid: Grid, y: number): string {
  return gridLine(grid, y) ?? "";
}

/** The dialog as text without the dots around it, for golden tests. */
export function shown(
  dialog: Dialog,
  width: number,
  height: number,
  options: Parameters<typeof scene>[3] = {},
): string {
  return scene(dialog, width, height, options)
    .lines.map((line) => line.replace(/^\.*|[ .]*$/g, "").trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** A call that waits. */
export function question(id: string, given: Partial<PendingQuestion> = {}): PendingQuestion {
  return {
    tool: "bash",
    arguments: { command: "python train.py" },
    tool_call_id: id,
    title: "run python train.py",
    reason: "it runs a program",
    preview: { kind: "command", text: "python train.py" },
    session_rule: { verdict: "allow", tool: "bash", arguments: { command: "python *" } },
    askedAt: 1,
    ...given,
  };
}

/** A call that costs money. */
export const spending: Access[] = [{ kind: "spend", usd: 3, payer: "acme" }];

/** A model in which calls wait. */
export function waiting(...questions: PendingQuestion[]): Model {
  return { ...emptyModel(), questions };
}

export const command = (id: string): DialogKey => ({ kind: "command", id });
export const text = (typed: string): DialogKey => ({ kind: "text", text: typed });

/** A call that has everything that can be said of one. */
export const asking = question("a", {
  tool: "hf_jobs",
  title: "run train.py on a10g-large for 2 h",
  reason: "it spends money",
  touches: spending,
  source: "https://example.org/page",
  preview: {
    kind: "script",
    text: "from trl import SFTTrainer\ntrainer = SFTTrainer(model='small')\ntrainer.train()\n",
  },
});

export const { keymap } = buildKeymap({}, [
  ...keyCommands.filter(({ id }) => /^(?:dialog|approval|app\.(?:help|copy_mode))/.test(id)),
  ...keyCommands.filter(({ id }) => id === "pane.next" || id === "transcript.copy"),
]);

/** A few commands as the catalogue tells them. */
export const commandList = [
  { name: "help", args: "", summary: "these commands" },
  { name: "model", args: "[ID]", summary: "the model that answers" },
  { name: "rename", args: "NAME", summary: "give this session a name" },
  { name: "export", args: "[FORMAT] [FILE]", summary: "write the session out" },
  { name: "compact", args: "", summary: "make the conversation shorter for the model" },
];

export const session: SessionChoice = {
  id: "s1",
  name: "sft-small",
  cwd: "/work",
  created_at: 1_000,
  updated_at: 2_000,
  model: "anthropic/fast",
  turns: 3,
  first_prompt: "fine-tune it",
  state: "iteration_limit",
  current: false,
};

export const job: Model["jobs"][number] = {
  id: "j1",
  version: 1,
  tool: "bash",
  title: "python train.py",
  state: "running",
  background: true,
  startedAt: 0,
  endedAt: null,
  exitCode: null,
  remote: null,
  heardAt: 0,
  log: emptyLog,
  readBytes: 0,
  metrics: productMeter.empty(),
};

/** A dialog after keys. */
export function typed(dialog: Dialog | null, ...keys: DialogKey[]): Dialog | null {
  return keys.reduce<Dialog | null>((open, key) => (open === null ? null : onKey(open, key, 10_000).dialog), dialog);
}

/** A dialog after keys that come one right after the other, and what they came to. */
export function press(dialog: Dialog | null, ...keys: DialogKey[]): { dialog: Dialog | null; acts: DialogAct[] } {
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
