// What the watcher understands: the session's durable events, in order, and how long running calls have been silent. It
// keeps what it needs to see a run go in circles, and speaks to the session through its `guard` message.
import type { DurableType, EphemeralEvents, SessionEvent } from "../events.ts";

/** What there is to say about a run that goes in circles. */
export type Advice =
  /** A note for the model, before its next call. */
  | { kind: "notice"; reason: string; content: string }
  /** The same, and calls of this tool are refused in the next reply. */
  | { kind: "forbid"; reason: string; tool: string; content: string }
  /** End the turn by this name. */
  | { kind: "stop"; reason: "doom_loop" | "malformed_calls" | "no_progress"; content: string };

/**
 * What the watcher has to say to the session. `turn` is the turn that it looked at, as its `processing` names it: a
 * guard that comes late must not touch another one. The `reason` of a notice and of a forbid is `<name>:<level>`. As a
 * `notice` event with that reason, written between two replies, it tells the watcher that the model knows, and at a
 * restart how far things had gone.
 */
export type Guard = Advice & { turn: number };

/** The events that the watcher looks at; it passes over all others, so they need not be sent. */
export const watchedEvents = ["processing", "tool_call", "tool_output", "notice"] as const satisfies DurableType[];

/** A call that runs, and of which nothing has been heard for a while. */
export interface RunningCall {
  tool_call_id: string;
  tool: string;
  title: string;
  /** Milliseconds since it started or was last heard of. */
  silent_ms: number;
  /** How long this silence was when it was last reported; 0 when it was not. */
  reported_ms: number;
}

/** A silence that the user should know of. */
export type SilentCall = EphemeralEvents["call_silent"];

export interface WatcherArgs {
  /** The actor of the session that it watches and speaks to. */
  session: string;
}

export interface WatcherProtocol {
  tells: {
    /** One that is not newer than the newest seen is passed over. */
    event: SessionEvent;
    /**
     * The events so far, after a start: the watcher forgets what it had, builds its view from them and raises nothing
     * for them; what they should have raised and no `notice` confirms is raised when the streak goes on. Those since
     * the newest `processing` are enough.
     */
    replay: SessionEvent[];
  };
  asks: {
    /** Which of these calls have been silent for too long. Nothing is remembered of a question. */
    silent: [RunningCall[], SilentCall[]];
  };
}
