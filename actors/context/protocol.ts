// What the context actor understands: it makes a conversation that has grown too long shorter, and tells what it did.
// It keeps nothing: the conversation comes with the request, and the original stays in the journal.
import type { PlanItem, Usage } from "../events.ts";
import type { Effort, Message } from "../llm/protocol.ts";

/** What must be carried over whatever a summary says. */
export interface Carried {
  plan: PlanItem[];
  /** Files whose content the model knows, absolute; null: gone. */
  files: [path: string, hash: string | null][];
  /** Commands of the session that still run. */
  jobs: { jobId: string; title: string; command: string }[];
}

export interface CompactRequest {
  /** The conversation as the model sees it. */
  messages: Message[];
  /** Tokens of everything that every request carries besides the messages: system prompt and tools. */
  overheadTokens: number;
  /** The compacted conversation, overhead included, must not have more tokens than this. */
  targetTokens: number;
  /** The model's window: no summary request may be larger. */
  windowTokens: number;
  /** Characters per token, as the last reported usage shows them for this conversation. */
  charsPerToken: number;
  carried: Carried;
  /** Who writes the summary; null: no model, a mechanical one has to do. */
  model: string | null;
  effort: Effort;
  sessionId: string;
  /** Under a budget: what each of the summary's requests may cost and how long it can be; see `CompleteRequest`. */
  spend?: { mostMicroUsd: number; promptTokens: number };
  /** Milliseconds that the summary may take; then a mechanical one stands in. */
  summaryMs: number;
  /** Whether the summary is streamed, as all else is; default true. */
  stream?: boolean;
}

/** The model call that wrote the summary, for the books. */
export interface SummaryCall extends Usage {
  model: string;
  costUsd: number | null;
  /** What it may have cost besides; see `Reply`. */
  assumedUsd: number | null;
  latencyMs: number;
  attempts: number;
  /** It brought nothing that could be used. */
  failed: boolean;
}

/** The most requests that one summary takes: four pieces and one that combines them. */
export const mostSummaryRequests = 5;
/** The part of the window that one of its requests may fill; the rest is for the reply, and for a wrong estimate. */
export const summaryRequestShare = 0.6;

export interface CompactResult {
  /**
   * What stands in for the messages before `keepFrom`: the task, later messages of the user's, one notice with the
   * summary and what is carried over, then messages that stay but had to be cut.
   */
  prefix: Message[];
  /** Index of the first message that stays as it is; what it begins with is a valid beginning for any provider. */
  keepFrom: number;
  summary: string;
  by: "model" | "mechanical" | "none";
  /** Estimated, overhead included. */
  oldTokens: number;
  newTokens: number;
  /** Model calls made, failed ones included. */
  calls: SummaryCall[];
}

/** Why a conversation could not be made shorter. */
export type ContextErrorCode = "CONTEXT_TOO_SMALL";

/** Data of an error with a `ContextErrorCode`. */
export interface ContextErrorData {
  /** What the user can do. */
  hint: string;
  /** Estimated tokens of the least that must stay, overhead included, and how many it may have. */
  neededTokens: number;
  targetTokens: number;
  /** Model calls that were made all the same, for the books. */
  calls: SummaryCall[];
}

export interface ContextProtocol {
  tells: Record<never, never>;
  asks: {
    /** Fails with `CONTEXT_TOO_SMALL` when even the least that must stay does not fit into `targetTokens`. */
    compact: [CompactRequest, CompactResult];
  };
}

export interface ContextArgs {
  /** Where tool results that are cut from the conversation are kept whole, absolute. */
  spillDir: string;
}
