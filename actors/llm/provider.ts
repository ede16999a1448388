// The contract of a provider: one attempt at one model call. Retrying, timing and pricing are the caller's work.
import type { FinishReason, NativeReplay, ToolCall, Usage } from "../events.ts";
import type { Effort, LlmErrorCode, LlmErrorData, Message, Preamble } from "./protocol.ts";

/** One attempt. */
export interface ProviderRequest {
  /** The model's id as the provider knows it, without our prefix. */
  model: string;
  preamble: Preamble;
  messages: readonly Message[];
  effort: Effort;
  stream: boolean;
  sessionId: string;
  maxOutputTokens: number;
  /** Whether that limit has to be in the request, also where the service would set one of its own; by default not. */
  limitOutput?: boolean;
  /** Fires on interrupt and when the attempt stalls. */
  signal: AbortSignal;
}

/**
 * What arrives while an attempt runs. `content` is a piece of the reply that is not shown, or not yet, such as part of
 * a call; `alive` marks bytes that carry nothing of the reply.
 */
export type ProviderUpdate =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "content" }
  /** The request has left: from here on it may be billed. */
  | { kind: "sent" }
  | { kind: "alive" };

export interface ProviderReply {
  text: string;
  calls: ToolCall[];
  finish: FinishReason;
  usage: Usage;
  native?: NativeReplay;
  answeredBy: string;
  /** How hard the model was asked to think, as its provider calls it; absent when it was not told. */
  effort?: string;
}

/** A provider, for example Anthropic or an OpenAI-compatible server. */
export interface Provider {
  /** Sends one request; throws an `LlmError`, or the signal's reason when that fired. */
  complete(request: ProviderRequest, update: (update: ProviderUpdate) => void): Promise<ProviderReply>;
  /** The one of many who answered for this model last, where the provider is a router and says so. */
  servedBy?(model: string): string | undefined;
}

/** A failed attempt. */
export class LlmError extends Error {
  override readonly name = "LlmError";

  constructor(
    readonly code: LlmErrorCode,
    message: string,
    readonly details: {
      /** Whether the same request may succeed later. */
      retriable: boolean;
      status?: number;
      /** Milliseconds that the server asks us to wait. */
      retryAfterMs?: number;
      hint?: string;
      /** Attempts made in all, when the call was given up. */
      attempts?: number;
      /** US dollars that the attempts may have cost, at most; null when that has no bound. */
      assumedUsd?: number | null;
      cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const { hint, status, attempts = 0, assumedUsd } = details;
    this.data = {
      attempts,
      ...(hint === undefined ? {} : { hint }),
      ...(status === undefined ? {} : { status }),
      ...(assumedUsd === undefined ? {} : { assumedUsd }),
    };
  }

  /** What callers on other threads see of it beside code and message. */
  readonly data: LlmErrorData;
}
