// One model call as the session sees it: sends what is new of the conversation, passes on what streams back, and
// tells how it ended.
import { type ActorRef, codeOf } from "../../../runtime/index.ts";
import type { NewEphemeral } from "../../events.ts";
import type {
  CompleteProgress,
  CompleteRequest,
  Effort,
  LlmErrorData,
  LlmProtocol,
  Preamble,
  Reply,
} from "../../llm/protocol.ts";
import type { SessionState } from "../state.ts";
import type { ModelFailure } from "../turn/on-model.ts";

/** How a model call ended. `lost`: its caller died, so it may be begun again. */
export type ModelOutcome =
  | { kind: "reply"; reply: Reply }
  | { kind: "failed"; failure: ModelFailure }
  | { kind: "lost" };

/** What a call may cost under a budget. */
export type Spend = NonNullable<CompleteRequest["spend"]>;

export interface ModelCaller {
  /** Calls the model with the conversation as it is now. `written` gathers the text that has streamed so far. */
  call(state: SessionState, signal: AbortSignal, written: { text: string }, spend: Spend | null): Promise<ModelOutcome>;
}

export interface ModelCallerOptions {
  llm: ActorRef<LlmProtocol>;
  sessionId: string;
  /** What the requests of a session begin with. */
  preamble: (state: SessionState) => Preamble;
  stream: boolean;
  effort: Effort;
  emit: (event: NewEphemeral) => void;
}

/**
 * Backstop for a caller that neither answers nor dies, in milliseconds. The caller watches the stream itself and gives
 * up much earlier.
 */
const deadlineMs = 6 * 3600 * 1000;

/** Makes the caller. It remembers how much of the conversation the LLM actor holds, and sends only the rest. */
export function createModelCaller(options: ModelCallerOptions): ModelCaller {
  let held = { revision: "", count: 0 };
  let streamed = false;

  function pass(update: CompleteProgress, written: { text: string }): void {
    if (update.kind === "text" || update.kind === "thinking") streamed = true;
    switch (update.kind) {
      case "text":
        written.text += update.text;
        options.emit({ type: "assistant_chunk", data: { content: update.text } });
        return;
      case "thinking":
        options.emit({ type: "thinking_chunk", data: { content: update.text } });
        return;
      case "retracted":
        written.text = "";
        streamed = false;
        options.emit({ type: "assistant_stream_end", data: { retracted: true } });
        return;
      case "waiting":
        options.emit({ type: "llm_waiting", data: { elapsed_ms: update.elapsedMs } });
        return;
      case "retry": {
        const { attempt, of, delayMs, code, message } = update;
        options.emit({ type: "llm_retry", data: { attempt, of, delay_ms: delayMs, code, message } });
      }
    }
  }

  async function ask(
    state: SessionState,
    signal: AbortSignal,
    written: { text: string },
    spend: Spend | null,
  ): Promise<Reply> {
    const revision = String(state.revision);
    const from = held.revision === revision ? held.count : 0;
    const count = state.history.length;
    const reply = await options.llm.ask(
      "complete",
      {
        model: state.model,
        stream: options.stream,
        effort: state.effort ?? options.effort,
        sessionId: options.sessionId,
        ...(spend === null ? {} : { spend }),
        history: {
          revision,
          from,
          messages: state.history.slice(from),
          ...(from === 0 ? { preamble: options.preamble(state) } : {}),
        },
      },
      { deadlineMs, signal, onProgress: (update) => pass(update as CompleteProgress, written) },
    );
    held = { revision, count };
    return reply;
  }

  return {
    async call(state, signal, written, spend) {
      const startedAt = Date.now();
      streamed = false;
      try {
        let reply: Reply;
        try {
          reply = await ask(state, signal, written, spend);
        } catch (error) {
          if (codeOf(error) !== "LLM_HISTORY_NEEDED") throw error;
          held = { revision: "", count: 0 };
          reply = await ask(state, signal, written, spend);
        }
        if (streamed) options.emit({ type: "assistant_stream_end", data: { retracted: false } });
        return { kind: "reply", reply };
      } catch (error) {
        held = { revision: "", count: 0 };
        if (streamed && !signal.aborted) {
          options.emit({ type: "assistant_stream_end", data: { retracted: true } });
        }
        if (codeOf(error) === "ACTOR_GONE") return { kind: "lost" };
        return { kind: "failed", failure: describe(error, Date.now() - startedAt) };
      }
    },
  };
}

/** A failed ask to the LLM caller, in the session's terms. */
export function describe(error: unknown, latencyMs: number): ModelFailure {
  const data = (
    typeof error === "object" && error !== null && "data" in error ? error.data : {}
  ) as Partial<LlmErrorData>;
  return {
    code: codeOf(error) ?? "LLM_FAILED",
    message: error instanceof Error ? error.message : String(error),
    ...(data?.hint === undefined ? {} : { hint: data.hint }),
    attempts: data?.attempts ?? 1,
    latencyMs,
    // Without the caller's own word, as after a timeout of ours or its death, nobody knows.
    assumedUsd: data?.attempts === undefined ? null : data.assumedUsd === undefined ? 0 : data.assumedUsd,
  };
}
