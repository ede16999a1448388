// What each command of the key table does to the input.
import { accept, clear, send, upOrDown } from "./acts.ts";
import { textOf } from "./atoms.ts";
import { slice } from "./buffer.ts";
import { type CandidateSource, choose } from "./completion.ts";
import { completed, edited, type Input, keepFound, type Message, searched, shownSearch } from "./input.ts";
import type { Motion } from "./motion.ts";
import { beginSearch, searchOlder } from "./search.ts";
import { type Edit, selectionOf } from "./state.ts";

/** What a command needs to know beside the input. */
export interface Surroundings {
  /** Cells of a row of the input. */
  readonly width: number;
  readonly source: CandidateSource;
}

/** What came of a command. */
export interface Done {
  readonly input: Input;
  /** A message to be sent, or to be put in the queue; null: none. */
  readonly message: Message | null;
  /** The selection was copied: for the clipboard; null: it was not. */
  readonly copied: string | null;
}

type Run = (input: Input, surroundings: Surroundings) => Input;

const motions: readonly Motion[] = [
  "left",
  "right",
  "word_left",
  "word_right",
  "line_start",
  "line_end",
  "start",
  "end",
];

const edits: Readonly<Record<string, Edit>> = {
  "input.newline": { kind: "insert", text: "\n" },
  "input.delete_left": { kind: "delete", motion: "left" },
  "input.delete_right": { kind: "delete", motion: "right" },
  "input.kill_word_left": { kind: "kill", motion: "word_left" },
  "input.kill_word_right": { kind: "kill", motion: "word_right" },
  "input.kill_blank_left": { kind: "kill", motion: "blank_left" },
  "input.kill_line_start": { kind: "kill", motion: "line_start" },
  "input.kill_line_end": { kind: "kill", motion: "line_end" },
  "input.yank": { kind: "yank" },
  "input.yank_pop": { kind: "yank_pop" },
  "input.undo": { kind: "undo" },
  "input.redo": { kind: "redo" },
  "input.copy": { kind: "copy" },
  "input.select_all": { kind: "select_all" },
  ...Object.fromEntries(motions.map((motion) => [`input.${motion}`, { kind: "move", motion }])),
  ...Object.fromEntries(motions.map((motion) => [`input.select_${motion}`, { kind: "move", motion, select: true }])),
};

const runs: Readonly<Record<string, Run>> = {
  "input.up": (input, { width }) => upOrDown(keepFound(input), -1, width),
  "input.down": (input, { width }) => upOrDown(keepFound(input), 1, width),
  "input.clear": clear,
  "input.complete": (input, { source }) => completed({ ...keepFound(input), dismissed: null }, source),
  "completion.accept": (input, { source }) => accept(input, source),
  "completion.next": (input) => turned(input, 1),
  "completion.previous": (input) => turned(input, -1),
  "completion.close": (input) => ({
    ...input,
    completion: null,
    dismissed: input.completion?.mention.range.from ?? null,
  }),
  "search.begin": (input) => shownSearch(input, beginSearch(), input.search?.before ?? input.editor),
  "search.older": (input) =>
    input.search === null
      ? input
      : shownSearch(input, searchOlder(input.history.messages, input.search.state), input.search.before),
  "search.delete_left": (input) =>
    input.search === null ? input : searched(input, [...input.search.state.query].slice(0, -1).join("")),
  "search.accept": keepFound,
  "search.cancel": (input) => (input.search === null ? input : { ...input, editor: input.search.before, search: null }),
};

/** What ends a message; for whom it is, is somebody else's to know. */
const sending: readonly string[] = ["input.send", "input.steer"];

/** Every command that `runInput` knows. */
export const inputCommands: readonly string[] = [...sending, ...Object.keys(edits), ...Object.keys(runs)];

/** Runs a command of the input. Null: it is none, and somebody else's. */
export function runInput(input: Input, command: string, surroundings: Surroundings): Done | null {
  if (sending.includes(command)) return { ...send(keepFound(input), surroundings.source), copied: null };
  const run = runs[command];
  if (run !== undefined) return { input: run(input, surroundings), message: null, copied: null };
  const step = edits[command];
  if (step === undefined) return null;
  const range = step.kind === "copy" ? selectionOf(input.editor) : null;
  const copied = range === null ? null : textOf(slice(input.editor.lines, range));
  return { input: edited(input, step, surroundings.source), message: null, copied };
}

function turned(input: Input, by: 1 | -1): Input {
  return input.completion === null ? input : { ...input, completion: choose(input.completion, by) };
}
