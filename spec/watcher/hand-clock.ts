// A clock for specs: a day passes in no time.
import type { Clock } from "../../actors/root/silence.ts";

/** Time that stands still until it is told to go on. */
export interface HandClock extends Clock {
  /** Lets milliseconds pass; what falls due meanwhile runs at its time. */
  pass(ms: number): void;
  /** Timers that wait. */
  timers(): number;
}

/** Makes a clock that shows 1000 ms. */
export function handClock(): HandClock {
  let now = 1000;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [first] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (first === undefined) break;
        now = first.at;
        timers.delete(first);
        first.run();
      }
      now = end;
    },
    timers: () => timers.size,
  };
}
