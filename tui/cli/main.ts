// What the command does, once its arguments are read. Every failure ends as one line for people and an exit code.
import { FrontError } from "../errors.ts";
import { neutralise, safeJson } from "../text/neutralise.ts";
import { styleFor } from "../text/style.ts";
import { parseCommand, type RunCommand } from "./arguments.ts";

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
      return print(`${version()}\n`);
    }
    case "help": {
      const { helpText } = await import("./help.ts");
      return print(helpText);
    }
    case "run":
      return runCommand(command);
    default: {
      const { smallCommand } = await import("./small.ts");
      return smallCommand(command, print);
    }
  }
}

/** A failure before a session exists has no result line of its own: structured formats get the error as an object. */
async function runCommand(command: RunCommand): Promise<number> {
  const { runOnce } = await import("./run.ts");
  try {
    return await runOnce(command);
  } catch (error) {
    if (command.format !== "text") {
      const { code, message, hint, exitCode } = asFrontError(error);
      const failure = { code, message, ...(hint === undefined ? {} : { hint }) };
      const data = { status: "error", reason: code, exit_code: exitCode, error: failure };
      await print(`${safeJson(command.format === "json" ? data : { type: "result", ts: Date.now(), data })}\n`);
    }
    throw error;
  }
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
  await write(process.stderr, `${lines.join("\n")}\n`);
  return exitCode;
}

/** Writes to standard output and waits until it is delivered. A reader that has gone is no error. */
async function print(text: string): Promise<number> {
  await write(process.stdout, text);
  return 0;
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.write(text, () => resolve());
  });
}
