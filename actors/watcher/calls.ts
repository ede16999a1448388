// What the detectors look at, taken from the events: turns that begin, notes that the model got, and calls with their
// results, in the order in which the model wrote them however they ended.
import type { DurableEvents, SessionEvent } from "../events.ts";
import { keyOf, signatureOf } from "./signature.ts";

type ToolCalled = DurableEvents["tool_call"];
type ToolEnded = DurableEvents["tool_output"];

/** A call and what came of it. */
export interface SettledCall {
  tool: string;
  /** Equal for calls that ask for the same. */
  key: string;
  /** Equal for calls that ask for the same and get the same. */
  signature: string;
  outcome: ToolEnded["outcome"];
  /** Whether it only looks: it may be run again at will. */
  pure: boolean;
  /** Whether its arguments were text instead of a JSON object. */
  unparsed: boolean;
  /** The seq of the first call of the reply that holds it. */
  reply: number;
}

export type Moment =
  | { kind: "turn" }
  /** What came before was the past: whatever was to be said of it may not have been. */
  | { kind: "replayed" }
  | { kind: "notice"; reason: string }
  | { kind: "call"; call: SettledCall };

interface OpenCall {
  id: string;
  tool: string;
  key: string;
  pure: boolean;
  unparsed: boolean;
  /** Set when it has ended before one that the model wrote earlier. */
  settled: SettledCall | null;
}

export interface CallsState {
  /** The seq of the newest reply's first call. */
  reply: number;
  /** Calls of that reply, in order, from the first that has not ended. */
  open: readonly OpenCall[];
}

export const noCalls: CallsState = { reply: 0, open: [] };

function opened(call: ToolCalled): OpenCall {
  return {
    id: call.tool_call_id,
    tool: call.tool,
    key: keyOf(call.tool, call.arguments),
    pure: call.on_crash === "pure",
    unparsed: typeof call.arguments === "string",
    settled: null,
  };
}

function settle(state: CallsState, ended: ToolEnded): { state: CallsState; moments: Moment[] } {
  const open = state.open.map((call): OpenCall => {
    if (call.id !== ended.tool_call_id || call.settled !== null) return call;
    const { tool, key, pure, unparsed } = call;
    const signature = signatureOf(key, call.id, ended.output);
    return {
      ...call,
      settled: { tool, key, signature, outcome: ended.outcome, pure, unparsed, reply: state.reply },
    };
  });
  const moments: Moment[] = [];
  for (const call of open) {
    if (call.settled === null) break;
    moments.push({ kind: "call", call: call.settled });
  }
  return { state: { ...state, open: open.slice(moments.length) }, moments };
}

/** Takes one event; answers with what it means to the detectors. Events of no meaning to them change nothing. */
export function observe(state: CallsState, event: SessionEvent): { state: CallsState; moments: Moment[] } {
  switch (event.type) {
    case "processing":
      return { state: noCalls, moments: [{ kind: "turn" }] };
    case "tool_call": {
      // The model goes on once every call of its last reply has ended: the first call after that begins a reply.
      const reply = state.open.length === 0 ? event.seq : state.reply;
      return { state: { reply, open: [...state.open, opened(event.data)] }, moments: [] };
    }
    case "tool_output":
      return settle(state, event.data);
    case "notice":
      return { state, moments: [{ kind: "notice", reason: event.data.reason }] };
    default:
      return { state, moments: [] };
  }
}
