// How far an upload is, in words for people: how much of how much, how fast, and how long still.

/** Milliseconds between two lines. */
const everyMs = 2_000;
/** The rate is that of the last so many milliseconds: one of the whole upload would be slow to tell of a change. */
const windowMs = 15_000;

/** Counts bytes and says now and then how far it is. `now`: milliseconds of a clock that only goes forward. */
export function createProgress(
  total: number,
  say: (line: string) => void,
  shown: (bytes: number) => string,
  now: () => number = () => performance.now(),
): { add(bytes: number): void } {
  let sent = 0;
  let saidAt = now();
  let marks: { at: number; sent: number }[] = [{ at: saidAt, sent: 0 }];
  return {
    add(bytes) {
      sent += bytes;
      const at = now();
      if (at - saidAt < everyMs && sent < total) return;
      saidAt = at;
      marks = [...marks.filter((mark) => at - mark.at <= windowMs), { at, sent }];
      const [first] = marks;
      const seconds = first === undefined ? 0 : (at - first.at) / 1000;
      const rate = first === undefined || seconds <= 0 ? 0 : Math.max(0, (sent - first.sent) / seconds);
      const speed = rate > 0 ? `, ${shown(rate)}/s` : "";
      const left = rate > 0 && sent < total ? `, ${timeOf((total - sent) / rate)} left` : "";
      say(`sent ${shown(sent)} of ${shown(total)}${speed}${left}`);
    },
  };
}

function timeOf(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
