// Effects around the model: its calls, what is known of it, trying another one, and making the conversation shorter.
import { codeOf } from "../../../runtime/errors.ts";
import { mostSummaryRequests, summaryRequestShare } from "../../context/protocol.ts";
import type { CompactTrigger, ModelFacts, NewEvent } from "../../events.ts";
import { remaining, worstCase } from "../money.ts";
import { mostTokensOf } from "../size.ts";
import { modelGivenUp } from "../state.ts";
import { reservation } from "../turn/before-call.ts";
import { triggerTokens, windowOf } from "../turn/limits.ts";
import {
  failedBooks,
  type ModelFailure,
  onCompacted,
  onCompactFailed,
  onModelFailed,
  onNotTried,
  onProbed,
  onProbeFailed,
  onReply,
} from "../turn/on-model.ts";
import type { EffectOptions, RecordEvents } from "./effects.ts";
import { describe, type Spend } from "./model-call.ts";

/** Time for asking what is known of a model, and for trying one, in milliseconds: backstops over the caller's own. */
const factsMs = 15_000;
const tryMs = 60_000;
/** Deaths of the context actor in one compaction before it is given up, and of the caller that tries a model. */
const maxCompactFailures = 2;
const maxTryFailures = 2;
/** Tokens that the request which tries a model has at most, its one tool included. */
const tryTokens = 2_000;

