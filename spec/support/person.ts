// A person at a conversation in lines, who answers each question as soon as it is put and leaves after the last word.
import { spawn } from "node:child_process";
import type { House, Run } from "./program.ts";

/** What a person does in one life of the program. */
export interface Sitting {
  house: House;
  /** The bundle to run, its arguments beside `--plain`, and what its environment has besides. */
  entry: string;
  args: string[];
  env: Record<string, string>;
  /** The line that answers a question, by the text since the last one. */
  answer(question: string): string;
  /** The person leaves when this was said, or at once when it is null. */
  lastWords: string | null;
  /** A sitting is given up after this time, in milliseconds, and the program killed. Default 30,000. */
  limitMs?: number;
  /** The program is killed when this fires. */
  killed?: AbortSignal;
}

/** With these words every question ends. */
const prompt = "[y] once";

/** Sits down at the program until it ends. */
export function converse({
  house,
  entry,
  args,
  env,
  answer,
  lastWords,
  limitMs = 30_000,
  killed,
}: Sitting): Promise<Run> {
  const child = spawn(process.execPath, [entry, "--plain", ...args], {
    cwd: house.workspace,
    env: { PATH: process.env.PATH ?? "", HOME: house.home, ML_INTERN_HOME: `${house.home}/ml`, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let heard = "";
  let from = 0;
  const listen = (text: string) => {
    heard += text;
    for (let at = heard.indexOf(prompt, from); at >= 0; at = heard.indexOf(prompt, from)) {
      child.stdin.write(`${answer(heard.slice(from, at))}\n`);
      from = at + prompt.length;
    }
    if (lastWords !== null && stdout.includes(lastWords)) child.stdin.end();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    listen(chunk.toString());
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    listen(chunk.toString());
  });
  // A program that is gone does not read any more.
  child.stdin.on("error", () => undefined);
  if (lastWords === null) child.stdin.end();
  const kill = () => child.kill("SIGKILL");
  const timer = setTimeout(kill, limitMs);
  killed?.addEventListener("abort", kill, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
