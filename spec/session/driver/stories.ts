// Beginnings and answers that the specs of the driver share.
import type { CompactResult } from "../../../actors/context/protocol.ts";
import type { Json, ModelFacts, ToolCall } from "../../../actors/events.ts";
import type { Probed } from "../../../actors/llm/protocol.ts";
import { committed } from "../../../actors/session/money.ts";
import type { TurnLimits } from "../../../actors/session/turn/limits.ts";
import type { Prepared } from "../../../actors/tools/protocol.ts";
import { type Driven, type DrivenOptions, driven } from "../../support/driver.ts";
import { facts, prepared, reply } from "../../support/turn.ts";

/** Tokens of a short call. */
export const usage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
};

/** Tokens that the provider did not tell. */
export const untold = {
  prompt_tokens: null,
  completion_tokens: null,
  total_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};

/** A model at 1 dollar a million tokens in and 10 out. */
export function priced(model: string, part: Partial<ModelFacts> = {}): ModelFacts {
  return facts(model, { price: { input: 1, output: 10 }, ...part });
}

/** A trial that went well and cost nothing. */
export function tried(model: string, part: Partial<ModelFacts> = {}): Probed {
  return { facts: priced(model, part), effort: null, usage, costUsd: 0, attempts: 1, latencyMs: 1 };
}

/** A mechanical compaction of everything before the second message. */
export function shorter(part: Partial<CompactResult> = {}): CompactResult {
  return {
    prefix: [{ role: "user", text: "task" }],
    keepFrom: 1,
    summary: "s",
    by: "mechanical",
    oldTokens: 100,
    newTokens: 50,
    calls: [],
    ...part,
  };
}

/** Says what is known of each model that the driver asks about now, and of those that it asks about then. */
export async function describeAll(session: Driven, part: Partial<ModelFacts> = {}): Promise<void> {
  while (session.asks.has("llm.describe")) {
    const { model } = session.asks.find("llm.describe").body;
    await session.answer("llm.describe", priced(model, part));
  }
}

/** A session without a budget whose user has spoken; the model is called. */
export async function spoken(given: DrivenOptions = {}, text = "do it"): Promise<Driven> {
  const session = driven(given);
  await session.operate({ type: "user_input", text });
  await describeAll(session);
  return session;
}

/** A session with a budget in US dollars whose user has spoken; the model is called. */
export async function capped(usd: number, given: DrivenOptions = {}, text = "do it"): Promise<Driven> {
  const session = driven(given);
  await session.operate({ type: "set_budget", usd });
  await session.operate({ type: "user_input", text });
  await describeAll(session);
  return session;
}

/** The model answers without a call; the turn ends. */
export async function finished(session: Promise<Driven>): Promise<Driven> {
  const done = await session;
  await done.answer("llm.complete", reply({ text: "done" }));
  return done;
}

/** The model makes calls, and they are checked; each does and touches what `part` says. */
export async function called(
  session: Driven,
  calls: ToolCall[],
  part: Partial<Extract<Prepared, { ok: true }>> = {},
): Promise<void> {
  await session.answer("llm.complete", reply({ calls }));
  const checked = calls.map(({ id, arguments: args }) => prepared(id, { arguments: args, ...part }));
  await session.answer("tools.prepare", checked);
}

/** What counts against the budget, in millionths of a US dollar. */
export const inTheBooks = (session: Driven): number => committed(session.state.money);

/** What is set aside for something, in millionths of a US dollar. */
export const setAside = (session: Driven, key: string): number => session.state.money.open.get(key) ?? 0;

/** How many sums the books know of without knowing how much they are. */
export function unknownSums(session: Driven): number {
  const { unbounded, open } = session.state.money;
  return unbounded + [...open.values()].filter((micro) => micro === null).length;
}

/** Limits under which a model whose window is not known has a very large one. */
export const roomy: Partial<TurnLimits> = {
  context: {
    ownWindow: null,
    assumedWindow: { other: 1_000_000 },
    triggerShare: 0.9,
    triggerMost: { other: 1_000_000 },
    overheadChars: 0,
  },
};

/** A text that is in no other message of a spec. */
export const holds = (value: unknown, text: string): boolean => JSON.stringify(value).includes(text);

/** A call of `bash` with arguments, as a model makes it. */
export const callWith = (id: string, args: Json): ToolCall => ({ id, tool: "bash", arguments: args });
