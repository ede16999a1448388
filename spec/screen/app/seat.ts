// The built program at a terminal of its own, with an emulator in place of the eyes.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type House, until } from "../../support/program.ts";
import { openPty, type Pty } from "../../support/pty.ts";
import { createEmulator, type Emulator, type Widths } from "../cells/emulator.ts";

export { hasTerminals } from "../../support/pty.ts";

/** The built program. */
export const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

/** A person at the program. */
export interface Seat {
  readonly pty: Pty;
  readonly emulator: Emulator;
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
  resize(width: number, height: number): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  leave(): void;
}

/** How somebody sits. */
export interface SeatOptions {
  /** Which table of widths the terminal goes by. */
  widths?: Widths;
  /** Whether the terminal answers what it is asked. */
  answers?: boolean;
  /** What runs; the program with its arguments unless something else is named. */
  command?: readonly string[];
}

/** Sits down at the program with a screen of a size. */
export function sit(
  house: House,
  env: Record<string, string>,
  args: string[],
  width = 100,
  height = 30,
  options: SeatOptions = {},
): Seat {
  const { widths = "11", answers = true } = options;
  const emulator = createEmulator(width, height, widths);
  const pty = openPty(options.command ?? [process.execPath, entry, ...args], {
    cwd: house.workspace,
    env: { HOME: house.home, ML_INTERN_HOME: join(house.home, "ml"), ...env },
    width,
    height,
  });
  let rowCount = height;
  let written = "";
  const decoder = new TextDecoder();
  pty.onOutput((bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    written += text;
    void emulator.write(text);
  });
  if (answers) emulator.onAnswer((bytes) => pty.write(bytes));
  const rows = () => Array.from({ length: rowCount }, (_, y) => emulator.line(y).trimEnd());
  const sees = (text: string) => rows().some((row) => row.includes(text));
  const waitFor = (what: string, look: () => boolean) =>
    until(what, look).catch((error: Error) => {
      throw new Error(`${error.message}\n${rows().join("\n")}`);
    });
  return {
    pty,
    emulator,
    ended: pty.ended,
    type: (keys) => pty.write(keys),
    shows: (text) => waitFor(`"${text}" on the screen:`, () => sees(text)),
    clears: (text) => waitFor(`"${text}" to go from the screen:`, () => !sees(text)),
    rows,
    caret: emulator.caret,
    written: () => written,
    resize(columns, lines) {
      rowCount = lines;
      emulator.resize(columns, lines);
      pty.resize(columns, lines);
    },
    kill: (signal) => void process.kill(pty.pid(), signal),
    leave() {
      pty.close();
      emulator.close();
    },
  };
}
