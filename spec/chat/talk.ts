// A conversation with the built program over its standard streams: lines go in, and what comes out is waited for.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { makeHouse } from "../support/program.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
/** A conversation that says nothing for so long has failed, in milliseconds. */
const patienceMs = 15_000;

/** A conversation that goes on. */
export interface Talk {
  child: ChildProcess;
  /** Both streams in the order in which they came. */
  readonly heard: string;
  readonly stdout: string;
  /** Sends lines. */
  say(...lines: string[]): void;
  /** Waits for a text in what came since the last wait. */
  hears(text: string): Promise<void>;
  /** Sends a line and waits for what it leads to. */
  ask(line: string, text: string): Promise<void>;
  /** Ends the input, and waits for the exit code. */
  end(): Promise<number | null>;
  ended: Promise<number | null>;
}

/** A private home and workspace with a model behind `llamacpp/scripted` at a URL. */
export function houseFor(url: string) {
  return makeHouse({ LLAMACPP_BASE_URL: url });
}

/** Starts a conversation in lines. */
export function talk(home: string, workspace: string, env: Record<string, string>, args: string[] = []): Talk {
  const child = spawn(process.execPath, [entry, "--plain", "-m", "llamacpp/scripted", ...args], {
    cwd: workspace,
    env: { PATH: process.env.PATH ?? "", HOME: home, ML_INTERN_HOME: `${home}/ml`, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let heard = "";
  let stdout = "";
  let from = 0;
  let look = () => {};
  const take = (chunk: Buffer) => {
    heard += chunk.toString();
    look();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    take(chunk);
  });
  child.stderr.on("data", take);
  // Whoever has left does not read any more.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));

  function hears(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null) => {
        clearTimeout(timer);
        look = () => {};
        if (error === null) resolve();
        else reject(error);
      };
      const timer = setTimeout(() => settle(new Error(`did not hear "${text}" in:\n${heard.slice(from)}`)), patienceMs);
      look = () => {
        const at = heard.indexOf(text, from);
        if (at < 0) return;
        from = at + text.length;
        settle(null);
      };
      void ended.then((code) => settle(new Error(`left with ${code} before "${text}":\n${heard.slice(from)}`)));
      look();
    });
  }

  const say = (...lines: string[]) => void child.stdin.write(lines.map((line) => `${line}\n`).join(""));
  return {
    child,
    get heard() {
      return heard;
    },
    get stdout() {
      return stdout;
    },
    say,
    hears,
    async ask(line, text) {
      say(line);
      await hears(text);
    },
    end() {
      child.stdin.end();
      return ended;
    },
    ended,
  };
}
