// The turn machine, second half: what follows from a state by itself. It is asked again after every event, live and
// after a resume alike, so a session that was killed at any point goes on by the same rules that brought it there.
import type { NewEvent, TurnCompleteReason } from "../events.ts";
import { startable } from "./conflicts.ts";
import { onAsking, onCallLost, onRefused } from "./on-calls.ts";
import { onInterrupting } from "./on-interrupt.ts";
import { tokensOf } from "./size.ts";
import type { CallState, SessionState, TurnState } from "./state.ts";

/** Something that should be under way. `key` names it, so that it is begun once. */
export type Effect =
  | { kind: "model"; key: "model" }
  | { kind: "compact"; key: "compact"; trigger: "threshold" | "overflow" | "manual" }
  | { kind: "prepare"; key: "prepare" }
  | { kind: "run"; key: string; call: CallState }
  /** A call of an earlier life may have happened: ask the world. */
  | { kind: "probe"; key: string; call: CallState };

/** What follows: events to state first, or effects to have under way. */
export type Step = { events: NewEvent[] } | { effects: Effect[] };

/** Bounds of a turn. */
export interface TurnLimits {
  /** Model calls in one turn; -1 for no limit. */
  maxIterations: number;
  /** Calls that run at the same time. */
  parallelTools: number;
  context: ContextLimits;
}

/** When the conversation is made shorter. */
export interface ContextLimits {
  /** Tokens of the model's window. */
  windowTokens: number;
  /** Share of the window at which a compaction is due, and the most tokens that it may leave room for. */
  triggerShare: number;
  triggerMost: number;
  /** Characters of what each request carries besides the conversation. */
  overheadChars: number;
}

/** Tokens at which a compaction is due. A window that a refusal has named counts before the one that was assumed. */
export function triggerTokens(state: SessionState, limits: ContextLimits): number {
  const window = Math.min(limits.windowTokens, state.learnedWindow ?? Number.POSITIVE_INFINITY);
  return Math.min(window * limits.triggerShare, limits.triggerMost);
}

/** The keys of the effects that are running. */
export interface UnderWay {
  has(key: string): boolean;
}

/** Starts of one model call, and of one call that is safe to repeat, before it is given up. */
const maxStarts = 3;
/** Replies in a row that may be cut off by the output limit, and that may be empty. */
const maxTruncated = 3;
const maxEmpty = 2;

const nothing: Step = { effects: [] };

/** What follows from the state when the effects named in `underWay` are running. */
export function next(state: SessionState, underWay: UnderWay, limits: TurnLimits): Step {
  const turn = state.turn;
  if (turn === null) {
    if (state.mustCompact === "manual") return compact("manual");
    return state.halted ? nothing : startQueued(state);
  }
  if (turn.interrupting !== null) return { events: onInterrupting(turn, turn.interrupting) };
  if (turn.due === "calls") return workOnCalls(turn, underWay, limits);

  // A word of the watcher's that comes after the answer has come too late: the answer stands.
  const guard = turn.due === "model" ? turn.guards[0] : undefined;
  if (guard !== undefined && !underWay.has("model")) {
    return { events: [{ type: "notice", data: { content: guard.content, reason: guard.reason } }] };
  }
  // At the limit, what was steered waits for the next turn instead of being taken and never answered.
  const hasRoom = limits.maxIterations < 0 || turn.replies < limits.maxIterations;
  const steered = state.queue.find((input) => input.via === "steer");
  if (steered !== undefined && hasRoom && !underWay.has("model")) {
    return { events: [{ type: "steered", data: { input_id: steered.inputId } }] };
  }
  return turn.due === "model" ? callModel(state, turn, underWay, limits) : judgeEnd(state, turn);
}

function startQueued(state: SessionState): Step {
  const input = state.queue[0];
  if (input === undefined) return nothing;
  return {
    events: [{ type: "processing", data: { message: input.text, turn: state.turns + 1, input_id: input.inputId } }],
  };
}

