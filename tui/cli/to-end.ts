// A prompt that is run to its end, with nobody there to talk to.
import { FrontError } from "../errors.ts";
import { jsonPrinter, streamJsonPrinter } from "../headless/json.ts";
import { createOutput } from "../headless/output.ts";
import type { Printer } from "../headless/printer.ts";
import { runHeadless } from "../headless/run.ts";
import { listenForSignals } from "../headless/signals.ts";
import { textPrinter } from "../headless/text.ts";
import { styleFor } from "../text/style.ts";
import type { OutputFormat, RunCommand } from "./arguments.ts";
import { workFolder } from "./folder.ts";
import { prepare, startAgent } from "./prepare.ts";
import { isPiped, joinPrompt, readAll } from "./prompt.ts";
import { chooseSession } from "./subject.ts";

/** Runs it and returns the exit code. `startedAt`: by the monotonic clock, in milliseconds. */
export async function runToEnd(command: RunCommand, stateDir: string, startedAt: number): Promise<number> {
  const subject = chooseSession(command, stateDir, workFolder(command.cwd));
  const printer = printerFor(command.format);
  const output = createOutput(process.stdout, process.stderr);
  const notify = (text: string) => output.write(printer.notice(text));
  const prompt = await readPrompt(command, notify);
  const { options, notices } = await prepare(command, subject, stateDir, "headless");
  for (const text of notices) notify(text);

  const signals = listenForSignals();
  const agent = await startAgent(options);
  const newestEnd = subject.before?.state ?? "empty";
  return runHeadless({ agent, options, prompt, newestEnd, printer, output, signals, startedAt });
}

function printerFor(format: OutputFormat): Printer {
  if (format === "json") return jsonPrinter();
  if (format === "stream-json") return streamJsonPrinter();
  return textPrinter(styleFor(process.stderr, process.env));
}

async function readPrompt(command: RunCommand, say: (text: string) => unknown): Promise<string | null> {
  const dash = command.prompt === "-";
  const wanted = dash || isPiped();
  const onWait = () =>
    say("Waiting for standard input to end; start with </dev/null when nothing is to be read from it.");
  const piped = wanted ? await readAll(process.stdin, onWait) : null;
  const prompt = joinPrompt(command.prompt, piped);
  if (prompt !== null || (command.session.kind !== "new" && !dash)) return prompt;
  if (dash || command.prompt !== null || piped !== null) {
    throw new FrontError("PROMPT_EMPTY", "The prompt is empty.", 'Give one: ml-intern "PROMPT"');
  }
  throw new FrontError(
    "PROMPT_MISSING",
    "There is no prompt, and no terminal to talk in.",
    'Give one: ml-intern "PROMPT", or pipe it in. A line for each message: --plain. Go on with the last session: ml-intern --continue. See: ml-intern --help',
  );
}
