// What led to a failure, so that a person can follow it.
import type { Driven } from "../../../support/driver.ts";

/** Steps and events that a failure shows. */
const shownSteps = 14;
const shownEvents = 25;
const shownChars = 260;

/** A history in which something did not hold. `kind` is the sentence without its numbers. */
export class BrokenHistory extends Error {
  override readonly name = "BrokenHistory";

  constructor(
    readonly kind: string,
    readonly seed: number,
    message: string,
  ) {
    super(message);
  }
}

export function createTrace(seed: number, session: Driven) {
  const steps: string[] = [];
  return {
    /** Notes what is about to happen. */
    step(text: string): void {
      steps.push(text);
    },
    /** Adds to what is about to happen. */
    more(text: string): void {
      steps.push(`${steps.pop()}, ${text}`);
    },
    /** What to throw when something does not hold. */
    failure(sentence: string): BrokenHistory {
      const { state, journal } = session;
      const events = journal.slice(-shownEvents).map((event) => JSON.stringify(event).slice(0, shownChars));
      const lines = [
        `does not hold: ${sentence}`,
        `EXPLORE_SEED=${seed} lives through this history alone; it broke at step ${steps.length}.`,
        "--- the newest steps ---",
        ...steps.slice(-shownSteps),
        "--- the newest events ---",
        ...events,
        "--- the state ---",
        `turn ${JSON.stringify(state.turn)}`,
        `wanted ${JSON.stringify(state.wanted)}, must compact ${state.mustCompact}, halted ${state.halted}`,
        `money ${JSON.stringify({ ...state.money, open: [...state.money.open] })}`,
        `waits for ${session.waiting().map((ask) => ask.name)}`,
      ];
      return new BrokenHistory(sentence.replace(/\d+/g, "#"), seed, lines.join("\n"));
    },
  };
}