function complete(state: SessionState, turn: TurnState, reason: TurnCompleteReason, final: string | null): Step {
  return {
    events: [
      {
        type: "turn_complete",
        data: {
          history_size: state.history.length,
          final_response: final,
          reason,
          iterations: turn.replies,
          denied: turn.denied,
        },
      },
    ],
  };
}

function callModel(state: SessionState, turn: TurnState, underWay: UnderWay, limits: TurnLimits): Step {
  if (underWay.has("model")) return { effects: [{ kind: "model", key: "model" }] };
  if (turn.stop !== null) return complete(state, turn, turn.stop, null);
  if (turn.truncatedReplies >= maxTruncated) return complete(state, turn, "truncated", turn.text || null);
  if (limits.maxIterations >= 0 && turn.replies >= limits.maxIterations) {
    return complete(state, turn, "iteration_limit", null);
  }
  if (state.mustCompact !== null) return compact(state.mustCompact);
  if (tokensOf(state, limits.context.overheadChars) > triggerTokens(state, limits.context)) return compact("threshold");
  return { effects: [{ kind: "model", key: "model" }] };
}

function compact(trigger: "threshold" | "overflow" | "manual"): Step {
  return { effects: [{ kind: "compact", key: "compact", trigger }] };
}

function judgeEnd(state: SessionState, turn: TurnState): Step {
  if (turn.finish === "refusal") return complete(state, turn, "refusal", turn.text || null);
  if (turn.finish === "truncated") {
    if (turn.truncatedReplies >= maxTruncated) return complete(state, turn, "truncated", turn.text || null);
    return notice("truncated_text", "Your reply was cut off at the output limit. Go on exactly where it stopped.");
  }
  if (turn.text.trim() === "") {
    if (turn.emptyReplies >= maxEmpty) return complete(state, turn, "empty_reply", null);
    return notice(
      "empty_reply",
      "Your reply was empty. Go on with the task: call a tool, or, when it is done, say what the result is.",
    );
  }
  return complete(state, turn, "done", turn.text);
}

function notice(reason: string, content: string): Step {
  return { events: [{ type: "notice", data: { content, reason } }] };
}

function workOnCalls(turn: TurnState, underWay: UnderWay, limits: TurnLimits): Step {
  if (turn.unprepared.length > 0) return { effects: [{ kind: "prepare", key: "prepare" }] };
  const refused = turn.calls.filter((call) => call.status === "refused");
  if (refused.length > 0) return { events: refused.flatMap(onRefused) };
  const asking = turn.calls.filter((call) => call.status === "asking");
  if (asking.length > 0) return { events: onAsking(asking) };

  const effects: Effect[] = [];
  const mayKill = (call: CallState) => call.onCrash !== "adopt";
  let isBusy = turn.calls.some((call) => mayKill(call) && underWay.has(call.id));
  for (const call of turn.calls) {
    if (call.status !== "running" || underWay.has(call.id)) continue;
    // It had begun, and whatever ran it is gone: its own declaration says what that means.
    if (isGivenUp(call)) return { events: onCallLost(call) };
    // A call that was there at two deaths is suspected of them, and gets its last try without the others.
    const isSuspect = mayKill(call) && call.attempts === maxStarts - 1;
    if (isSuspect && isBusy) continue;
    isBusy ||= mayKill(call);
    effects.push({ kind: call.onCrash === "probe" ? "probe" : "run", key: call.id, call });
    if (isSuspect) return { effects };
  }
  for (const call of startable(turn.calls, limits.parallelTools)) effects.push({ kind: "run", key: call.id, call });
  return effects.length > 0 ? { effects } : nothing;
}

/** Whether a call that was lost is not begun again. One that is attached to costs nothing to attach to once more. */
function isGivenUp(call: CallState): boolean {
  return call.onCrash === "effect" || (call.onCrash !== "adopt" && call.attempts >= maxStarts);
}

/** Whether the model call that is due has died with its caller too often to be begun again. */
export function modelGivenUp(turn: TurnState): boolean {
  return turn.modelStarts >= maxStarts;
}
