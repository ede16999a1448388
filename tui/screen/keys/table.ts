// The table of commands and their keys, as it is shipped.
import shipped from "../../../configs/keys.json" with { type: "json" };

/** Where a key means something. The contexts of a moment are a list of these, innermost first, `global` at its end. */
export const contexts = [
  "input",
  "input-filled",
  "input-empty",
  "completion",
  "search",
  "transcript",
  "find",
  "jobs",
  "approval",
  "dialog",
  "replay",
  "idle",
  "global",
] as const;

/** A place where a key means something. */
export type Context = (typeof contexts)[number];

/** A command that has keys. */
export interface KeyCommand {
  readonly id: string;
  readonly contexts: readonly Context[];
  /** Chords as people write them; two with a space between them are pressed one after the other. */
  readonly keys: readonly string[];
  /** It must have a key, and nobody may take it. */
  readonly required: boolean;
  /** Milliseconds between two presses that belong together. */
  readonly withinMs: number;
  readonly help: string;
}

const pairMs = 1_500;

/** What a context is called in the help. */
export const contextNames: Readonly<Record<Context, string>> = {
  input: "Input",
  "input-filled": "Input",
  "input-empty": "Empty input",
  completion: "Completions",
  search: "Search in what was sent",
  transcript: "Transcript",
  find: "Search in the transcript",
  jobs: "Jobs",
  approval: "Approval",
  dialog: "Dialogs",
  replay: "Replay of a session",
  idle: "While nothing is under way",
  global: "Everywhere",
};

function isContext(name: string): name is Context {
  return (contexts as readonly string[]).includes(name);
}

/** Every command, in the order of the help. */
export const keyCommands: readonly KeyCommand[] = shipped.commands.map((row) => ({
  id: row.id,
  contexts: row.contexts.filter(isContext),
  keys: row.keys,
  required: "required" in row && row.required === true,
  withinMs: "within_ms" in row && typeof row.within_ms === "number" ? row.within_ms : pairMs,
  help: row.help,
}));
