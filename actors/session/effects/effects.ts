// How the driver carries out what the turn machine asks for. Each effect ends in the events that state what came of
// it, or in none when whoever did it died: then the machine asks again.
import type { ActorRef } from "../../../runtime/index.ts";
import type { NewEphemeral, NewEvent } from "../../events.ts";
import type { Effort, LlmProtocol } from "../../llm/protocol.ts";
import type { ToolsProtocol } from "../../tools/protocol.ts";
import type { JudgedCall, Verdict } from "../policy/types.ts";
import type { SessionState } from "../state.ts";
import type { TurnLimits } from "../turn/limits.ts";
import type { ApprovalMode } from "../turn/on-calls.ts";
import type { Effect } from "../turn/step.ts";
import { createCallEffects } from "./calls.ts";
import type { Compactor } from "./compaction.ts";
import { createModelEffects } from "./model.ts";
import type { ModelCaller } from "./model-call.ts";
import { createUserCommands } from "./user-command.ts";

/** What effects work with. */
export interface EffectOptions {
  state: SessionState;
  emit: (event: NewEphemeral) => void;
  model: ModelCaller;
  llm: ActorRef<LlmProtocol>;
  compactor: Compactor;
  tools: ActorRef<ToolsProtocol>;
  limits: TurnLimits;
  approval: ApprovalMode;
  /** What the policy says of a call, with what the session has learnt and its user has allowed. */
  judge: (call: JudgedCall, state: SessionState) => Verdict;
  sessionId: string;
  /** How hard the model is to think unless the user has said otherwise in the session. */
  effort: Effort;
  /** The model that writes summaries, or null for the session's own. */
  summaryModel: string | null;
}

/** Puts events on record while an effect is under way. */
export type RecordEvents = (events: readonly NewEvent[]) => void;

/** Carries out one effect; `written` gathers what the model has streamed. */
export type CarryOut = (effect: Effect, signal: AbortSignal) => Promise<NewEvent[]>;

/**
 * Makes what carries out effects. Its only memory is how often somebody has died over the same work. `life` ends with the
 * driver: what has more than one step begins none after it.
 */
export function createEffects(
  options: EffectOptions,
  record: RecordEvents,
  written: { text: string },
  life: AbortSignal,
): CarryOut {
  const models = createModelEffects(options, record, written);
  const calls = createCallEffects(options, record);
  const runCommand = createUserCommands(options, life);
  return (effect, signal) => {
    switch (effect.kind) {
      case "model":
        return models.call(signal);
      case "facts":
        return models.facts(effect.model, signal);
      case "try":
        return models.tryOut(effect.model, signal);
      case "compact":
        return models.compact(effect.trigger, signal);
      case "prepare":
        return calls.prepare(signal);
      case "preview":
        return calls.preview(signal);
      case "run":
        return calls.run(effect.call, signal);
      case "probe":
        return calls.probe(effect.call, signal);
      case "command":
        return runCommand(effect.command, signal);
    }
  };
}
