// When a session has nothing under way, and when it holds nothing worth keeping.
import type { SessionState } from "../../actors/session/state.ts";

/** Whether nothing is under way that will end by itself or waits for a person. */
export function isAtRest({ turn, queue, halted, wanted, mustCompact }: Readonly<SessionState>): boolean {
  if (turn !== null || (queue.length > 0 && !halted)) return false;
  return wanted === null && mustCompact !== "manual";
}

/** Whether a command of the user's own runs. */
export function runsCommand({ commands }: Readonly<SessionState>): boolean {
  return [...commands.values()].some(({ ended }) => ended === null);
}

/** Whether nothing was said or spent in the session, so that nobody would miss it. */
export function isBlank({ turn, turns, queue, commands, history, name, totals }: Readonly<SessionState>): boolean {
  if (turn !== null || turns > 0 || queue.length > 0 || commands.size > 0) return false;
  return history.length === 0 && name === null && totals.calls === 0;
}
