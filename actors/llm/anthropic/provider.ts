// Anthropic's Messages API.

import Anthropic from "@anthropic-ai/sdk";
import { saysOverflow } from "../failures.ts";
import { sendHealed } from "../heal.ts";
import { fetchFor, sdkTimeoutMs } from "../http.ts";
import { perMessage } from "../memo.ts";
import type { Effort, Message } from "../protocol.ts";
import type { Provider, ProviderReply, ProviderRequest, ProviderUpdate } from "../provider.ts";
import { statedBy } from "../sdk-error.ts";
import type { Service } from "../service.ts";
import { cutShort, noReply } from "../transport.ts";
import { createAccumulator, replyOf } from "./accumulate.ts";
import { markLast, markNewest } from "./cache.ts";
import { blocksOf, toolsOf, turnsOf } from "./convert.ts";
import { effortOf, ladderFor, nextRung, type Rung, thinkingHeaders, thinkingParameters } from "./thinking.ts";

export interface AnthropicOptions {
  apiKey: string;
  /** Without `/v1`. */
  baseUrl: string;
  service: (model: string) => Service;
}

/** What was learnt about one model from its refusals. */
interface Learnt {
  /** Rung of the thinking ladder by effort. */
  rung: Map<Effort, number>;
  /** The most output tokens that it may be asked for. */
  maxTokens: number;
}

/** Makes the provider. It keeps no state but what it learnt about models. */
export function createAnthropic(options: AnthropicOptions): Provider {
  const learnt = new Map<string, Learnt>();
  const blocksFor = new Map<string, (message: Message) => ReturnType<typeof blocksOf>>();
  /** Messages whose thinking the API no longer takes, because the conversation before them has changed. */
  const stale = new WeakSet<Message>();

  function about(model: string): Learnt {
    const known = learnt.get(model) ?? { rung: new Map(), maxTokens: Number.POSITIVE_INFINITY };
    learnt.set(model, known);
    return known;
  }

  function converter(model: string): (message: Message) => ReturnType<typeof blocksOf> {
    const known = blocksFor.get(model) ?? perMessage((message: Message) => blocksOf(message, model, true));
    blocksFor.set(model, known);
    return (message) => (stale.has(message) ? blocksOf(message, model, false) : known(message));
  }

  function bodyOf(request: ProviderRequest, rung: Rung): Record<string, unknown> {
    const { model, preamble, stream } = request;
    const maxTokens = Math.min(request.maxOutputTokens, about(model).maxTokens);
    return {
      model,
      max_tokens: maxTokens,
      ...thinkingParameters(rung, maxTokens),
      ...(preamble.tools.length > 0 ? { tools: markLast(toolsOf(preamble)) } : {}),
      ...(preamble.system !== "" ? { system: markLast([{ type: "text", text: preamble.system }]) } : {}),
      messages: markNewest(turnsOf(request.messages, converter(model))),
      stream,
    };
  }

  /** Changes what will be sent so that this refusal does not come again; false when there is nothing to change. */
  function heal(request: ProviderRequest, ladder: readonly Rung[], sent: Attempt, error: unknown): boolean {
    const stated = statedBy(error);
    if (stated?.status !== 400 || saysOverflow(stated.message)) return false;
    const { message } = stated;
    const known = about(request.model);
    const limit = Number(/max_tokens: \d+ > (\d+)/.exec(message)?.[1]);
    if (limit > 0 && limit < known.maxTokens) {
      known.maxTokens = limit;
      return true;
    }
    if (/signature|thinking.{0,40}blocks?.{0,80}(modified|remain|match)/is.test(message))
      return forget(request.messages);
    // The newest turn was begun by another model: its calls have no thinking before them. True of this request only.
    if (/expected .{0,20}thinking/i.test(message) && !sent.withoutThinking) {
      sent.withoutThinking = true;
      return true;
    }
    const next = nextRung(ladder, sent.rung, message);
    if (next === null) return false;
    sent.rung = next;
    known.rung.set(request.effort, next);
    return true;
  }

  function forget(messages: readonly Message[]): boolean {
    const fresh = messages.filter((message) => message.role === "assistant" && message.native && !stale.has(message));
    for (const message of fresh) stale.add(message);
    return fresh.length > 0;
  }

  return {
    async complete(request, update) {
      const service = options.service(request.model);
      const ladder = ladderFor(request.model, request.effort);
      const sent: Attempt = { rung: about(request.model).rung.get(request.effort) ?? 0, withoutThinking: false };
      return sendHealed(
        service,
        request.signal,
        async () => {
          const rung: Rung = (sent.withoutThinking ? undefined : ladder[sent.rung]) ?? {
            thinking: "unset",
            level: null,
          };
          const reply = await send({ options, service, body: bodyOf(request, rung), rung }, request, update);
          const effort = effortOf(rung);
          return effort === null ? reply : { ...reply, effort };
        },
        (refusal) => heal(request, ladder, sent, refusal),
      );
    },
  };
}

interface Attempt {
  rung: number;
  withoutThinking: boolean;
}

async function send(
  sending: { options: AnthropicOptions; service: Service; body: Record<string, unknown>; rung: Rung },
  request: ProviderRequest,
  update: (update: ProviderUpdate) => void,
): Promise<ProviderReply> {
  const { options, service, body, rung } = sending;
  const { signal, stream, model } = request;
  const client = new Anthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, ""),
    fetch: fetchFor({
      onSent: () => update({ kind: "sent" }),
      onBytes: () => update({ kind: "alive" }),
      noReply: (detail) => noReply(service, detail),
    }),
    maxRetries: 0,
    timeout: sdkTimeoutMs,
    logLevel: "off",
    openTelemetry: false,
  });
  // Not `messages.create`: it prints warnings about models to the console.
  const answer: unknown = await client.post("/v1/messages", { body, stream, signal, headers: thinkingHeaders(rung) });
  if (!stream) {
    const reply = replyOf(answer, model);
    if (reply === null) throw noReply(service, "something that is no message");
    return reply;
  }
  const accumulator = createAccumulator();
  for await (const event of answer as AsyncIterable<unknown>) update(accumulator.event(event));
  // An aborted stream ends without an error.
  signal.throwIfAborted();
  const reply = accumulator.reply(model);
  if (reply === null) throw cutShort(service);
  return reply;
}
