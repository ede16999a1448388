// Polite intervals: some services ask for a least time between requests, whoever makes them.
import PQueue from "p-queue";

/** Waits for one's turn at an origin; at once where no interval is known. Rejects with the signal's reason. */
export type Pace = (origin: string, signal: AbortSignal) => Promise<void>;

/** Makes the pace for the intervals, in milliseconds by origin. */
export function createPace(intervals: Readonly<Record<string, number>>): Pace {
  const queues = new Map<string, PQueue>();
  return async (origin, signal) => {
    const interval = intervals[origin];
    if (interval === undefined || interval <= 0) return;
    let queue = queues.get(origin);
    if (queue === undefined) {
      queue = new PQueue({ concurrency: 1, interval, intervalCap: 1 });
      queues.set(origin, queue);
    }
    await queue.add(() => undefined, { signal });
  };
}
