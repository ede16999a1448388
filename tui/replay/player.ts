// Plays a recording: each event when its time has come. Knows no screen; whoever watches is handed the events.
import type { SessionEvent } from "../../actors/events.ts";
import { nextSpeed, waitFor } from "./pace.ts";

/** What a player works with. */
export interface PlayerOptions {
  events: Iterator<SessionEvent>;
  /** Times the speed at which it happened. */
  speed: number;
  /** Runs something after so many milliseconds, unless the function that comes back is called before. */
  after(ms: number, run: () => void): () => void;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Takes events whose time has come, at least one. */
  show(events: readonly SessionEvent[]): void;
  /** It plays, waits, goes faster or slower, or is over. */
  changed(): void;
}

/** A player. */
export interface Player {
  readonly speed: number;
  readonly paused: boolean;
  /** Everything has been played. */
  readonly done: boolean;
  /** The time in the recording, milliseconds since 1970; 0 before the first event. */
  readonly time: number;
  /** Goes on, or waits. */
  toggle(): void;
  faster(): void;
  slower(): void;
  /** Waits, and shows the next event. False: there is none. */
  step(): boolean;
  close(): void;
}

/** Events that are handed on at once at most, so that keys are heard between them. */
const batch = 200;

/** Makes a player, and begins to play. */
export function createPlayer(options: PlayerOptions): Player {
  const { events, after, now, show, changed } = options;
  let { speed } = options;
  let paused = false;
  let next = taken();
  let time = 0;
  /** The wait for the next event: since when, how long it takes at this speed, and the share of it that was over before. */
  let wait = { from: now(), ms: 0, before: 0 };
  let callOff: (() => void) | null = null;

  function taken(): SessionEvent | null {
    const step = events.next();
    return step.done ? null : step.value;
  }

  /** The share of the present wait that is over, from 0 to 1. */
  function waited(): number {
    if (paused || wait.ms <= 0) return wait.before;
    return Math.min(1, wait.before + (now() - wait.from) / wait.ms);
  }

  function gap(): number {
    return next === null || time === 0 ? 0 : Math.max(0, next.ts - time);
  }

  /** Waits for the next event, of which a share is over already. */
  function schedule(share: number): void {
    callOff?.();
    callOff = null;
    wait = { from: now(), ms: waitFor(gap(), speed), before: share };
    if (paused || next === null) return;
    callOff = after(wait.ms * (1 - share), play);
  }

  function play(): void {
    const due: SessionEvent[] = [];
    while (next !== null && due.length < batch && (due.length === 0 || waitFor(gap(), speed) < 1)) {
      due.push(next);
      time = next.ts;
      next = taken();
    }
    callOff = null;
    if (due.length > 0) show(due);
    schedule(0);
    if (next === null) changed();
  }

  function change(work: () => void): void {
    const share = waited();
    work();
    schedule(share);
    changed();
  }

  schedule(0);
  return {
    get speed() {
      return speed;
    },
    get paused() {
      return paused;
    },
    get done() {
      return next === null;
    },
    get time() {
      return time + gap() * waited();
    },
    toggle: () =>
      change(() => {
        paused = !paused;
      }),
    faster: () =>
      change(() => {
        speed = nextSpeed(speed, 1);
      }),
    slower: () =>
      change(() => {
        speed = nextSpeed(speed, -1);
      }),
    step() {
      const event = next;
      paused = true;
      if (event !== null) {
        time = event.ts;
        next = taken();
        show([event]);
      }
      schedule(0);
      changed();
      return event !== null;
    },
    close() {
      callOff?.();
      callOff = null;
      events.return?.();
    },
  };
}
