// The command line, read into a plain value. Knows nothing of files or the environment.
import { parseArgs } from "node:util";
import { FrontError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";

/** How headless output is written. */
export type OutputFormat = "text" | "json" | "stream-json";

/** The flags that every command shares. */
export interface Place {
  cwd: string | null;
  config: string | null;
  json: boolean;
}

/** A run of the agent. */
export interface RunCommand extends Place {
  kind: "run";
  /** Words of the prompt, or null when none were given; `-` stands for standard input. */
  prompt: string | null;
  model: string | null;
  maxIterations: number | null;
  stream: boolean;
  /** Lines instead of a screen, and with a pipe on standard input a line for each message. */
  plain: boolean;
  /** Whether the screen asks for clicks and the wheel; the settings may say no. */
  mouse: boolean;
  approval: "ask" | "auto" | "deny" | null;
  isolation: "auto" | "off" | null;
  /** Commands and files on a machine of the Hub's. */
  sandboxTools: boolean;
  /** What the session may spend in all, in US dollars; `none` lifts an earlier limit; null: not said. */
  budget: number | "none" | null;
  /** Repositories that the run may upload to without asking, or patterns of them. */
  publishTo: string[];
  format: OutputFormat;
  /** `resume` with id null means that the user should choose. */
  session: { kind: "new" } | { kind: "continue" } | { kind: "resume"; id: string | null };
}

/** The small commands. */
export const smallCommands = ["sessions", "mcp", "doctor", "config", "models", "sandboxes"] as const;
export type SmallCommand = (typeof smallCommands)[number];

/** What a command about sessions is told. */
export interface SessionsCommand extends Place {
  kind: "sessions";
  /** What to do with which session; empty: list them. */
  words: string[];
  /** Every session, not the newest alone. */
  all: boolean;
  format: string | null;
  output: string | null;
  at: string | null;
  yes: boolean;
  redact: boolean;
  speed: string | null;
  plain: boolean;
}

/** What a command about MCP servers is told; no words: serve the program's own tools. */
export interface McpCommand extends Place {
  kind: "mcp";
  words: string[];
}

export type Command =
  | { kind: "version" }
  | { kind: "help" }
  | { kind: "reset_terminal" }
  | RunCommand
  | SessionsCommand
  | McpCommand
  | ({ kind: Exclude<SmallCommand, "sessions" | "mcp"> } & Place & { model: string | null; sweep: boolean });

const options = {
  model: { type: "string", short: "m" },
  "max-iterations": { type: "string" },
  "no-stream": { type: "boolean" },
  plain: { type: "boolean" },
  "no-mouse": { type: "boolean" },
  continue: { type: "boolean", short: "c" },
  resume: { type: "string", short: "r" },
  "output-format": { type: "string" },
  cwd: { type: "string" },
  config: { type: "string" },
  approval: { type: "string" },
  isolation: { type: "string" },
  "sandbox-tools": { type: "boolean" },
  budget: { type: "string" },
  "publish-to": { type: "string", multiple: true },
  json: { type: "boolean" },
  all: { type: "boolean" },
  format: { type: "string" },
  output: { type: "string" },
  at: { type: "string" },
  yes: { type: "boolean" },
  sweep: { type: "boolean" },
  "no-redact": { type: "boolean" },
  speed: { type: "string" },
  "reset-terminal": { type: "boolean" },
  version: { type: "boolean", short: "v" },
  help: { type: "boolean", short: "h" },
} as const;

/** What only `sessions` knows. */
const ofSessions = ["all", "format", "output", "at", "yes", "no-redact", "speed"] as const;

const names = Object.keys(options).map((name) => `--${name}`);

/** Reads the arguments after the program's name. Throws a `FrontError` with code `USAGE`. */
export function parseCommand(argv: readonly string[]): Command {
  const { args, bareResume } = takeBareResume(joinNegative(argv));
  const { values, positionals, tokens } = parse(args);
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  if (values["reset-terminal"]) return { kind: "reset_terminal" };
  // Words after `--` are a prompt whatever they are.
  const plain = tokens.every((token) => token.kind !== "option-terminator");
  const place = { cwd: values.cwd ?? null, config: values.config ?? null, json: values.json ?? false };
  const [word] = positionals;
  for (const name of ["model", "cwd", "config", "resume"] as const) {
    if (values[name]?.trim() === "") throw usage(`The option --${name} needs a value.`, "See: ml-intern --help");
  }
  if (plain && word === "sessions") {
    return {
      kind: word,
      ...place,
      words: positionals.slice(1),
      all: values.all ?? false,
      format: values.format ?? null,
      output: values.output ?? null,
      at: values.at ?? null,
      yes: values.yes ?? false,
      redact: !values["no-redact"],
      speed: values.speed ?? null,
      plain: values.plain ?? false,
    };
  }
  for (const name of ofSessions) {
    if (values[name] !== undefined) throw usage(`--${name} belongs to sessions.`, "See: ml-intern --help");
  }
  if (plain && word === "mcp") return { kind: word, ...place, words: positionals.slice(1) };
  if (plain && word !== undefined && isSmall(word)) {
    if (positionals.length > 1) refuseWords(word, positionals);
    if (values.sweep !== undefined && word !== "sandboxes")
      throw usage("--sweep belongs to sandboxes.", "See: ml-intern --help");
    return { kind: word, ...place, model: values.model ?? null, sweep: values.sweep ?? false };
  }
  if (values.sweep !== undefined) throw usage("--sweep belongs to sandboxes.", "See: ml-intern --help");
  if (plain && word !== undefined && positionals.length === 1) refuseNearMiss(word);
  if (values.json) throw usage("--json belongs to the small commands.", "Use --output-format json for a run.");
  const resume = bareResume || values.resume !== undefined;
  if (values.continue && resume) throw usage("--continue and --resume exclude each other.", "Give one of them.");
  return {
    kind: "run",
    ...place,
    prompt: positionals.length === 0 ? null : positionals.join(" "),
    model: values.model ?? null,
    maxIterations: values["max-iterations"] === undefined ? null : iterations(values["max-iterations"]),
    stream: !values["no-stream"],
    plain: values.plain ?? false,
    mouse: !values["no-mouse"],
    approval: choice("approval", values.approval, ["ask", "auto", "deny"]),
    isolation: choice("isolation", values.isolation, ["auto", "off"]),
    sandboxTools: values["sandbox-tools"] === true,
    budget: values.budget === undefined ? null : dollars(values.budget),
    publishTo: (values["publish-to"] ?? []).map(target),
    format: choice("output-format", values["output-format"], ["text", "json", "stream-json"]) ?? "text",
    session: resume ? { kind: "resume", id: values.resume ?? null } : { kind: values.continue ? "continue" : "new" },
  };
}

/** `parseArgs` takes a value that begins with a dash only when it is joined to its option. */
function joinNegative(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    if (/^-\d+$/.test(word) && argv[index - 1] === "--max-iterations") return [];
    const next = argv[index + 1] ?? "";
    return word === "--max-iterations" && /^-\d+$/.test(next) ? [`${word}=${next}`] : [word];
  });
}

