// What may follow from a state: events to state, or effects to have under way.
import type { CompactTrigger, NewEvent, TurnCompleteReason } from "../../events.ts";
import type { CallState, SessionState, TurnState, UserCommand } from "../state.ts";

/** Something that should be under way. `key` names it, so that it is begun once. */
export type Effect =
  | { kind: "model"; key: "model" }
  | { kind: "compact"; key: "compact"; trigger: CompactTrigger }
  /** Ask what is known of the model. */
  | { kind: "facts"; key: "facts"; model: string }
  /** Try the model that is wanted. */
  | { kind: "try"; key: "try"; model: string }
  | { kind: "prepare"; key: "prepare" }
  /** Have what a person is asked about made visible. */
  | { kind: "preview"; key: "preview" }
  | { kind: "run"; key: string; call: CallState }
  /** A command of the user's own. */
  | { kind: "command"; key: string; command: UserCommand }
  /** A call of an earlier life may have happened: ask the world. */
  | { kind: "probe"; key: string; call: CallState };

/** What follows: events to state first, or effects to have under way. */
export type Step = { events: NewEvent[] } | { effects: Effect[] };

/** The keys of the effects that are running. */
export interface UnderWay {
  has(key: string): boolean;
}

export const nothing: Step = { effects: [] };

/** The turn has reached its end. */
export function complete(
  state: SessionState,
  turn: TurnState,
  reason: TurnCompleteReason,
  final: string | null,
): { events: NewEvent[] } {
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

export function compact(trigger: CompactTrigger): Step {
  return { effects: [{ kind: "compact", key: "compact", trigger }] };
}
