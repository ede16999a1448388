// Calls of the model: what streams, what is on record in the end, what it used and what it cost.
import { draw, release, reserve, settle } from "../../../actors/session/money.ts";
import { book } from "./books.ts";
import type { Draft } from "./draft.ts";
import { addBlock } from "./draft.ts";
import type { Handlers } from "./handlers.ts";
import { addText, addThinking, cutLive, endStream, finishText, retract } from "./live.ts";

/** Handlers of the events around a model call. */
export const onReply: Handlers<
  | "llm_started"
  | "llm_call"
  | "llm_waiting"
  | "llm_retry"
  | "assistant_chunk"
  | "thinking_chunk"
  | "assistant_stream_end"
  | "assistant_message"
  | "context_overflow"
  | "compact_requested"
  | "compacted"
  | "compact_failed"
> = {
  llm_started(draft, { kind = "main", model, iteration, reserved_micro_usd: micro = null }, at) {
    book(draft, (money) => reserve(money, kind, micro));
    draft.asking = { kind, model, startedAt: at.ts, waitingMs: 0, retry: null };
    if (kind !== "main") return;
    // What an earlier start of the same call has streamed will not be heard of again.
    cutLive(draft, at);
    if (draft.turn !== null) draft.turn = { ...draft.turn, iterations: Math.max(draft.turn.iterations, iteration) };
  },
  llm_call(draft, data) {
    book(draft, (money) => {
      const change = data.kind === "summary" ? draw : settle;
      change(money, data.kind, data.cost_usd, data.assumed_usd);
    });
    if (draft.asking?.kind === data.kind) draft.asking = null;
    const { totals } = draft.tokens;
    const { prompt_tokens: prompt, completion_tokens: completion, cache_read_tokens: cached } = data;
    draft.tokens = {
      ...draft.tokens,
      ...(data.kind === "main" && prompt !== null ? { reported: prompt + (completion ?? 0), prompt, cached } : {}),
      totals: {
        calls: totals.calls + 1,
        promptTokens: totals.promptTokens + (prompt ?? 0),
        completionTokens: totals.completionTokens + (completion ?? 0),
        cachedTokens: totals.cachedTokens + (cached ?? 0),
      },
    };
  },
  llm_waiting(draft, { elapsed_ms }) {
    if (draft.asking !== null) draft.asking = { ...draft.asking, waitingMs: elapsed_ms };
  },
  llm_retry(draft, { attempt, of, delay_ms, ...why }, at) {
    if (draft.asking === null) return;
    draft.asking = { ...draft.asking, waitingMs: 0, retry: { attempt, of, at: at.ts + delay_ms, why } };
  },
  assistant_chunk(draft, { content }, at) {
    answers(draft);
    addText(draft, content, at);
  },
  thinking_chunk(draft, { content }, at) {
    answers(draft);
    addThinking(draft, content, at);
  },
  assistant_stream_end(draft, { retracted }, at) {
    if (retracted) retract(draft);
    else endStream(draft, at);
  },
  assistant_message(draft, { content, finish_reason: finish, model }, at) {
    const { reported, context } = draft.tokens;
    draft.tokens = { ...draft.tokens, context: reported ?? context, reported: null };
    if (content.trim() === "") cutLive(draft, at);
    else finishText(draft, { kind: "assistant", text: content, state: "final", gaps: false, finish, model }, at);
  },
  context_overflow(draft, { window_tokens }, at) {
    cutLive(draft, at);
    draft.compacting = false;
    addBlock(draft, { kind: "note", note: { about: "overflow", windowTokens: window_tokens } }, at);
  },
  compact_requested(draft) {
    draft.compacting = true;
  },
  compact_failed(draft, { trigger, ...failure }, at) {
    book(draft, (money) => release(money, "summary"));
    endSummary(draft);
    if (trigger === "manual") draft.compacting = false;
    addBlock(draft, { kind: "note", note: { about: "uncompacted", trigger, failure } }, at);
  },
  compacted(draft, data, at) {
    book(draft, (money) => release(money, "summary"));
    endSummary(draft);
    draft.compacting = false;
    draft.tokens = { ...draft.tokens, context: data.new_tokens };
    const { trigger, by, summary } = data;
    addBlock(
      draft,
      {
        kind: "compaction",
        trigger,
        by,
        summary,
        oldTokens: data.old_tokens,
        newTokens: data.new_tokens,
        messagesBefore: data.messages_before,
        messagesAfter: data.messages_after,
      },
      at,
    );
  },
};

function endSummary(draft: Draft): void {
  if (draft.asking?.kind === "summary") draft.asking = null;
}

/** The model writes: it is waited for no longer. */
function answers(draft: Draft): void {
  const { asking } = draft;
  if (asking !== null && (asking.retry !== null || asking.waitingMs > 0)) {
    draft.asking = { ...asking, waitingMs: 0, retry: null };
  }
}
