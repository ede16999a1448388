// The LLM caller as an actor system would run it, without one: a context, messages with signals and progress.
import llm from "../../actors/llm/behaviour.ts";
import type {
  CompleteProgress,
  CompleteRequest,
  LlmArgs,
  LlmErrorData,
  LlmProtocol,
  Message,
  Reply,
  ToolSpec,
} from "../../actors/llm/protocol.ts";
import type { ActorContext, Behaviour, MessageContext } from "../../runtime/index.ts";
import type { SeenRequest } from "../support/sse.ts";

/** A tool for the models of specs. */
export const bash: ToolSpec = {
  name: "bash",
  description: "Runs a command.",
  parameters: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
};
export const read: ToolSpec = {
  name: "read",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

/** Limits with short pauses. */
export const quick: LlmArgs["limits"] = {
  idleMs: 5000,
  attempts: 3,
  totalWaitMs: 2000,
  firstWaitMs: 5,
  maxOutputTokens: 8000,
};

/** Arguments for a caller whose providers all are at this address. */
export function argsFor(url: string, change: Partial<LlmArgs> = {}): LlmArgs {
  return {
    anthropic: { apiKey: "key-anthropic", baseUrl: url },
    openai: { apiKey: "key-openai", baseUrl: `${url}/v1`, api: "chat" },
    huggingface: { token: "key-huggingface", routerUrl: `${url}/v1`, billTo: null },
    local: { ollama: { baseUrl: `${url}/v1`, apiKey: "" } },
    cacheDir: null,
    prices: {},
    limits: quick,
    ...change,
  };
}

/** How an ask went. */
export interface Outcome {
  reply: Reply | null;
  /** What was thrown; an `LlmError` as far as its members go. */
  error: { code: string; message: string; data: LlmErrorData } | null;
  updates: CompleteProgress[];
}

/** A caller under test. */
export interface Caller {
  behaviour: Behaviour<LlmProtocol>;
  ask(request: CompleteRequest, signal?: AbortSignal, onUpdate?: (update: CompleteProgress) => void): Promise<Outcome>;
  /** Asks and returns the reply; throws when there is none. */
  reply(request: CompleteRequest): Promise<Reply>;
  /** As when the actor is stopped. */
  stop(): void;
}

/** Starts one. */
export async function startCaller(args: LlmArgs): Promise<Caller> {
  const stopping = new AbortController();
  const context: ActorContext = {
    self: "llm",
    epoch: 1,
    signal: stopping.signal,
    log: () => {},
    ref: () => {
      throw new Error("The LLM caller asks no one.");
    },
    after: () => {},
    cancelTimer: () => {},
  };
  const behaviour = await llm(args, context);
  const ask: Caller["ask"] = async (request, signal = new AbortController().signal, onUpdate = () => {}) => {
    const updates: CompleteProgress[] = [];
    const message: MessageContext = {
      from: "spec",
      signal,
      progress(update) {
        updates.push(update as CompleteProgress);
        onUpdate(update as CompleteProgress);
      },
    };
    try {
      return { reply: await behaviour.asks.complete(request, message), error: null, updates };
    } catch (error) {
      return { reply: null, error: error as Outcome["error"], updates };
    }
  };
  return {
    behaviour,
    ask,
    async reply(request) {
      const { reply, error } = await ask(request);
      if (reply === null) throw error;
      return reply;
    },
    stop: () => stopping.abort(),
  };
}

/** A request with a whole conversation in it. */
export function request(
  model: string,
  messages: Message[] = [{ role: "user", text: "hi" }],
  change: Partial<Omit<CompleteRequest, "history">> & { tools?: ToolSpec[]; system?: string } = {},
): CompleteRequest {
  const { tools = [bash, read], system = "You are an engineer.", ...rest } = change;
  return {
    model,
    stream: true,
    effort: "high",
    sessionId: "session-1",
    history: { revision: "1", from: 0, messages, preamble: { system, tools } },
    ...rest,
  };
}

/** One entry of a list that a request holds. */
export function sent(seen: SeenRequest | undefined, list: string, index: number): Record<string, unknown> {
  const entry = (seen?.body[list] as Record<string, unknown>[] | undefined)?.[index];
  if (entry === undefined) throw new Error(`The request holds no ${list}[${index}].`);
  return entry;
}

/** The text that was shown, with what was retracted taken away. */
export function shown(updates: readonly CompleteProgress[], kind: "text" | "thinking" = "text"): string {
  let text = "";
  for (const update of updates) {
    if (update.kind === "retracted") text = "";
    else if (update.kind === kind) text += update.text;
  }
  return text;
}

/** The error of an outcome; throws when it went well. */
export function failure(outcome: Outcome): NonNullable<Outcome["error"]> {
  if (outcome.error === null) throw new Error("The call was expected to fail.");
  return outcome.error;
}

/** Waits until a condition holds; throws after `withinMs`. */
export async function until(condition: () => boolean, withinMs = 3000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("The condition did not come true in time.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
