// Where a call of a tool stands, and how it ended.
import type { DurableEvents } from "../../../actors/events.ts";

/** The two ends of a long text, by lines. */
export interface Folded {
  /** The text itself, without its middle when it is very long; null once only the ends are kept. */
  readonly whole: string | null;
  readonly head: readonly string[];
  readonly tail: readonly string[];
  /** Lines between them. */
  readonly hidden: number;
}

/** How a call ended. */
export interface CallResult {
  readonly outcome: DurableEvents["tool_output"]["outcome"];
  readonly success: boolean;
  /** Milliseconds; what the record says of calls that did not run is not theirs. */
  readonly durationMs: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** Exit code of a command; null where there is none. */
  readonly exitCode: number | null;
  readonly output: Folded;
  /** US dollars; null: nothing, or nobody knows. */
  readonly costUsd: number | null;
  readonly untrusted: string | null;
  /** What a change of a file came to, in lines; null members: not counted. */
  readonly change: { readonly path: string; readonly added: number | null; readonly removed: number | null } | null;
  /** Images that the model was shown. */
  readonly images: number;
}

/**
 * Where a call stands. `asking`: a person will be asked. `approval`: waits for that person. `waiting`: may start.
 * `refused` and `rejected`: will not run, and its end comes. `lost`: nobody will tell how it ended.
 */
export type CallStatus =
  | "asking"
  | "approval"
  | "edited"
  | "waiting"
  | "running"
  | "cancelling"
  | "refused"
  | "rejected"
  | "done"
  | "lost";
