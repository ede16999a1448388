// Between the bus and the model: whatever the session says, the model gets few batches, each of a bounded size.

import type { SessionEvent } from "../../../actors/events.ts";
import type { Clock } from "../../../actors/root/silence.ts";
import type { Agent } from "../../../actors/root/types.ts";
import { codeOf } from "../../../runtime/errors.ts";
import { createWaiting } from "./coalesce.ts";
import type { Input } from "./inputs.ts";

/** Milliseconds between two batches: no more than about sixty a second. */
export const batchMs = 16;
/** Inputs in one batch; when so many wait, they are handed on at once. */
export const batchSize = 200;

/** Takes inputs as they come. */
export interface Intake {
  /** The first after a pause is handed on at once, later ones together. */
  push(input: Input): void;
  /** Hands on what waits. */
  flush(): void;
  /** Lets go of what waits; nothing is taken any more. */
  close(): void;
}

/** Makes an intake in front of `deliver`. */
export function createIntake(deliver: (batch: readonly Input[]) => void, clock: Clock): Intake {
  const waiting = createWaiting();
  let deliveredAt = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | null = null;
  let closed = false;

  function flush(): void {
    callOff?.();
    callOff = null;
    if (waiting.size === 0 || closed) return;
    deliveredAt = clock.now();
    deliver(waiting.take());
  }

  return {
    push(input) {
      if (closed) return;
      waiting.add(input);
      // Looked at here as well: while history is read, the loop may be too busy for timers.
      const left = batchMs - (clock.now() - deliveredAt);
      if (left <= 0 || waiting.size >= batchSize) flush();
      else callOff ??= clock.after(left, flush);
    },
    flush,
    close() {
      closed = true;
      callOff?.();
      callOff = null;
      waiting.take();
    },
  };
}

/** A stream of events that is followed. */
export interface Following {
  /** Begins anew at a seq, after a gap. */
  again(from: number): void;
  close(): void;
  /** Settles when the stream has ended; rejects when it cannot be read. */
  readonly done: Promise<void>;
}

/**
 * Follows the events of a session from a seq on. A reader that was too slow goes on where it was: no durable event is
 * lost, and the model is told that others were.
 */
export function follow(agent: Pick<Agent, "bus" | "sessionId">, from: number, intake: Intake): Following {
  let next = from;
  let closed = false;
  let subscription = agent.bus.subscribe({ from: next });

  async function read(): Promise<void> {
    for (;;) {
      const own = subscription;
      let dropped = 0;
      try {
        for await (const { type, seq, ts, data, durable } of own) {
          if (own !== subscription || closed) break;
          if (own.dropped > dropped) intake.push({ kind: "missed" });
          dropped = own.dropped;
          if (durable) next = seq + 1;
          intake.push({ kind: "event", event: { type, seq, ts, session_id: agent.sessionId, data } as SessionEvent });
        }
        if (own === subscription || closed) return;
      } catch (error) {
        if (closed) return;
        if (codeOf(error) !== "LAGGED") throw error;
        intake.push({ kind: "missed" });
        if (own === subscription) subscription = agent.bus.subscribe({ from: next });
      }
    }
  }

  return {
    again(wanted) {
      if (closed || wanted >= next) return;
      next = wanted;
      const old = subscription;
      subscription = agent.bus.subscribe({ from: next });
      old.close();
    },
    close() {
      closed = true;
      subscription.close();
    },
    done: read(),
  };
}
