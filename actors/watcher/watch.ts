// All detectors together: a fold of the session's events that says, for each, what is to be said.
import type { SessionEvent } from "../events.ts";
import { type CallsState, type Moment, noCalls, observe } from "./calls.ts";
import { type DoomLoopState, doomLoop } from "./doom-loop.ts";
import { type MalformedState, malformed } from "./malformed.ts";
import { type NoProgressState, noProgress } from "./no-progress.ts";
import type { Advice, Guard } from "./protocol.ts";

export interface WatchState {
  /** The number of the running turn, or of the last one. */
  turn: number;
  calls: CallsState;
  doomLoop: DoomLoopState;
  malformed: MalformedState;
  noProgress: NoProgressState;
}

export const unwatched: WatchState = {
  turn: 0,
  calls: noCalls,
  doomLoop: doomLoop.initial,
  malformed: malformed.initial,
  noProgress: noProgress.initial,
};

function look(state: WatchState, moment: Moment): { state: WatchState; advice: Advice[] } {
  const loop = doomLoop.step(state.doomLoop, moment);
  const bad = malformed.step(state.malformed, moment);
  const stuck = noProgress.step(state.noProgress, moment);
  return {
    state: { ...state, doomLoop: loop.state, malformed: bad.state, noProgress: stuck.state },
    advice: [loop.advice, bad.advice, stuck.advice].filter((advice) => advice !== null),
  };
}

/** Takes events of the past. Nothing is said of them. */
export function replay(events: readonly SessionEvent[]): WatchState {
  const past = events.reduce((state, event) => step(state, event).state, unwatched);
  return look(past, { kind: "replayed" }).state;
}

/**
 * Takes one event. The work does not depend on how long the session is: a few microseconds, and the hash of a result.
 * When the turn is to end, that is all there is to say.
 */
export function step(before: WatchState, event: SessionEvent): { state: WatchState; guards: Guard[] } {
  const { state: calls, moments } = observe(before.calls, event);
  let state: WatchState = { ...before, calls };
  if (event.type === "processing") state.turn = event.data.turn;
  const advice: Advice[] = [];
  for (const moment of moments) {
    const looked = look(state, moment);
    state = looked.state;
    advice.push(...looked.advice);
  }
  const stop = advice.find((one) => one.kind === "stop");
  return { state, guards: (stop === undefined ? advice : [stop]).map((one) => ({ ...one, turn: state.turn })) };
}
