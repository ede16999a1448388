// The bounds of a turn, as the configuration sets them.
import type { SessionState } from "../state.ts";

/** Bounds of a turn. */
export interface TurnLimits {
  /** Model calls in one turn; -1 for no limit. */
  maxIterations: number;
  /** Calls that run at the same time. */
  parallelTools: number;
  context: ContextLimits;
  /** The model that takes over when the session's own fails for good; null: none. */
  fallbackModel: string | null;
  /** Under a budget, models whose price nobody knows may be called all the same. */
  allowUnknownPrice: boolean;
}

/** Numbers by what stands before the first slash of a model's id; `other` holds for all that are not named. */
export interface ByPrefix {
  [prefix: string]: number;
  other: number;
}

/** When the conversation is made shorter. */
export interface ContextLimits {
  /** Tokens of the window, where the user has said so; it counts before what anybody else says. */
  ownWindow: number | null;
  /** Tokens of a model's window when nobody says. */
  assumedWindow: ByPrefix;
  /** Share of the window at which a compaction is due, and the most tokens that it may leave room for. */
  triggerShare: number;
  triggerMost: ByPrefix;
  /** Characters of what each request carries besides the conversation. */
  overheadChars: number;
}

function numberFor(model: string, table: ByPrefix): number {
  return table[model.slice(0, Math.max(0, model.indexOf("/")))] ?? table.other;
}

/** A model's window, as far as it is known. */
interface KnownWindow {
  model: string;
  facts: { context_tokens: number | null } | null;
}

/**
 * Tokens of a model's window: what the user says, else what the model's service says, else what is usual there; never
 * more than a refusal of the model that is in use has taught.
 */
export function windowOf(state: SessionState, limits: ContextLimits, of: KnownWindow = state): number {
  const said = limits.ownWindow ?? of.facts?.context_tokens ?? numberFor(of.model, limits.assumedWindow);
  return of === state ? Math.min(said, state.learnedWindow ?? Number.POSITIVE_INFINITY) : said;
}

/** Tokens at which a compaction is due. */
export function triggerTokens(state: SessionState, limits: ContextLimits, of: KnownWindow = state): number {
  return Math.min(windowOf(state, limits, of) * limits.triggerShare, numberFor(of.model, limits.triggerMost));
}
