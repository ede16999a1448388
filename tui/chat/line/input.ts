// Where lines come from and what is printed goes: a terminal that is typed at, or a pipe.
import type { Lines } from "../../headless/printer.ts";

/** What the next line is for. `busy`: the agent works; a line may come all the same. */
export type Expecting = "message" | "answer" | "busy";

/** What an input tells. */
export interface InputHandlers {
  /** A whole line, without its end. `continues`: what comes next belongs to it. */
  line(text: string, continues: boolean): void;
  /** The user wants to interrupt; `typed`: a line was begun and has been dropped. */
  interrupt(typed: boolean): void;
  /** Nothing more will come. */
  end(): void;
}

/** The one hand on the standard streams. */
export interface LineInput {
  /** Somebody types: questions can be edited, lines are taken while the agent works. */
  readonly typed: boolean;
  /** Prints. Null when more may follow at once, else a promise for when it may. */
  write(lines: Lines): Promise<void> | null;
  expect(what: Expecting): void;
  /** No more lines for now, or again. */
  hold(held: boolean): void;
  /** Empties the screen, where there is one. */
  clear(): void;
  /** Asks for a line that nobody sees; null: none was given. Null as a whole: nobody is there who could type it. */
  readonly askSecret: ((label: string) => Promise<string | null>) | null;
  /** Lets another program have the terminal. */
  lend<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}
