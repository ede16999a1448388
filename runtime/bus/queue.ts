import type { BusEvent } from "./types.ts";

/** Events that wait for a reader, first in, first out. */
export interface Queue {
  readonly size: number;
  push(event: BusEvent): void;
  shift(): BusEvent | undefined;
  /** Throws the ephemeral events away and returns how many there were. */
  dropEphemeral(): number;
  /** Throws everything away and returns how many of it were ephemeral. */
  clear(): number;
}

/** Taken slots are let go of in bulk, so that a shift costs the same however much waits. */
const compactAt = 256;

/** Makes an empty queue. */
export function createQueue(): Queue {
  let events: (BusEvent | undefined)[] = [];
  let head = 0;
  let ephemeral = 0;

  function clear(): number {
    const dropped = ephemeral;
    events = [];
    head = 0;
    ephemeral = 0;
    return dropped;
  }

  return {
    get size() {
      return events.length - head;
    },
    push(event) {
      events.push(event);
      if (!event.durable) ephemeral += 1;
    },
    shift() {
      const event = events[head];
      if (event === undefined) return undefined;
      events[head] = undefined;
      head += 1;
      if (!event.durable) ephemeral -= 1;
      if (head === events.length || head >= compactAt) {
        events = events.slice(head);
        head = 0;
      }
      return event;
    },
    dropEphemeral() {
      const dropped = ephemeral;
      if (dropped > 0) events = events.slice(head).filter((event) => event?.durable === true);
      if (dropped > 0) head = 0;
      ephemeral = 0;
      return dropped;
    },
    clear,
  };
}
