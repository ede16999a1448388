// Everything that can be done, in one list: commands, keys, models, sessions, files.
import type { CommandInfo } from "../../../chat/commands/outcome.ts";
import { helpOf } from "../../keys/help.ts";
import type { Keymap } from "../../keys/keymap.ts";
import { createPicker } from "./picker.ts";
import { createPrompt } from "./prompt.ts";
import { sessionItem } from "./sessions.ts";
import type { DialogAct, Handled, Item, PickerDialog, SessionChoice } from "./types.ts";

/** What the palette offers. */
export interface PaletteParts {
  readonly commands: readonly CommandInfo[];
  readonly models: readonly string[];
  readonly sessions: readonly SessionChoice[];
  /** Paths in the workspace. */
  readonly files: readonly string[];
  readonly keymap: Keymap;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Commands that, without a word, answer with what there is to choose from. */
const choosing = new Set(["model", "effort", "approval", "budget", "resume", "theme", "notify", "login"]);

/** Commands of the key table that make sense from a list: what they act on is not the list itself. */
const offered =
  /^(?:app\.(?:copy_mode|repaint|suspend|approval_mode|undo|log)|pane\.(?!next|leave)|transcript\.(?:search|follow|top|fold_tools|fold_thinking)$)/;

/** Opens the palette. */
export function openPalette({ commands, models, sessions, files, keymap, now }: PaletteParts): PickerDialog {
  const keys = helpOf(keymap).flatMap(({ rows }) => rows.filter(({ command }) => offered.test(command)));
  return createPicker("commands", [
    ...commands.map(commandItem),
    ...keys.map(({ command, help, keys: shown }) => item("key", help, shown, { kind: "do", command }, command)),
    ...models.map((model) => item("model", model, "", { kind: "run", command: "model", rest: model })),
    ...sessions.map((session) => ({ ...sessionItem(session, now), group: "session" })),
    ...files.map((file) => item("file", file, "", { kind: "insert", text: mention(file) })),
  ]);
}

function commandItem({ name, args, summary }: CommandInfo): Item {
  const head = `/${name}${args === "" ? "" : ` ${args}`}`;
  return {
    group: "command",
    label: `/${name}`,
    detail: summary,
    words: `${head} ${summary}`,
    pick: pickOf(name, args, summary),
  };
}

function pickOf(name: string, args: string, summary: string): Handled {
  if (args === "" || choosing.has(name)) return act({ kind: "run", command: name, rest: "" });
  const optional = args.startsWith("[");
  const then = { kind: "run", command: name, optional } as const;
  return { dialog: createPrompt(`/${name}`, args, then, { intro: [summary] }), acts: [] };
}

function item(group: string, label: string, detail: string, done: DialogAct, words = ""): Item {
  return { group, label, detail, words: `${words} ${detail}`, pick: act(done) };
}

function act(done: DialogAct): Handled {
  return { dialog: null, acts: [done] };
}

function mention(file: string): string {
  return /[\s"]/.test(file) ? `@${JSON.stringify(file)} ` : `@${file} `;
}
