// How fast a recording is played.

/** The longest wait between two events at any speed, in milliseconds: nobody watches an hour of training. */
export const longestWaitMs = 2_000;

/** The speeds that faster and slower go through. */
const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128] as const;
/** The highest that can be asked for. */
export const fastest = 1_000;

/** Milliseconds to wait for an event that came so many milliseconds after the one before it. */
export function waitFor(gapMs: number, speed: number): number {
  return Math.min(longestWaitMs, Math.max(0, gapMs) / speed);
}

/** The next speed up or down. */
export function nextSpeed(speed: number, by: 1 | -1): number {
  const next = by > 0 ? speeds.find((one) => one > speed) : speeds.findLast((one) => one < speed);
  return next ?? speed;
}

/** The speed that a word names; null: it is none. */
export function speedOf(word: string): number | null {
  const speed = /^\d+(?:\.\d+)?x?$/i.test(word) ? Number.parseFloat(word) : Number.NaN;
  return speed > 0 && speed <= fastest ? speed : null;
}
