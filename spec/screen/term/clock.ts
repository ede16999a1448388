// Time that passes when a spec says so.
import type { After } from "../../../tui/screen/term/events.ts";

/** A clock at 0 ms. */
export function clock() {
  let now = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  const after: After = (ms, run) => {
    const timer = { at: now + ms, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    after,
    /** Lets so many milliseconds pass. */
    pass(ms: number) {
      now += ms;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at > now || !timers.delete(timer)) continue;
        timer.run();
      }
    },
    /** Timers that have not run. */
    get waiting() {
      return timers.size;
    },
  };
}
