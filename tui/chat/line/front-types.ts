// What the line front is, and what it needs.
import type { Style } from "../../text/style.ts";
import type { Happening } from "../types.ts";
import type { LineInput } from "./input.ts";

/** What is between the lines and the conversation. */
export interface Front {
  happened(happening: Happening): Promise<void> | null;
  line(text: string, continues: boolean): void;
  /** The conversation is there. `message`: what it begins with. */
  ready(message: string | null): void;
  /** No more lines will come. */
  ended(): void;
  /** Drops a message whose last line has not come. True when there was one. */
  drop(): boolean;
  /** The exit code that the newest turn would have ended a run with. */
  readonly exitCode: number;
}

/** What the front needs. */
export interface FrontParts {
  input: LineInput;
  style: Style;
  env: Readonly<Record<string, string | undefined>>;
  /** Rows of the terminal, for what is shown of a question. */
  rows(): number;
  /** The user wants to leave, or nothing more will come. */
  leave(): void;
  /** The agent is gone. */
  failed(): void;
}