export function createModelEffects(options: EffectOptions, record: RecordEvents, written: { text: string }) {
  const { state, limits } = options;
  let compactFailures = 0;
  let tryFailures = 0;

  async function call(signal: AbortSignal): Promise<NewEvent[]> {
    const turn = state.turn;
    if (turn === null) return [];
    if (modelGivenUp(turn)) return onModelFailed(state, modelLost(turn.modelStarts));
    const set = reservation(state, limits.context.overheadChars);
    const reserved = set === null ? {} : { reserved_micro_usd: set.micro };
    record([{ type: "llm_started", data: { iteration: turn.replies + 1, model: state.model, ...reserved } }]);
    written.text = "";
    const isCapped = set !== null && state.money.cap !== null;
    const spend: Spend | null = isCapped ? { mostMicroUsd: set.micro, promptTokens: set.promptTokens } : null;
    const outcome = await options.model.call(state, signal, written, spend);
    if (signal.aborted) return [];
    if (outcome.kind === "reply") return onReply(state, outcome.reply);
    return outcome.kind === "failed" ? onModelFailed(state, outcome.failure, limits.fallbackModel) : [];
  }

  async function describeModel(model: string, signal: AbortSignal): Promise<ModelFacts | null> {
    try {
      return await options.llm.ask("describe", { model }, { deadlineMs: factsMs, signal });
    } catch (error) {
      if (signal.aborted || codeOf(error) === "ACTOR_GONE") return null;
      // It was to answer in any case; without it the turn goes on with what is assumed.
      const unknown = { context_tokens: null, price: null, tools: null, max_output_tokens: 0, as_of: null };
      return { model, ...unknown, source: "unknown" };
    }
  }

  async function facts(model: string, signal: AbortSignal): Promise<NewEvent[]> {
    const found = await describeModel(model, signal);
    return found === null || signal.aborted ? [] : [{ type: "model_facts", data: found }];
  }

  async function tryOut(model: string, signal: AbortSignal): Promise<NewEvent[]> {
    const startedAt = Date.now();
    const effort = state.wanted?.effort ?? state.effort ?? options.effort;
    try {
      const most = await moneyToTry(model, signal);
      if (signal.aborted || most === "lost") return [];
      if (most === "refused") return onNotTried(model, tooDear(model));
      const reserved = most === null ? {} : { reserved_micro_usd: most };
      record([{ type: "llm_started", data: { iteration: 0, model, kind: "probe", ...reserved } }]);
      const spend = most === null ? {} : { mostMicroUsd: most };
      const request = { model, effort, sessionId: options.sessionId, ...spend };
      const tried = await options.llm.ask("probe", request, { deadlineMs: tryMs, signal });
      tryFailures = 0;
      return signal.aborted ? [] : onProbed(model, tried);
    } catch (error) {
      if (signal.aborted) return [];
      if (codeOf(error) === "ACTOR_GONE" && ++tryFailures <= maxTryFailures) return [];
      tryFailures = 0;
      return onProbeFailed(model, describe(error, Date.now() - startedAt));
    }
  }

  /** What trying a model may cost under a budget; null without one, or where an unknown price is allowed. */
  async function moneyToTry(model: string, signal: AbortSignal): Promise<number | null | "refused" | "lost"> {
    if (state.money.cap === null) return null;
    const found = await describeModel(model, signal);
    if (found === null) return "lost";
    const most = worstCase(found, tryTokens, Math.min(found.max_output_tokens, tryTokens));
    if (most === null) return limits.allowUnknownPrice ? null : "refused";
    return most <= remaining(state.money) ? most : "refused";
  }

  async function compact(trigger: CompactTrigger, signal: AbortSignal): Promise<NewEvent[]> {
    const of = trigger === "switch" && state.wanted !== null ? state.wanted : state;
    const isStill = () => trigger !== "switch" || state.wanted === of;
    const money = await moneyForSummary(signal);
    if (signal.aborted) return [];
    const room = {
      windowTokens: windowOf(state, limits.context),
      triggerTokens: triggerTokens(state, limits.context, of),
      overheadChars: limits.context.overheadChars,
      mechanical: money === "refused",
      ...(money === "refused" || money === null ? {} : { spend: money.each }),
    };
    const model = options.summaryModel ?? state.model;
    // Also where no model is asked now: what an earlier summary that came to nothing may have cost counts from here.
    if (!(room.mechanical || model.startsWith("offline/")) || state.money.open.has("summary")) {
      const reserved = money === null ? {} : { reserved_micro_usd: money === "refused" ? 0 : money.micro };
      record([{ type: "llm_started", data: { iteration: 0, model, kind: "summary", ...reserved } }]);
    }
    const outcome = await options.compactor.compact(state, room, signal);
    if (signal.aborted) return [];
    if (outcome.kind === "done") {
      compactFailures = 0;
      return onCompacted(state, outcome.result, isStill() ? trigger : "threshold");
    }
    if (outcome.kind === "lost" && ++compactFailures <= maxCompactFailures) return [];
    compactFailures = 0;
    const died = { error: "The part of the program that does it died each time.", calls: null };
    const failure = outcome.kind === "failed" ? outcome.failure : died;
    // When the model that it was for is not wanted any more, nothing depends on it.
    return isStill() ? onCompactFailed(state, failure, trigger) : failedBooks(state, failure);
  }

  /** What a summary may cost under a budget; `refused`: it has to do without a model. Null: no budget is kept. */
  async function moneyForSummary(signal: AbortSignal): Promise<{ micro: number; each: Spend } | null | "refused"> {
    if (state.money.cap === null) return null;
    const model = options.summaryModel ?? state.model;
    const known = model === state.model && state.facts !== null ? state.facts : await describeModel(model, signal);
    const window = windowOf(state, limits.context);
    const whole = mostTokensOf(state, limits.context.overheadChars);
    const promptTokens = Math.min(whole, Math.ceil(window * summaryRequestShare));
    const most = known === null ? null : worstCase(known, promptTokens);
    if (most === null) return limits.allowUnknownPrice ? null : "refused";
    const micro = most * (promptTokens < whole ? mostSummaryRequests : 1);
    return micro <= remaining(state.money) ? { micro, each: { mostMicroUsd: most, promptTokens } } : "refused";
  }

  return { call, facts, tryOut, compact };
}

/** What is said of a model call that its caller did not survive. */
function modelLost(attempts: number): ModelFailure {
  const message = "The part of the program that calls the model died each time that it tried this call.";
  const hint = "The session is saved, so send the message again. log.jsonl in the session's folder says more.";
  return { code: "LLM_LOST", message, hint, attempts, latencyMs: 0, assumedUsd: null };
}

function tooDear(model: string): ModelFailure {
  const message = `The budget does not allow to try ${model}: too little is left, or nobody says what it costs.`;
  const hint = "Raise the budget, or put the model's price into the config (prices).";
  return { code: "LLM_BUDGET", message, hint, attempts: 0, latencyMs: 0, assumedUsd: 0 };
}
