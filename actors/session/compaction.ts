// The session's side of a compaction: what the context actor needs to know, and what may be wrong with its answer.
import { type ActorRef, codeOf } from "../../runtime/index.ts";
import type { Carried, CompactResult, ContextProtocol } from "../context/protocol.ts";
import type { Effort } from "../llm/protocol.ts";
import { type ContextLimits, triggerTokens } from "./next.ts";
import { charsPerToken } from "./size.ts";
import type { SessionState } from "./state.ts";

/** How a compaction ended. `lost`: the context actor died, so it may be begun again. */
export type CompactOutcome =
  | { kind: "done"; result: CompactResult }
  | { kind: "failed"; error: string }
  | { kind: "lost" };

export interface Compactor {
  compact(state: SessionState, limits: ContextLimits, signal: AbortSignal): Promise<CompactOutcome>;
}

export interface CompactorOptions {
  context: ActorRef<ContextProtocol>;
  sessionId: string;
  /** The model that writes summaries, or null for the session's own. */
  model: string | null;
  effort: Effort;
  /** Commands that still run. */
  jobs: () => Promise<Carried["jobs"]>;
}

/** Share of the trigger that a compacted conversation may have: room for a good many more turns. */
const targetShare = 0.5;
const summaryMs = 180_000;
const deadlineMs = 300_000;

export function createCompactor(options: CompactorOptions): Compactor {
  return {
    async compact(state, limits, signal) {
      const rate = charsPerToken(state, limits.overheadChars);
      const trigger = triggerTokens(state, limits);
      try {
        const result = await options.context.ask(
          "compact",
          {
            messages: state.history,
            overheadTokens: Math.ceil(limits.overheadChars / rate),
            targetTokens: Math.floor(trigger * targetShare),
            windowTokens: Math.min(limits.windowTokens, state.learnedWindow ?? Number.POSITIVE_INFINITY),
            charsPerToken: rate,
            carried: { plan: state.plan, files: [...state.files], jobs: await options.jobs() },
            model: options.model ?? state.model,
            effort: options.effort,
            sessionId: options.sessionId,
            summaryMs,
          },
          { deadlineMs, signal },
        );
        return { kind: "done", result };
      } catch (error) {
        if (codeOf(error) === "ACTOR_GONE") return { kind: "lost" };
        return { kind: "failed", error: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
