import type { BusEvent } from "./types.ts";

/** The newest durable events, by their seq. */
export interface Ring {
  push(event: BusEvent): void;
  /** The event of a seq, when it is still here. */
  get(seq: number): BusEvent | undefined;
}

/** Makes a ring that keeps `size` events. */
export function createRing(size: number): Ring {
  const slots: (BusEvent | undefined)[] = new Array(size);
  return {
    push(event) {
      slots[event.seq % size] = event;
    },
    get(seq) {
      const event = slots[seq % size];
      return event?.seq === seq ? event : undefined;
    },
  };
}
