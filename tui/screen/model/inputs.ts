// What the model is made from: events of the session, and what the front itself knows.
import type { SessionEvent } from "../../../actors/events.ts";
import type { Job as SandboxJob } from "../../../actors/sandbox/protocol.ts";
import type { CommandOutcome } from "../../chat/commands/outcome.ts";
import type { ApprovalMode, Happening } from "../../chat/types.ts";

/** What happens at the front. */
export type FrontInput =
  /** Time has passed: milliseconds since 1970. */
  | { readonly kind: "tick"; readonly now: number }
  | { readonly kind: "resized"; readonly width: number; readonly height: number }
  | { readonly kind: "focused"; readonly focused: boolean }
  /** A command of the user's is done. `line`: as it was typed; `at`: milliseconds since 1970. */
  | { readonly kind: "command"; readonly line: string; readonly outcome: CommandOutcome; readonly at: number }
  | { readonly kind: "approval_mode"; readonly mode: ApprovalMode }
  /** The commands of the session, as the sandbox lists them. */
  | { readonly kind: "jobs"; readonly jobs: readonly SandboxJob[]; readonly at: number }
  /** A command in the background has printed something, up to the byte `next` of its output. */
  | {
      readonly kind: "job_output";
      readonly id: string;
      readonly text: string;
      readonly next: number;
      readonly at: number;
    }
  /** The program has something to say that is no event, such as at its start. */
  | { readonly kind: "notice"; readonly text: string; readonly at: number }
  /** Ephemeral events were missed: the reader was too slow. */
  | { readonly kind: "missed" };

/** Everything that the model takes: session events, what the conversation tells, and what happens at the front. */
export type Input =
  | { readonly kind: "event"; readonly event: SessionEvent }
  | Exclude<Happening, { kind: "event" | "past" | "opened" }>
  | Omit<Extract<Happening, { kind: "opened" }>, "state">
  | FrontInput;

/** An event on its way into the model, without its data. */
export interface At {
  readonly seq: number;
  readonly ts: number;
  readonly durable: boolean;
}
