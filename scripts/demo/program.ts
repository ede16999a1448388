// Running the real program on a stage.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import settings from "../../configs/demo.json" with { type: "json" };
import type { Stage } from "./stage.ts";

const entry = fileURLToPath(new URL("../dist/ml-intern.js", import.meta.url));

/** A program that runs, and how it will end. */
export interface Running {
  child: ChildProcess;
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
}

/** Starts the program with some arguments; its output goes where ours goes. It is ended after the demo's limit. */
export function start({ workspace, home }: Stage, ...args: string[]): Running {
  // Its commands are known, so they need nobody's leave where nothing can keep them inside the workspace.
  const command = [entry, ...args, "--model", "offline/tabular", "--approval", "auto", "--cwd", workspace];
  const env = { ...process.env, ML_INTERN_HOME: home };
  const child = spawn(process.execPath, command, { env, stdio: ["ignore", "inherit", "inherit"] });
  const limit = setTimeout(() => child.kill("SIGTERM"), settings.limitSeconds * 1000);
  const ended = once(child, "exit").then(([code, signal]: (number | string)[]) => code ?? signal ?? "unknown");
  return { child, ended: ended.finally(() => clearTimeout(limit)) };
}

/** Runs the program to its end. Throws when it did not end well. */
export async function run(stage: Stage, ...args: string[]): Promise<void> {
  const end = await start(stage, ...args).ended;
  if (end !== 0) throw new Error(`The program ended with ${end}.`);
}
