// The terminal, to those who use it.
import type { Caps } from "./caps.ts";
import type { After, InputEvent } from "./events.ts";
import type { ByteSource } from "./input.ts";
import type { Restored } from "./restore.ts";
import type { TerminalStream } from "./writer.ts";

/** What is typed into; `process.stdin` at a terminal is one. */
export interface TerminalInput extends ByteSource {
  readonly isTTY?: boolean;
  setRawMode(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** What is drawn on; `process.stdout` at a terminal is one. */
export interface TerminalOutput extends TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on(event: "error" | "resize", listener: (error: Error) => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

/** A terminal to take. */
export interface TerminalSetup {
  input: TerminalInput;
  output: TerminalOutput;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether clicks and the wheel are reported. */
  mouse: boolean;
  after: After;
  /** What was typed, pasted, clicked. Replies do not get here. */
  onEvent(event: Exclude<InputEvent, { type: "reply" }>): void;
  /** More is known of the terminal than before. */
  onCaps(caps: Caps): void;
  /** A frame was not made because the terminal was behind; now it can be made. */
  onReady(): void;
  /** The terminal has been away: all of the screen has to be drawn again. */
  onResumed(): void;
  /** The terminal is gone. */
  onGone(): void;
}

/** A terminal that was taken. */
export interface Terminal {
  readonly caps: Caps;
  readonly mouse: boolean;
  /** Whether the terminal is ours: neither released nor left. */
  readonly held: boolean;
  /** Frames that were not made because the terminal was behind. */
  readonly skipped: number;
  /** Resolves when the terminal has answered, or 150 ms after it was asked. To be waited for before a quick end. */
  readonly answered: Promise<Caps>;
  /** Resolves when no answer will come any more, or two seconds after it was asked. */
  readonly settled: Promise<void>;
  /** Makes a frame and writes it in one write. False: not now; where the terminal is behind, `onReady` follows. */
  frame(make: () => string): boolean;
  /** Writes something beside frames, such as a bell. False: dropped. */
  send(text: string): boolean;
  setMouse(on: boolean): void;
  /** Gives the terminal to another program, as it was found. */
  release(): Promise<void>;
  /** Takes it back. `onResumed` follows. */
  reclaim(): void;
  /** Releases it, stops the process group, and takes it back when that goes on. */
  suspend(): Promise<void>;
  /**
   * Leaves the terminal for good, at once, also when it is stalled: for every way out of the program, any number of times.
   * Unless the answer is "written", nothing more may be written, and the process has to be ended by `process.exit`.
   */
  leave(): Restored;
}
