// One failure after the other, of whatever kind: the model is told to step back after eight, and the turn ends after
// twenty. A call that succeeds ends the streak, unless it only reads what an earlier call of the turn has read.
import type { SettledCall } from "./calls.ts";
import { type Detector, prolonged, raised, reasonFor, type Said, told, unheard, unsaid } from "./detector.ts";
import type { Advice } from "./protocol.ts";

const name = "no_progress";
const failuresToNotice = 8;
const failuresToStop = 20;
/** Calls that are remembered, to know a repeated read. */
const maxSeen = 64;

/** Ends that bring nothing. `cancelled` and `unknown` are no fault of the call's: they count neither way. */
const failures = new Set<SettledCall["outcome"]>(["failed", "invalid", "denied", "forbidden", "timeout"]);

export interface NoProgressState {
  failures: number;
  said: Said;
  /** Signatures of the newest calls of the turn. */
  seen: readonly string[];
}

function noticeWords(count: number): string {
  return (
    `None of your last ${count} calls succeeded. Stop and think before the next one: read the errors again, find the one cause that most of them share, and check it with one small call. ` +
    "If what the task needs is not there or not allowed, do not try further variants: tell the user what is missing."
  );
}

function stopWords(count: number): string {
  return `Stopped: ${count} calls in a row failed, and a note to step back did not change that. The errors of the last calls say what is in the way.`;
}

/** Whether the next step is due. A stop is said again while the streak goes on: one may have got lost. */
function isDue(state: NoProgressState): boolean {
  const { said } = state;
  if (said.level === 0) return state.failures >= failuresToNotice;
  if (said.level === 1) return state.failures >= failuresToStop && said.knowing > 0;
  return said.knowing >= failuresToNotice;
}

function onCall(before: NoProgressState, call: SettledCall): { state: NoProgressState; advice: Advice | null } {
  const repeated = before.seen.includes(call.signature);
  const state = { ...before, seen: [...before.seen, call.signature].slice(-maxSeen) };
  if (!failures.has(call.outcome)) {
    const progress = call.outcome === "done" && !(call.pure && repeated);
    return { state: progress ? { ...state, failures: 0, said: unsaid } : state, advice: null };
  }
  state.failures += 1;
  state.said = prolonged(state.said, call.reply);
  if (!isDue(state)) return { state, advice: null };
  state.said = raised(state.said, call.reply);
  const advice: Advice =
    state.said.level === 1
      ? { kind: "notice", reason: reasonFor(name, 1), content: noticeWords(state.failures) }
      : { kind: "stop", reason: name, content: stopWords(state.failures) };
  return { state, advice };
}

export const noProgress: Detector<NoProgressState> = {
  initial: { failures: 0, said: unsaid, seen: [] },
  step(state, moment) {
    if (moment.kind === "turn") return { state: noProgress.initial, advice: null };
    if (moment.kind === "call") return onCall(state, moment.call);
    const said = moment.kind === "notice" ? told(state.said, name, moment.reason) : unheard(state.said);
    return { state: { ...state, said }, advice: null };
  },
};
