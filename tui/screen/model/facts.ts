// The larger parts of the model: calls of the model, what they use, and what runs.
import type { CallKind, DurableEvents, Failure, ModelFacts } from "../../../actors/events.ts";
import type { Effort } from "../../../actors/llm/protocol.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metering.ts";

/** A call of the model that is under way. */
export interface ModelCall {
  readonly kind: CallKind;
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds without a sign of the reply, as last reported. */
  readonly waitingMs: number;
  /** It has failed and is tried again at `at`, milliseconds since 1970. */
  readonly retry: { readonly attempt: number; readonly of: number; readonly at: number; readonly why: Failure } | null;
}

/** A model that the user wants, until it has answered. */
export interface WantedModel {
  readonly model: string;
  readonly effort: Effort | null;
  readonly facts: ModelFacts | null;
  /** When the user asked for it, milliseconds since 1970; null where that is not known. */
  readonly since: number | null;
}

/** Which model answers, and which is wanted. */
export interface ModelChoice {
  readonly model: string;
  /** What is known of it; null before anybody has said. */
  readonly facts: ModelFacts | null;
  /** A model that is being tried, or null. */
  readonly wanted: WantedModel | null;
  /** How hard it is told to think. */
  readonly effort: Effort;
}

/** Tokens, as far as providers have said. */
export interface Tokens {
  /** Of the conversation, as the newest reply reported; null before. */
  readonly context: number | null;
  /** Of the call whose reply comes next in the journal; null: none. */
  readonly reported: number | null;
  /** Of the newest request, and how many of them came from the provider's cache; null: nobody said. */
  readonly prompt: number | null;
  readonly cached: number | null;
  /** Of the whole session. */
  readonly totals: {
    readonly calls: number;
    readonly promptTokens: number;
    readonly completionTokens: number;
    readonly cachedTokens: number;
  };
}

/** Somebody who works for this session in a session of its own. */
export interface SubAgent {
  readonly id: string;
  /** What it works on, in one line, as it came. */
  readonly label: string;
  /** Its newest step; empty before the first and after the end. */
  readonly doing: string;
  readonly toolCalls: number;
  readonly tokens: number;
  /** US dollars; null when the price is not known. */
  readonly costUsd: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Null while it works. */
  readonly outcome: DurableEvents["agent_ended"]["outcome"] | null;
}

/** How a command stands. `unknown`: it was in the background, and nobody has said since how it ended. */
export type JobState = "running" | "done" | "failed" | "timeout" | "cancelled" | "unknown";

/** A command or anything else that runs for a while. */
export interface Job {
  /** The id of its call, by which a background job is named too. */
  readonly id: string;
  /** Counts its changes, from 1. */
  readonly version: number;
  readonly tool: string;
  readonly title: string;
  readonly state: JobState;
  readonly background: boolean;
  /** Milliseconds since 1970; null while nobody has said, of a command that was running before this program was. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  /** When it was last heard of, milliseconds since 1970. */
  readonly heardAt: number;
  readonly log: Log;
  /** Bytes of its output that were read, where it was read by offset. */
  readonly readBytes: number;
  readonly metrics: Metrics;
  /** It runs on the Hub, or did; null for a command. */
  readonly remote: RemoteFacts | null;
}

/** What is known of a job on the Hub. */
export interface RemoteFacts {
  readonly jobId: string;
  readonly flavor: string;
  /** US dollars for an hour; null when nobody says. */
  readonly usdPerHour: number | null;
  /** The Hub's stage, or null before it was heard. */
  readonly stage: string | null;
  /** Milliseconds since 1970 from which it may cost. */
  readonly since: number;
  /** What it has cost, once that is known. */
  readonly costUsd: number | null;
  /** It has not ended, as far as is known. */
  readonly open: boolean;
}
