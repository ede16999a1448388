// What the LLM caller understands. The caller keeps a copy of the conversation by revision, so that a request carries
// only what is new and the work per turn does not grow with the history.
import type { FinishReason, Json, ModelFacts, NativeReplay, ToolCall, Usage } from "../events.ts";

/** One message of the conversation, in no provider's dialect. */
export type Message =
  | { role: "user"; text: string }
  /** A note of the program; sent as user text inside a marker, never shown as the user's. */
  | { role: "notice"; text: string }
  /** A command that the user has run, and what it printed; sent as user text inside a marker. */
  | { role: "command"; command: string; text: string }
  | { role: "assistant"; text: string; calls: ToolCall[]; native?: NativeReplay }
  | {
      role: "tool";
      callId: string;
      tool: string;
      text: string;
      ok: boolean;
      images?: { media_type: string; base64: string }[];
    };

/** A tool as a model sees it. */
export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema (draft 2020-12) of the arguments, an object schema. */
  parameters: { [key: string]: Json };
}

/** How hard a model should think; providers map it to what they offer. `off` asks for none. */
export type Effort = "off" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What stays the same from call to call: the prompt's prefix. */
export interface Preamble {
  system: string;
  tools: ToolSpec[];
}

/** One model call. */
export interface CompleteRequest {
  model: string;
  stream: boolean;
  effort: Effort;
  /** Same value for every call of a session: groups provider-side caches and billing. */
  sessionId: string;
  /**
   * Under a budget: what all attempts together may cost at most, in millionths of a US dollar, and the most tokens that
   * the request can have. An attempt whose worst case no longer fits is not made: the call fails with `LLM_BUDGET`, or,
   * when an attempt has failed before, with that failure.
   */
  spend?: { mostMicroUsd: number; promptTokens: number };
  history: {
    /** Changes whenever earlier messages are no longer what they were (undo, compaction). */
    revision: string;
    /** Index of the first message in `messages`; those before it were sent in earlier requests of this revision. */
    from: number;
    messages: Message[];
    /** Sent when `from` is 0, else the one sent then holds. */
    preamble?: Preamble;
  };
}

/** A finished reply. */
export interface Reply {
  text: string;
  calls: ToolCall[];
  finish: FinishReason;
  usage: Usage;
  /** US dollars, null when unknown. */
  costUsd: number | null;
  /** US dollars that earlier attempts of this call may have cost besides, at most; null when that has no bound. */
  assumedUsd: number | null;
  native?: NativeReplay;
  /** The model that answered, as the provider names it. */
  answeredBy: string;
  attempts: number;
  latencyMs: number;
  firstTokenMs: number | null;
}

/** Interim updates of a model call, in order. */
export type CompleteProgress =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  /** Nothing of the reply has come yet: at 10 s, 30 s and 60 s of an attempt, then each minute. */
  | { kind: "waiting"; elapsedMs: number }
  /** What was streamed so far in this call is void: the request is sent again. */
  | { kind: "retracted" }
  | { kind: "retry"; attempt: number; of: number; delayMs: number; code: LlmErrorCode; message: string };

/** Why a model call failed for good. */
export type LlmErrorCode =
  | "LLM_KEY_MISSING"
  /** The key holds a character that no request may carry. */
  | "LLM_KEY_MALFORMED"
  | "LLM_UNAUTHORIZED"
  | "LLM_FORBIDDEN"
  | "LLM_PAYMENT_REQUIRED"
  | "LLM_MODEL_UNKNOWN"
  | "LLM_CONTEXT_OVERFLOW"
  | "LLM_BAD_REQUEST"
  | "LLM_RATE_LIMITED"
  | "LLM_OVERLOADED"
  | "LLM_SERVER_ERROR"
  | "LLM_UNREACHABLE"
  | "LLM_STREAM_BROKEN"
  | "LLM_STALLED"
  | "LLM_BAD_RESPONSE"
  /** The model cannot call tools, and this program is nothing without them. */
  | "LLM_NO_TOOLS"
  /** Another attempt could cost more than the call may. */
  | "LLM_BUDGET"
  /** Under a budget: nobody knows what this model costs. */
  | "LLM_PRICE_UNKNOWN"
  /** The caller has no copy of the earlier messages (it was restarted): send all of them. */
  | "LLM_HISTORY_NEEDED";

/** Data of an error with an `LlmErrorCode`. */
export interface LlmErrorData {
  /** What the user can do. */
  hint?: string;
  /** HTTP status, when there was one. */
  status?: number;
  attempts: number;
  /** US dollars that the attempts may have cost, at most; null when that has no bound; absent: nothing. */
  assumedUsd?: number | null;
}

/** A model that was tried. */
export interface Probed {
  facts: ModelFacts;
  /** How hard it will think, as its provider calls it; null when it is not told. */
  effort: string | null;
  /** Why that is less than was asked for. */
  note?: string;
  usage: Usage;
  costUsd: number | null;
  attempts: number;
  latencyMs: number;
}

export interface LlmProtocol {
  tells: Record<never, never>;
  asks: {
    /** Loads what a model's provider needs, without opening a connection; a model that cannot be used is ignored. */
    warm: [{ model: string }, null];
    /** Answers with the reply; progress is `CompleteProgress`; fails with an `LlmErrorCode`. */
    complete: [CompleteRequest, Reply];
    /**
     * What is known of a model: from the configuration, else the router's catalogue, the provider or the local server,
     * fetched when it is not there yet or stale. Never fails: what nobody says is null.
     */
    describe: [{ model: string }, ModelFacts];
    /** Tries a model with one tiny request. Fails with an `LlmErrorCode` when it cannot be used. */
    probe: [{ model: string; effort: Effort; sessionId: string; mostMicroUsd?: number }, Probed];
  };
}

/** What the LLM caller needs to know at its start: keys stay with it. */
export interface LlmArgs {
  anthropic: { apiKey: string | null; baseUrl: string };
  /** `api`: which of OpenAI's two APIs to speak; by default Responses to OpenAI itself, chat completions elsewhere. */
  openai: { apiKey: string | null; baseUrl: string; api?: "responses" | "chat" };
  huggingface: { token: string | null; routerUrl: string; billTo: string | null };
  /** Local servers by model prefix (`ollama`, `vllm`, `lm_studio`, `llamacpp`): base URL with `/v1`, and key. */
  local: Record<string, { baseUrl: string; apiKey: string }>;
  /** Where what was learnt of models is kept between runs, absolute; null: nowhere. */
  cacheDir: string | null;
  /** US dollars per million tokens by model id; models not named have an unknown price. */
  prices: Record<string, { input: number; output: number; cacheRead?: number; cacheWrite?: number }>;
  limits: {
    /**
     * Milliseconds without a byte before a stream counts as stalled; ten times as long for one that sends bytes but
     * nothing of the reply, five times for the whole of a reply that is not streamed.
     */
    idleMs: number;
    /** Attempts in all, the first included. */
    attempts: number;
    /** Milliseconds of waiting between attempts, in all. */
    totalWaitMs: number;
    /** Milliseconds before the first retry; doubles from there, with jitter. */
    firstWaitMs: number;
    /** Output tokens that one reply may have; providers that need a limit get this. */
    maxOutputTokens: number;
  };
}
