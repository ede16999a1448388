// The session's side of a compaction: what the context actor needs to know, and what may be wrong with its answer.
import { type ActorRef, codeOf } from "../../../runtime/index.ts";
import type {
  Carried,
  CompactRequest,
  CompactResult,
  ContextErrorData,
  ContextProtocol,
} from "../../context/protocol.ts";
import type { Effort } from "../../llm/protocol.ts";
import { charsPerToken, overheadOf } from "../size.ts";
import type { SessionState } from "../state.ts";
import type { CompactFailure } from "../turn/on-model.ts";

/** How a compaction ended. `lost`: the context actor died, so it may be begun again. */
export type CompactOutcome =
  | { kind: "done"; result: CompactResult }
  | { kind: "failed"; failure: CompactFailure }
  | { kind: "lost" };

/** What the compacted conversation has to fit into. */
export interface Room {
  /** Tokens of the window of the model that writes the summary, and those at which the next compaction is due. */
  windowTokens: number;
  triggerTokens: number;
  /** Characters of what each request carries besides the conversation. */
  overheadChars: number;
  /** No model is asked: the money does not suffice. */
  mechanical: boolean;
  /** Under a budget: what each request of the summary may cost. */
  spend?: CompactRequest["spend"];
}

export interface Compactor {
  compact(state: SessionState, room: Room, signal: AbortSignal): Promise<CompactOutcome>;
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

/** Share of the room for the conversation that a compacted one may have: enough is left for a good many more turns. */
const targetShare = 0.5;
const summaryMs = 180_000;
const deadlineMs = 300_000;

export function createCompactor(options: CompactorOptions): Compactor {
  return {
    async compact(state, room, signal) {
      const rate = charsPerToken(state, room.overheadChars);
      const overheadTokens = Math.ceil(overheadOf(state, room.overheadChars) / rate);
      const roomTokens = Math.max(0, room.triggerTokens - overheadTokens);
      try {
        const result = await options.context.ask(
          "compact",
          {
            messages: state.history,
            overheadTokens,
            targetTokens: overheadTokens + Math.floor(roomTokens * targetShare),
            windowTokens: room.windowTokens,
            charsPerToken: rate,
            carried: { plan: state.plan, files: [...state.files], jobs: await options.jobs() },
            model: room.mechanical ? null : (options.model ?? state.model),
            effort: state.effort ?? options.effort,
            sessionId: options.sessionId,
            ...(room.spend === undefined ? {} : { spend: room.spend }),
            summaryMs,
          },
          { deadlineMs, signal },
        );
        return { kind: "done", result };
      } catch (error) {
        if (codeOf(error) === "ACTOR_GONE") return { kind: "lost" };
        return { kind: "failed", failure: failureOf(error) };
      }
    },
  };
}

function failureOf(error: unknown): CompactFailure {
  const data = (
    typeof error === "object" && error !== null && "data" in error ? error.data : null
  ) as Partial<ContextErrorData> | null;
  return {
    error: error instanceof Error ? error.message : String(error),
    ...(data?.hint === undefined ? {} : { hint: data.hint }),
    // After a timeout of ours nobody has told.
    calls: data?.calls ?? null,
  };
}
