// The built program at a terminal of its own, with an emulator in place of the eyes.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type House, until } from "../../support/program.ts";
import { createEmulator } from "../cells/emulator.ts";

/** The built program. */
export const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

/** Whether a terminal of one's own can be had here. */
export const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** A person at the program. */
export interface Seat {
  /** Types keys, as a terminal sends them. */
  type(keys: string): void;
  /** Waits until the screen shows a text. */
  shows(text: string): Promise<unknown>;
  /** Waits until the screen no longer shows a text. */
  clears(text: string): Promise<unknown>;
  /** The screen, row by row, without blanks at the end of rows. */
  rows(): string[];
  caret(): { x: number; y: number };
  /** All that was written to the terminal. */
  written(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  leave(): void;
}

/** Sits down at the program with a screen of a size. */
export function sit(house: House, env: Record<string, string>, args: string[], width = 100, height = 30): Seat {
  const emulator = createEmulator(width, height);
  const words = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(" ");
  const command = `stty cols ${width} rows ${height}; echo $$ > '${house.home}/pid'; exec ${words}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: house.workspace,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: house.home,
      ML_INTERN_HOME: join(house.home, "ml"),
      LANG: "C.UTF-8",
      TERM: "xterm-256color",
      ...env,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let written = "";
  child.stdout.on("data", (chunk: Buffer) => {
    written += chunk.toString();
    void emulator.write(chunk.toString());
  });
  emulator.onAnswer((bytes) => void child.stdin.write(bytes));
  const rows = () => Array.from({ length: height }, (_, y) => emulator.line(y));
  const sees = (text: string) => rows().some((row) => row.includes(text));
  const waitFor = (what: string, look: () => boolean) =>
    until(what, look).catch((error: Error) => {
      throw new Error(`${error.message}\n${rows().join("\n")}`);
    });
  return {
    ended: new Promise((resolve) => child.on("close", resolve)),
    type: (keys) => void child.stdin.write(keys),
    shows: (text) => waitFor(`"${text}" on the screen:`, () => sees(text)),
    clears: (text) => waitFor(`"${text}" to go from the screen:`, () => !sees(text)),
    rows,
    caret: emulator.caret,
    written: () => written,
    kill(signal) {
      const pid = Number(spawnSync("cat", [join(house.home, "pid")]).stdout.toString());
      process.kill(pid, signal);
    },
    leave() {
      child.kill("SIGKILL");
      emulator.close();
    },
  };
}
