// What the command does, once its arguments are read. Every failure ends as one line for people and an exit code.
import { FrontError } from "../errors.ts";
import { neutralise, safeJson } from "../text/neutralise.ts";
import { styleFor } from "../text/style.ts";
import { type Command, parseCommand, type RunCommand, type SmallCommand } from "./arguments.ts";
import { answer, deliver } from "./deliver.ts";
import { runOnce } from "./run.ts";

/** Runs the command line and ends the process with its exit code, when everything written has been delivered. */
export async function main(argv: readonly string[]): Promise<void> {
  const code = await dispatch(argv).catch(report);
  // What is left of a failed part must not keep the program alive.
  process.exit(code);
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const command = parseCommand(argv);
  switch (command.kind) {
    case "version": {
      const { version } = await import("./version.ts");
      return answer(`${version()}\n`);
    }
    case "help": {
      const { helpText } = await import("./help.ts");
      return answer(helpText);
    }
    case "reset_terminal": {
      const { resetText } = await import("../screen/term/modes.ts");
      return answer(resetText);
    }
    case "run":
      return runCommand(command);
    case "mcp": {
      if (command.words.length > 0) return runSmall(command);
      const { serve } = await import("../mcp/serve.ts");
      const { workFolder } = await import("./folder.ts");
      return serve({ cwd: workFolder(command.cwd), env: process.env, file: command.config });
    }
    default:
      return runSmall(command);
  }
}

/** Programs that asked for JSON get a failure as JSON too. */
async function runSmall(command: Extract<Command, { kind: SmallCommand }>): Promise<number> {
  const { smallCommand } = await import("./small.ts");
  try {
    return await smallCommand(command, answer);
  } catch (error) {
    if (command.json) await answer(`${safeJson(failureData(error), 2)}\n`);
    throw error;
  }
}

/** A failure before a session exists has no result line of its own: structured formats get the error as an object. */
async function runCommand(command: RunCommand): Promise<number> {
  try {
    return await runOnce(command);
  } catch (error) {
    if (command.format !== "text") {
      const data = failureData(error);
      await answer(`${safeJson(command.format === "json" ? data : { type: "result", ts: Date.now(), data })}\n`);
    }
    throw error;
  }
}

function failureData(error: unknown) {
  const { code, message, hint, exitCode } = asFrontError(error);
  const failure = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { status: "error", reason: code, exit_code: exitCode, error: failure };
}

function asFrontError(error: unknown): FrontError {
  if (error instanceof FrontError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNEXPECTED";
  const message = error instanceof Error ? error.message : String(error);
  return new FrontError(code, message, undefined, 1);
}

async function report(error: unknown): Promise<number> {
  const { code, message, hint, exitCode } = asFrontError(error);
  const style = styleFor(process.stderr, process.env);
  const lines = [style.red(`ml-intern: ${neutralise(message)} [${code}]`), ...(hint ? [`  ${neutralise(hint)}`] : [])];
  if (code === "UNEXPECTED" && error instanceof Error && process.env.ML_INTERN_DEBUG) lines.push(error.stack ?? "");
  await deliver(process.stderr, `${lines.join("\n")}\n`);
  return exitCode;
}