/** `--resume` may stand without an id; `parseArgs` knows no optional values. */
function takeBareResume(argv: readonly string[]): { args: string[]; bareResume: boolean } {
  const end = argv.indexOf("--");
  const at = argv.findIndex(
    (word, index) => (end < 0 || index < end) && (word === "-r" || word === "--resume") && !isValue(argv[index + 1]),
  );
  return { args: argv.filter((_, index) => index !== at), bareResume: at >= 0 };
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith("-");
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '([^']+)'/.exec(text)?.[1];
    if (unknown !== undefined) {
      const guess = unknown.startsWith("--") ? nearest(unknown, names) : null;
      const hint = guess === null ? "See: ml-intern --help" : `Did you mean ${guess}? See: ml-intern --help`;
      throw usage(`There is no option ${unknown}.`, hint);
    }
    const missing = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(text)?.[1];
    if (missing !== undefined) throw usage(`The option ${missing} needs a value.`, "See: ml-intern --help");
    throw usage(text.replace(/\.?$/, "."), "See: ml-intern --help");
  }
}

/** Words after a small command: it knows none, and they are no prompt either. */
function refuseWords(word: string, words: readonly string[]): never {
  throw usage(
    `The command ${word} takes no words: "${words.slice(1).join(" ")}".`,
    `Usage: ml-intern ${word} [--json]. To send the words as a prompt: ml-intern -- ${words.join(" ")}`,
  );
}

/** A mistyped small command must not be sent to a model as a prompt. */
function refuseNearMiss(word: string): void {
  if (/\s/.test(word)) return;
  const guess = nearest(word, smallCommands);
  if (guess === null) return;
  throw usage(
    `There is no command "${word}".`,
    `Did you mean: ml-intern ${guess}? To send the word as a prompt: ml-intern -- ${word}`,
  );
}

function iterations(text: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= -1) return value;
  throw usage(
    `--max-iterations takes a whole number, or -1 for no limit, not "${text}".`,
    "For example: --max-iterations 50",
  );
}

function dollars(text: string): number | "none" {
  if (text === "none") return text;
  const value = /^\$?\d+(\.\d+)?$/.test(text) ? Number(text.replace("$", "")) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw usage(`--budget takes US dollars, or none, not "${text}".`, "For example: --budget 2.50");
}

/** A repository, or a pattern of those of one owner: whoever may publish anywhere has not said where. */
function target(text: string): string {
  const plain = text.trim().replace(/^(?:models|datasets|spaces)\//, "");
  if (/^[\w.-]+\/[\w.*-]+$/.test(plain)) return plain;
  throw usage(
    `--publish-to takes a repository or a pattern of one owner's, not "${text}".`,
    "For example: --publish-to me/my-model, or --publish-to 'me/*'",
  );
}

function choice<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T | null {
  if (value === undefined) return null;
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const guess = nearest(value, allowed);
  const hint = guess === null ? "See: ml-intern --help" : `Did you mean ${guess}?`;
  throw usage(`--${name} is one of ${allowed.join(", ")}, not "${value}".`, hint);
}

function isSmall(word: string): word is Exclude<SmallCommand, "sessions" | "mcp"> {
  return (smallCommands as readonly string[]).includes(word);
}

function usage(message: string, hint: string): FrontError {
  return new FrontError("USAGE", message, hint);
}
