// A provider for OpenAI's Responses API. Nothing is stored there: reasoning comes encrypted and goes back unchanged.

import { asObject } from "../../shape.ts";
import { saysNoTools, saysOverflow } from "../failures.ts";
import { sendHealed } from "../heal.ts";
import { perMessage } from "../memo.ts";
import { allowedOutput } from "../output-limit.ts";
import type { Message } from "../protocol.ts";
import type { Provider, ProviderReply, ProviderRequest, ProviderUpdate } from "../provider.ts";
import { blamedParameter, statedBy } from "../sdk-error.ts";
import { cutShort, noReply } from "../transport.ts";
import { post } from "./client.ts";
import { type Dialect, effortLadder } from "./dialect.ts";
import { nextRung } from "./healing.ts";
import { createResponsesAccumulator, responseReply } from "./responses-accumulate.ts";
import { type Item, itemsOf, responsesTools } from "./responses-convert.ts";

/** What was learnt about one model from its refusals. */
interface Learnt {
  rung: Map<string, number>;
  /** Whether summaries of the reasoning may be asked for. */
  summary: boolean;
  /** Whether the model reasons at all. */
  reasons: boolean;
  /** The most output tokens that it may be asked for. */
  maxOutput: number;
}

/** Characters that the API takes for a cache key. */
export const cacheKeyLength = 64;

/** Makes the provider. It keeps no state but what it learnt about models. */
export function createResponses(dialect: Dialect): Provider {
  const learnt = new Map<string, Learnt>();
  const converters = new Map<string, (message: Message) => Item[]>();
  /** Messages whose reasoning the API no longer takes. */
  const stale = new WeakSet<Message>();

  function converter(model: string): (message: Message) => Item[] {
    const writer = { provider: dialect.provider, model };
    const known = converters.get(model) ?? perMessage((message: Message) => itemsOf(message, writer, true));
    converters.set(model, known);
    return (message) => (stale.has(message) ? itemsOf(message, writer, false) : known(message));
  }

  function bodyOf(request: ProviderRequest, known: Learnt, effort: string | null): Record<string, unknown> {
    const { model, preamble, messages, stream, sessionId } = request;
    const reasoning = { ...(effort === null ? {} : { effort }), ...(known.summary ? { summary: "auto" } : {}) };
    return {
      model,
      ...(preamble.system === "" ? {} : { instructions: preamble.system }),
      ...(preamble.tools.length > 0 ? { tools: responsesTools(preamble) } : {}),
      input: messages.flatMap(converter(model)),
      stream,
      store: false,
      ...(request.limitOutput ? { max_output_tokens: limitOf(request, known) } : {}),
      prompt_cache_key: sessionId.slice(0, cacheKeyLength),
      ...(known.reasons ? { reasoning, include: ["reasoning.encrypted_content"] } : {}),
    };
  }

  function heal(request: ProviderRequest, known: Learnt, effort: string | null, error: unknown): boolean {
    const stated = statedBy(error);
    if (stated?.status !== 400) return false;
    const allowed = request.limitOutput ? allowedOutput(stated.message, limitOf(request, known)) : null;
    if (allowed !== null && !allowed.room) {
      known.maxOutput = allowed.tokens;
      return true;
    }
    if (saysOverflow(stated.message) || saysNoTools(stated.message)) return false;
    const blamed = blamedParameter(error);
    if (
      stated.codes.includes("invalid_encrypted_content") ||
      /encrypted content.*(verified|decrypt)/i.test(stated.message)
    ) {
      const fresh = request.messages.filter(
        (message) => message.role === "assistant" && message.native && !stale.has(message),
      );
      for (const message of fresh) stale.add(message);
      return fresh.length > 0;
    }
    if (known.summary && /summar/i.test(`${blamed} ${stated.message}`)) {
      known.summary = false;
      return true;
    }
    if (
      known.reasons &&
      (blamed === "include" || blamed === "reasoning" || /not supported with this model/i.test(stated.message))
    ) {
      known.reasons = false;
      return true;
    }
    if (known.reasons && effort !== null && /effort/i.test(`${blamed} ${stated.message}`)) {
      known.rung.set(request.effort, nextRung(known.rung.get(request.effort) ?? 0, stated.message));
      return true;
    }
    return false;
  }

  return {
    async complete(request, update) {
      const service = dialect.service(request.model);
      const known = learnt.get(request.model) ?? {
        rung: new Map(),
        summary: request.effort !== "off",
        reasons: true,
        maxOutput: Number.POSITIVE_INFINITY,
      };
      learnt.set(request.model, known);
      const ladder = effortLadder(request.effort, dialect.efforts);
      let effort: string | null = null;
      return sendHealed(
        service,
        request.signal,
        async () => {
          effort = ladder[known.rung.get(request.effort) ?? 0] ?? null;
          const reply = await send(dialect, bodyOf(request, known, effort), request, update);
          return effort === null || !known.reasons ? reply : { ...reply, effort };
        },
        (refusal) => heal(request, known, effort, refusal),
      );
    },
  };
}

function limitOf({ maxOutputTokens }: ProviderRequest, { maxOutput }: Learnt): number {
  return Math.min(maxOutputTokens, maxOutput);
}

async function send(
  dialect: Dialect,
  body: Record<string, unknown>,
  request: ProviderRequest,
  update: (update: ProviderUpdate) => void,
): Promise<ProviderReply> {
  const { model, stream, signal, preamble } = request;
  const service = dialect.service(model);
  const writer = { provider: dialect.provider, model };
  const tools = preamble.tools.map((tool) => tool.name);
  const answer = await post(dialect, "/responses", body, request, update);
  if (!stream) {
    const response = asObject(answer);
    if (response === null || !("output" in response)) throw noReply(service, "something that is no response");
    return responseReply(response, [], writer, tools);
  }
  const accumulator = createResponsesAccumulator(writer, tools);
  for await (const event of answer as AsyncIterable<unknown>) update(accumulator.event(event));
  // An aborted stream ends without an error.
  signal.throwIfAborted();
  const reply = accumulator.reply();
  if (reply === null) throw cutShort(service);
  return reply;
}
