// The LLM caller in its own thread, as the product runs it.

import type { ModelFacts } from "../../actors/events.ts";
import { llmChild } from "../../actors/llm/child.ts";
import type {
  CompleteRequest,
  Effort,
  LlmArgs,
  LlmErrorData,
  LlmProtocol,
  Probed,
  Reply,
} from "../../actors/llm/protocol.ts";
import { createSystem } from "../../runtime/index.ts";

/** An error as it arrives from the other thread. */
export interface Refused {
  code: string;
  message: string;
  data: LlmErrorData;
}

/** A running caller. */
export interface LlmThread {
  describe(model: string): Promise<ModelFacts>;
  probe(model: string, effort?: Effort, mostMicroUsd?: number, signal?: AbortSignal): Promise<Probed>;
  complete(request: CompleteRequest): Promise<Reply>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startThread(args: LlmArgs): Promise<LlmThread> {
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  await system.supervise("root", [llmChild(args)], {
    strategy: "one_for_one",
    intensity: 3,
    periodMs: 10_000,
    backoff: { minMs: 10, maxMs: 100, jitter: 0, resetAfterMs: 1000 },
  });
  const llm = system.ref<LlmProtocol>("llm");
  const deadlineMs = 20_000;
  return {
    describe: (model) => llm.ask("describe", { model }, { deadlineMs }),
    probe: (model, effort = "off", mostMicroUsd, signal) =>
      llm.ask(
        "probe",
        { model, effort, sessionId: "session-1", ...(mostMicroUsd === undefined ? {} : { mostMicroUsd }) },
        { deadlineMs, ...(signal === undefined ? {} : { signal }) },
      ),
    complete: (request) => llm.ask("complete", request, { deadlineMs }),
    stop: () => system.stop(),
  };
}

/** The error of what was expected to fail. */
export async function refused(asked: Promise<unknown>): Promise<Refused> {
  return await asked.then(
    () => {
      throw new Error("This was expected to fail.");
    },
    (error: Refused) => error,
  );
}
