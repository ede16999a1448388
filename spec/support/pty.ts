// A program with a terminal of its own, through `script`, which every Linux has. Free of test libraries, so that specs
// and benchmarks share it.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a terminal of one's own can be had here. */
export const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** Where the program runs, and on what. */
export interface PtyOptions {
  cwd: string;
  /** Beside PATH, LANG and TERM, which are set unless they are here. */
  env: Record<string, string>;
  width: number;
  height: number;
}

/** A program and its terminal. */
export interface Pty {
  /** Bytes as a person's terminal sends them. */
  write(bytes: string): void;
  onOutput(take: (bytes: Buffer) => void): void;
  /** Reads nothing for a while, as a line does that has come to a standstill. */
  pause(): void;
  goOn(): void;
  /** Gives the terminal another size; the program is told. */
  resize(width: number, height: number): void;
  /** Of the program itself; throws before it has started. */
  pid(): number;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Ends everything at once. */
  close(): void;
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a command with a terminal of a size. */
export function openPty(command: readonly string[], { cwd, env, width, height }: PtyOptions): Pty {
  const dir = mkdtempSync(join(tmpdir(), "pty-"));
  const about = join(dir, "about");
  const line = [
    `stty cols ${width} rows ${height}`,
    `echo $$ > ${quoted(`${about}.pid`)}`,
    `tty > ${quoted(`${about}.tty`)}`,
    `exec ${command.map(quoted).join(" ")}`,
  ].join("; ");
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    cwd,
    env: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", TERM: "xterm-256color", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // A program that is gone takes no more keys.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  void ended.then(() => rmSync(dir, { recursive: true, force: true }));
  const pid = () => Number(readFileSync(`${about}.pid`, "utf8"));
  return {
    ended,
    write: (bytes) => void child.stdin.write(bytes),
    onOutput: (take) => void child.stdout.on("data", take),
    pause: () => void child.stdout.pause(),
    goOn: () => void child.stdout.resume(),
    resize(columns, rows) {
      const tty = readFileSync(`${about}.tty`, "utf8").trim();
      spawnSync("stty", ["-F", tty, "cols", `${columns}`, "rows", `${rows}`]);
    },
    pid,
    close() {
      // The program first: without its terminal it would still put its things in order, in a home that is being removed.
      try {
        process.kill(pid(), "SIGKILL");
      } catch {
        // It has not started, or has ended.
      }
      child.kill("SIGKILL");
    },
  };
}
