// The LLM caller: keeps copies of conversations, knows the providers, and carries out one model call per ask.
import type { BehaviourFactory } from "../../runtime/index.ts";
import type { ModelFacts } from "../events.ts";
import { type Call, carryOut } from "./call.ts";
import { type Catalogue, createCatalogue } from "./catalogue/catalogue.ts";
import { createConversations } from "./conversation.ts";
import { withHint } from "./endings.ts";
import { probe } from "./probe.ts";
import type { CompleteRequest, LlmArgs, LlmProtocol } from "./protocol.ts";
import { LlmError } from "./provider.ts";
import { createRegistry } from "./registry.ts";
import { type Route, routeOf } from "./routing.ts";

/** Makes the LLM caller. It loads no SDK before the first call or `warm`. */
const llm: BehaviourFactory<LlmProtocol, LlmArgs> = (args, context) => {
  const conversations = createConversations();
  const catalogue = createCatalogue(args, context.signal);
  // From the moment that a reply has begun, fetching the list of prices costs the user no time.
  const providers = createRegistry(args, (model) => catalogue.refresh(model));

  return {
    tells: {},
    asks: {
      async warm({ model }) {
        try {
          await providers(routeOf(model));
        } catch (error) {
          // The call itself will say what is wrong; warming up must not.
          context.log("debug", "could not warm up", { model, error: String(error) });
        }
        return null;
      },
      async complete(request, message) {
        const route = routeFor(catalogue, request.model);
        const { preamble, messages } = conversations.take(request);
        const { stream, effort, sessionId, spend } = request;
        const maxOutputTokens = outputFor(catalogue.known(request.model), spend);
        try {
          const { reply } = await carryOut({
            provider: () => providers(route),
            request: { model: route.model, preamble, messages, effort, stream, sessionId, maxOutputTokens },
            limits: args.limits,
            ...(spend === undefined ? {} : { spend }),
            ...pricesFor(catalogue, request.model, route),
            emit: (update) => message.progress(update),
            signal: message.signal,
          });
          return reply;
        } catch (error) {
          const isUnknown = error instanceof LlmError && error.code === "LLM_MODEL_UNKNOWN";
          throw isUnknown ? withHint(error, catalogue.meant(request.model)) : error;
        }
      },
      async describe({ model }) {
        return await catalogue.describe(model);
      },
      async probe(wish, message) {
        const route = routeFor(catalogue, wish.model);
        const provider = () => providers(route);
        const prices = pricesFor(catalogue, wish.model, route);
        return await probe({ args, catalogue, route, provider, ...prices }, wish, message.signal);
      },
    },
  };
};

export default llm;

/** The route of an id; what is none fails with what it may have meant. */
function routeFor(catalogue: Catalogue, id: string): Route {
  try {
    return routeOf(id);
  } catch (error) {
    throw error instanceof LlmError ? withHint(error, catalogue.meant(id)) : error;
  }
}

function pricesFor(catalogue: Catalogue, id: string, route: Route): Pick<Call, "price" | "priceSoon"> {
  return {
    price: (provider) => catalogue.price(id, provider?.servedBy?.(route.model)),
    // What is known is good enough; only what is not known is waited for.
    priceSoon: async () => catalogue.price(id) ?? (await catalogue.describe(id)).price,
  };
}

/** Output tokens that are left too few to be worth leaving. */
const leastRoom = 256;

/**
 * The most output tokens to ask for. Under a budget the limit is always sent, so it must also fit beside the prompt
 * into the window: most servers refuse what does not.
 */
function outputFor(facts: ModelFacts, spend: CompleteRequest["spend"]): number {
  if (spend === undefined || facts.context_tokens === null) return facts.max_output_tokens;
  const room = facts.context_tokens - spend.promptTokens;
  return room < leastRoom ? facts.max_output_tokens : Math.min(facts.max_output_tokens, room);
}
