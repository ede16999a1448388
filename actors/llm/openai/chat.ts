// A provider for any server that speaks chat completions.

import { asObject } from "../../shape.ts";
import { sendHealed } from "../heal.ts";
import { perMessage } from "../memo.ts";
import type { Message } from "../protocol.ts";
import type { Provider, ProviderReply, ProviderRequest, ProviderUpdate } from "../provider.ts";
import { cutShort, noReply } from "../transport.ts";
import { createChatAccumulator } from "./accumulate.ts";
import { post } from "./client.ts";
import { type ChatMessage, chatMessageOf, chatMessages, chatTools, type ReplayRule } from "./convert.ts";
import { type Dialect, effortLadder } from "./dialect.ts";
import { type Learnt, learn, nothingLearnt, type Sent } from "./healing.ts";

/** Makes the provider. It keeps no state but what it learnt about models. */
export function createChat(dialect: Dialect): Provider {
  const learnt = new Map<string, Learnt>();
  const converters = new Map<string, (message: Message) => ChatMessage>();

  function converter(model: string, replay: ReplayRule): (message: Message) => ChatMessage {
    const key = `${replay} ${model}`;
    const writer = { provider: dialect.provider, model };
    const known = converters.get(key) ?? perMessage((message: Message) => chatMessageOf(message, replay, writer));
    converters.set(key, known);
    return known;
  }

  function bodyOf(request: ProviderRequest, known: Learnt, sent: Sent): Record<string, unknown> {
    const { model, preamble, messages, stream, sessionId } = request;
    return {
      model,
      ...(preamble.tools.length > 0 ? { tools: chatTools(preamble) } : {}),
      messages: chatMessages(preamble, messages, converter(model, known.replay)),
      stream,
      ...(stream && known.askUsage ? { stream_options: { include_usage: true } } : {}),
      ...(sent.limit === null ? {} : { [known.limitName]: sent.limit }),
      ...(sent.effort === null ? {} : { reasoning_effort: sent.effort }),
      ...dialect.extras?.(model, sessionId),
    };
  }

  return {
    async complete(request, update) {
      const service = dialect.service(request.model);
      const known = learnt.get(request.model) ?? nothingLearnt(dialect.limitName);
      learnt.set(request.model, known);
      const ladder = effortLadder(request.effort, dialect.efforts);
      const sent: Sent = {
        wish: request.effort,
        effort: null,
        limit: request.limitOutput ? Math.min(request.maxOutputTokens, known.maxOutput) : null,
      };
      return sendHealed(
        service,
        request.signal,
        async () => {
          const effort = ladder[known.rung.get(request.effort) ?? 0] ?? null;
          sent.effort = effort;
          const reply = await send(dialect, bodyOf(request, known, sent), request, update);
          return effort === null ? reply : { ...reply, effort };
        },
        (refusal) => learn(known, sent, refusal),
      );
    },
  };
}

async function send(
  dialect: Dialect,
  body: Record<string, unknown>,
  request: ProviderRequest,
  update: (update: ProviderUpdate) => void,
): Promise<ProviderReply> {
  const { model, stream, signal, preamble } = request;
  const service = dialect.service(model);
  const answer = await post(dialect, "/chat/completions", body, request, update);
  const tools = preamble.tools.map((tool) => tool.name);
  const accumulator = createChatAccumulator({ provider: dialect.provider, model }, tools, !stream);
  if (stream) {
    for await (const chunk of answer as AsyncIterable<unknown>) {
      for (const shown of accumulator.chunk(chunk)) update(shown);
    }
    // An aborted stream ends without an error.
    signal.throwIfAborted();
    for (const shown of accumulator.rest()) update(shown);
  } else {
    if (asObject(answer) === null) throw noReply(service, "something that is no chat completion");
    accumulator.chunk(answer);
  }
  const reply = accumulator.reply();
  if (reply !== null) return reply;
  throw stream ? cutShort(service) : noReply(service, "something that is no chat completion");
}
