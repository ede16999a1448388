// Polite intervals: some services ask for a least time between requests, whoever makes them. Who would have to wait
// longer than they may is told so at once, and so is everybody when such a service says that it wants no requests.
import { HttpError } from "./errors.ts";
import { inWords } from "./wait.ts";

/** How long one may wait for one's turn, and who hears of it. */
export interface Patience {
  mostMs: number;
  onWait?: ((words: string) => void) | undefined;
}

export interface Pace {
  /**
   * Waits for one's turn at an origin; at once where no interval is known. Rejects with the signal's reason, and with
   * `HTTP_RATE_LIMITED` as soon as the turn would come later than one may wait.
   */
  turn(origin: string, signal: AbortSignal, patience: Patience): Promise<void>;
  /** The service has said that it wants no request for so long, in milliseconds. Without an interval: no effect. */
  close(origin: string, forMs: number): void;
}

interface Waiting {
  /** The latest time for the turn, milliseconds since 1970. */
  until: number;
  go(): void;
  refuse(waitMs: number): void;
}

interface Lane {
  interval: number;
  /** When the next turn is, milliseconds since 1970. */
  next: number;
  waiting: Waiting[];
  timer: NodeJS.Timeout | undefined;
}

/** A wait that is worth telling of, in milliseconds. */
const toldMs = 2_000;

/** Makes the pace for the intervals, in milliseconds by origin. */
export function createPace(intervals: Readonly<Record<string, number>>): Pace {
  const lanes = new Map<string, Lane>();
  for (const [origin, interval] of Object.entries(intervals)) {
    if (interval > 0) lanes.set(origin, { interval, next: 0, waiting: [], timer: undefined });
  }
  return {
    async turn(origin, signal, { mostMs, onWait }) {
      const lane = lanes.get(origin);
      if (lane === undefined) return;
      const now = Date.now();
      const waitMs = waitIn(lane, lane.waiting.length, now);
      if (waitMs > mostMs) throw busy(origin, waitMs);
      if (waitMs === 0) {
        lane.next = now + lane.interval;
        return;
      }
      if (waitMs >= toldMs) onWait?.(`waiting ${inWords(waitMs)} for a turn at ${new URL(origin).host}`);
      await queued(lane, origin, now + mostMs, signal);
    },
    close(origin, forMs) {
      const lane = lanes.get(origin);
      if (lane === undefined) return;
      const now = Date.now();
      lane.next = Math.max(lane.next, now + forMs);
      // Those ahead who give up make room for those behind them.
      for (const one of [...lane.waiting]) {
        const waitMs = waitIn(lane, lane.waiting.indexOf(one), now);
        if (now + waitMs > one.until) one.refuse(waitMs);
      }
      schedule(lane);
    },
  };
}

/** Milliseconds until the turn of one who has so many before them. */
function waitIn(lane: Lane, ahead: number, now: number): number {
  return Math.max(0, lane.next - now) + ahead * lane.interval;
}

function queued(lane: Lane, origin: string, until: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      signal.removeEventListener("abort", stop);
      lane.waiting.splice(lane.waiting.indexOf(one), 1);
      schedule(lane);
    };
    const stop = (): void => {
      leave();
      reject(signal.reason);
    };
    const one: Waiting = {
      until,
      go() {
        leave();
        resolve();
      },
      refuse(waitMs) {
        leave();
        reject(busy(origin, waitMs));
      },
    };
    lane.waiting.push(one);
    signal.addEventListener("abort", stop, { once: true });
    schedule(lane);
    if (signal.aborted) stop();
  });
}

/** Sets the alarm for the next turn, or none when nobody waits. */
function schedule(lane: Lane): void {
  clearTimeout(lane.timer);
  lane.timer = undefined;
  if (lane.waiting.length === 0) return;
  lane.timer = setTimeout(
    () => {
      lane.next = Date.now() + lane.interval;
      lane.waiting[0]?.go();
    },
    Math.max(0, lane.next - Date.now()),
  );
}

function busy(origin: string, waitMs: number): HttpError {
  const { host } = new URL(origin);
  const message = `${host} limits requests: the next turn is in ${inWords(waitMs)}.`;
  const hint = `Go on with something else and come back in ${inWords(waitMs)}.`;
  return new HttpError("HTTP_RATE_LIMITED", message, { hint, retryAfterMs: waitMs });
}
