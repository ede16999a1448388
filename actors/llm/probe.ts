// Tries a model with one tiny request that is like the real ones: with a tool, and thinking as hard as is wished.
import type { Json } from "../events.ts";
import { unlessAborted } from "../http/wait.ts";
import { leastOutput } from "./anthropic/thinking.ts";
import { type Call, carryOut } from "./call.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { withHint } from "./endings.ts";
import { noToolsHint } from "./failure-words.ts";
import type { Effort, LlmArgs, Probed } from "./protocol.ts";
import { LlmError, type Provider } from "./provider.ts";
import type { Route } from "./routing.ts";
import { serviceOf } from "./services.ts";

/** Milliseconds that a try may take in all. */
const limitMs = 15_000;
/** Attempts: one more when the service was merely busy. */
const mostAttempts = 2;
/** Output tokens: enough for a word. */
const outputTokens = 256;
/** Prompt tokens at most, with what a service adds for its tools. */
const promptTokens = 1_000;

const parameters: { [key: string]: Json } = { type: "object", properties: {} };

/** The same words each time, so that nothing of the user's goes to a model that is only tried. */
const tiny = {
  preamble: { system: "", tools: [{ name: "done", description: "Says that all is done.", parameters }] },
  messages: [{ role: "user" as const, text: 'Answer with the word "ok".' }],
  stream: false,
};

/** A wish to try a model. */
export interface Wish {
  model: string;
  effort: Effort;
  sessionId: string;
  mostMicroUsd?: number;
}

/** What a try works with. */
export interface ProbeParts {
  args: LlmArgs;
  catalogue: Catalogue;
  route: Route;
  provider: () => Promise<Provider>;
  price: Call["price"];
  priceSoon: Call["priceSoon"];
}

/** Tries it. Throws an `LlmError` when it cannot be used, or the signal's reason. */
export async function probe(parts: ProbeParts, wish: Wish, signal: AbortSignal): Promise<Probed> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooLate(wish.model, parts.route)), limitMs);
  const within = AbortSignal.any([signal, limit.signal]);
  try {
    return await tryOut(parts, wish, within);
  } catch (error) {
    if (!(error instanceof LlmError) || error.code !== "LLM_MODEL_UNKNOWN") throw error;
    throw withHint(error, await unlessAborted(parts.catalogue.meantSoon(wish.model), signal));
  } finally {
    clearTimeout(timer);
  }
}

async function tryOut(parts: ProbeParts, wish: Wish, signal: AbortSignal): Promise<Probed> {
  const { args, catalogue, route } = parts;
  const { model, effort, sessionId, mostMicroUsd } = wish;
  // What is wrong with a key or an address is said before anyone is asked.
  await unlessAborted(parts.provider(), signal);
  const facts = await unlessAborted(catalogue.describe(model), signal);
  if (facts.tools === false) throw noTools(args, route, model);
  const least = route.provider === "anthropic" ? leastOutput(route.model, effort) : 0;
  const maxOutputTokens = Math.min(Math.max(outputTokens, least), facts.max_output_tokens);
  const { reply, effort: used } = await carryOut({
    provider: parts.provider,
    request: { ...tiny, model: route.model, effort, sessionId, maxOutputTokens },
    limits: { ...args.limits, attempts: Math.min(mostAttempts, args.limits.attempts) },
    ...(mostMicroUsd === undefined ? {} : { spend: { mostMicroUsd, promptTokens } }),
    price: parts.price,
    priceSoon: parts.priceSoon,
    trial: true,
    emit: () => undefined,
    signal,
  });
  const { usage, costUsd, attempts, latencyMs } = reply;
  const note = effortNote(model, route, effort, used);
  return {
    // Only now that the model is loaded does a local server know the window that it has given it.
    facts: route.provider === "local" ? await unlessAborted(catalogue.describe(model), signal) : facts,
    effort: used,
    ...(note === null ? {} : { note }),
    usage,
    costUsd,
    attempts,
    latencyMs,
  };
}

const rising: readonly string[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/** Why the effort in effect is not the one that was asked for; null when it is, or is no less. */
export function effortNote(model: string, route: Route, asked: Effort, used: string | null): string | null {
  if (asked === "off") {
    const hasSwitch = route.provider === "anthropic" || route.provider === "openai";
    return used === null && hasSwitch ? `${model} cannot be told not to think.` : null;
  }
  if (used === null) return `${model} is not told how hard to think: there is no such setting for it here.`;
  if (used === "adaptive") return `${model} decides itself how hard to think: it takes no level.`;
  const isLower = rising.includes(used) && rising.indexOf(used) < rising.indexOf(asked);
  return isLower ? `${model} does not take the effort ${asked}: it will think at ${used}.` : null;
}

function noTools(args: LlmArgs, route: Route, model: string): LlmError {
  const service = serviceOf(args, route, model);
  const at = service === null ? "" : ` as ${service.name} serves it`;
  return new LlmError("LLM_NO_TOOLS", `${model} cannot call tools${at}, and nothing can be done without them.`, {
    retriable: false,
    ...(service === null ? {} : { hint: noToolsHint(service) }),
  });
}

function tooLate(model: string, route: Route): LlmError {
  return new LlmError("LLM_STALLED", `${model} did not answer within ${limitMs / 1000} s.`, {
    retriable: false,
    hint:
      route.provider === "local"
        ? "The server may still be loading the model: try again in a while."
        : "Try again in a while, or use another model.",
  });
}
