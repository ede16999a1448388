// Calls that cannot be used, twice in a row for one tool: the model is shown how to write them. After four the turn
// ends. A usable call of that tool makes it good; calls of other tools in between do not.
import type { SettledCall } from "./calls.ts";
import { type Detector, named, prolonged, raised, reasonFor, type Said, told, unheard, unsaid } from "./detector.ts";
import type { Advice } from "./protocol.ts";

const name = "malformed_calls";
const callsToNotice = 2;
const callsToStop = 4;
/** Tools that are counted at the same time. Models invent names: the one that was seen longest ago makes room. */
const maxTools = 16;

interface Streak {
  tool: string;
  calls: number;
  said: Said;
}

export type MalformedState = readonly Streak[];

function noticeWords(call: SettledCall, calls: number): string {
  const start = `Your last ${calls} calls of ${named(call.tool)} could not be used, and none was run. `;
  const how = call.unparsed
    ? "The arguments must be one complete JSON object, with every quote, backslash and line break inside a string escaped. Make the call smaller: write a long file in parts, a first part and then edits that add to it, and leave out what is not needed."
    : "Read what the errors say about each argument, and compare it with the tool's schema: only the names that it has, each with a value of its type. If there is no such tool, use one of those you were given.";
  return `${start}${how} Do not send the same call again.`;
}

function stopWords(tool: string, calls: number): string {
  return `Stopped: the model wrote ${calls} calls of ${named(tool)} in a row that could not be used, and a note on how to write them did not help. Another model may do better.`;
}

/** Whether the next step is due. A stop is said again while the streak goes on: one may have got lost. */
function isDue({ calls, said }: Streak): boolean {
  if (said.level === 0) return calls >= callsToNotice;
  if (said.level === 1) return calls >= callsToStop && said.knowing > 0;
  return said.knowing >= callsToNotice;
}

function onCall(state: MalformedState, call: SettledCall): { state: MalformedState; advice: Advice | null } {
  const { tool } = call;
  const others = state.filter((streak) => streak.tool !== tool);
  if (call.outcome !== "invalid") return { state: others, advice: null };
  const before = state.find((streak) => streak.tool === tool) ?? { tool, calls: 0, said: unsaid };
  const streak = { tool, calls: before.calls + 1, said: prolonged(before.said, call.reply) };
  const keep = (one: Streak) => [...others, one].slice(-maxTools);
  if (!isDue(streak)) return { state: keep(streak), advice: null };
  const said = raised(streak.said, call.reply);
  const advice: Advice =
    said.level === 1
      ? { kind: "notice", reason: reasonFor(name, 1), content: noticeWords(call, streak.calls) }
      : { kind: "stop", reason: name, content: stopWords(tool, streak.calls) };
  return { state: keep({ ...streak, said }), advice };
}

export const malformed: Detector<MalformedState> = {
  initial: [],
  step(state, moment) {
    if (moment.kind === "turn") return { state: malformed.initial, advice: null };
    if (moment.kind === "call") return onCall(state, moment.call);
    const hear = (said: Said) => (moment.kind === "notice" ? told(said, name, moment.reason) : unheard(said));
    return { state: state.map((streak) => ({ ...streak, said: hear(streak.said) })), advice: null };
  },
};
