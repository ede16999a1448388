// The same calls with the same results again and again: three times one call, or twice a round of two to five calls.
// A streak is spoken of once, and again only when a model that knows goes on for as long as it took to see the streak:
// first a note, then its tool is refused for a reply, then the turn ends. Any other call ends the streak.
import type { SettledCall } from "./calls.ts";
import { type Detector, prolonged, raised, reasonFor, type Said, told, unheard, unsaid } from "./detector.ts";
import { forbidWords, noticeWords, stopWords } from "./doom-words.ts";
import type { Advice } from "./protocol.ts";

const name = "doom_loop";
/** Times that one call is made before it counts as a loop. */
const sameCalls = 3;
/** Rounds of several calls before they count as a loop, and how many calls a round has at most. */
const sameRounds = 2;
const longestRound = 5;

type Member = Pick<SettledCall, "tool" | "key" | "signature">;

interface Streak {
  /** The calls of one round. */
  round: readonly Member[];
  /** Index in the round of the call that would go on with it. */
  next: number;
  /** Calls so far, the first round included. */
  calls: number;
  said: Said;
}

export interface DoomLoopState {
  /** The newest calls, as many as the longest loop needs to be seen. */
  recent: readonly Member[];
  /** The loop that is going on and was spoken of, or null. */
  streak: Streak | null;
}

/** Calls that it takes to see a loop with rounds of this length. */
function windowOf(length: number): number {
  return length === 1 ? sameCalls : length * sameRounds;
}

/** The shortest round that the calls end with often enough to be a loop, or null. */
function loopAtEnd(calls: readonly Member[]): readonly Member[] | null {
  for (let length = 1; length <= longestRound; length++) {
    const tail = calls.slice(-windowOf(length));
    if (tail.length < windowOf(length)) return null;
    if (tail.every((call, index) => call.signature === tail[index % length]?.signature)) return tail.slice(-length);
  }
  return null;
}

/** Whether the call is the one that goes on with the round. One that was refused got no result to compare. */
function goesOn(call: SettledCall, expected: Member): boolean {
  return call.signature === expected.signature || (call.outcome === "forbidden" && call.key === expected.key);
}

function adviceOn(streak: Streak, tool: string): Advice {
  const tools = streak.round.map((member) => member.tool);
  const { level } = streak.said;
  if (level === 1) return { kind: "notice", reason: reasonFor(name, 1), content: noticeWords(tools, streak.calls) };
  if (level === 2) {
    return { kind: "forbid", reason: reasonFor(name, 2), tool, content: forbidWords(tools, streak.calls, tool) };
  }
  // Said again while the streak goes on all the same: one may have got lost.
  return { kind: "stop", reason: name, content: stopWords(tools, streak.calls) };
}

function onCall(state: DoomLoopState, call: SettledCall): { state: DoomLoopState; advice: Advice | null } {
  const remember = (member: Member) => [...state.recent, member].slice(-windowOf(longestRound));
  const before = state.streak;
  const expected = before?.round[before.next];
  if (before !== null && expected !== undefined && goesOn(call, expected)) {
    const said = prolonged(before.said, call.reply);
    const due = said.knowing >= windowOf(before.round.length);
    const streak: Streak = {
      round: before.round,
      next: (before.next + 1) % before.round.length,
      calls: before.calls + 1,
      said: due ? raised(said, call.reply) : said,
    };
    return { state: { recent: remember(expected), streak }, advice: due ? adviceOn(streak, call.tool) : null };
  }
  const { tool, key, signature } = call;
  const recent = remember({ tool, key, signature });
  const round = loopAtEnd(recent);
  if (round === null) return { state: { recent, streak: null }, advice: null };
  const streak: Streak = { round, next: 0, calls: windowOf(round.length), said: raised(unsaid, call.reply) };
  return { state: { recent, streak }, advice: adviceOn(streak, tool) };
}

export const doomLoop: Detector<DoomLoopState> = {
  initial: { recent: [], streak: null },
  step(state, moment) {
    if (moment.kind === "turn") return { state: doomLoop.initial, advice: null };
    if (moment.kind === "call") return onCall(state, moment.call);
    if (state.streak === null) return { state, advice: null };
    const before = state.streak.said;
    const said = moment.kind === "notice" ? told(before, name, moment.reason) : unheard(before);
    return { state: { ...state, streak: { ...state.streak, said } }, advice: null };
  },
};
