// The messages to one destination: one after the other, and not more of them waiting than there is room for.

/** A message that waits for its turn. */
export interface Waiting {
  /** It may be given up for a newer one. */
  readonly isExpendable: boolean;
  /** Sends it. `missed` is how many were given up since the last one that was sent. Never rejects. */
  run(missed: number): Promise<boolean>;
  /** It was given up. */
  drop(): void;
}

export interface Lane {
  /** Takes a message, or returns false: all those that wait are of a kind that is not given up. */
  push(message: Waiting): boolean;
  /** Takes a message out that has not begun; false when it has. */
  remove(message: Waiting): boolean;
}

/** Creates a lane in which at most `room` messages wait. */
export function createLane(room: number): Lane {
  const waiting: Waiting[] = [];
  let missed = 0;
  let isRunning = false;

  async function work(): Promise<void> {
    isRunning = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const told = missed;
      // What could not be said is said with the next one that arrives.
      if (await next.run(told)) missed -= told;
    }
    isRunning = false;
  }

  return {
    push(message) {
      if (waiting.length >= room) {
        const oldest = waiting.findIndex((one) => one.isExpendable);
        if (oldest === -1) {
          if (!message.isExpendable) return false;
          missed += 1;
          message.drop();
          return true;
        }
        const [dropped] = waiting.splice(oldest, 1);
        missed += 1;
        dropped?.drop();
      }
      waiting.push(message);
      if (!isRunning) void work();
      return true;
    },
    remove(message) {
      const index = waiting.indexOf(message);
      if (index === -1) return false;
      waiting.splice(index, 1);
      return true;
    },
  };
}
