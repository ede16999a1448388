// The LLM caller: keeps copies of conversations, knows the providers, and carries out one model call per ask.
import type { BehaviourFactory } from "../../runtime/index.ts";
import type { ModelFacts } from "../events.ts";
import { carryOut } from "./call.ts";
import { createConversations } from "./conversation.ts";
import { free, type Price, priceIn } from "./cost.ts";
import type { LlmArgs, LlmProtocol } from "./protocol.ts";
import type { Provider } from "./provider.ts";
import { createRegistry } from "./registry.ts";
import { type Route, routeOf } from "./routing.ts";

/** Makes the LLM caller. It loads no SDK before the first call or `warm`. */
const llm: BehaviourFactory<LlmProtocol, LlmArgs> = (args, context) => {
  const conversations = createConversations();
  const providers = createRegistry(args, context.signal);

  return {
    tells: {
      async warm({ model }) {
        try {
          await providers(routeOf(model));
        } catch (error) {
          // The call itself will say what is wrong; warming up must not.
          context.log("debug", "could not warm up", { model, error: String(error) });
        }
      },
    },
    asks: {
      async complete(request, message) {
        const route = routeOf(request.model);
        const { preamble, messages } = conversations.take(request);
        const { stream, effort, sessionId } = request;
        const { maxOutputTokens } = args.limits;
        return await carryOut({
          provider: () => providers(route),
          request: { model: route.model, preamble, messages, effort, stream, sessionId, maxOutputTokens },
          limits: args.limits,
          price: (provider) => priceFor(args, request.model, route, provider),
          emit: (update) => message.progress(update),
          signal: message.signal,
        });
      },
      async describe({ model }) {
        return factsOf(args, model);
      },
      async probe({ model, effort, sessionId }, message) {
        const route = routeOf(model);
        const reply = await carryOut({
          provider: () => providers(route),
          request: { ...probeRequest, model: route.model, effort, sessionId },
          limits: args.limits,
          price: (provider) => priceFor(args, model, route, provider),
          emit: () => undefined,
          signal: message.signal,
        });
        const { usage, costUsd, attempts, latencyMs } = reply;
        return { facts: factsOf(args, model), effort, usage, costUsd, attempts, latencyMs };
      },
    },
  };
};

export default llm;

const probeRequest = {
  preamble: { system: "", tools: [] },
  messages: [{ role: "user" as const, text: "Say ok." }],
  stream: false,
  maxOutputTokens: 64,
};

function factsOf(args: LlmArgs, model: string): ModelFacts {
  const price = priceIn(args.prices, model);
  return {
    model,
    context_tokens: null,
    price,
    tools: null,
    max_output_tokens: args.limits.maxOutputTokens,
    source: price === null ? "unknown" : "config",
    as_of: null,
  };
}

/** What the user's own table says goes first; then the provider; what runs here is free. */
function priceFor(args: LlmArgs, id: string, route: Route, provider: Provider): Price | null {
  return priceIn(args.prices, id) ?? provider.price?.(route.model) ?? (route.provider === "offline" ? free : null);
}
