import type { ChildSpec } from "../../runtime/index.ts";
import type { LlmArgs, LlmProtocol } from "./protocol.ts";

/**
 * The LLM caller has a thread of its own: provider SDKs and the parsing of streams stay off the main loop, and keys
 * stay with it.
 */
export function llmChild(args: LlmArgs): ChildSpec<LlmProtocol, LlmArgs> {
  return {
    id: "llm",
    entry: new URL("./actor-llm.js", import.meta.url).href,
    args,
    place: { at: "thread" },
    restart: "permanent",
    shutdown: "kill",
    mailbox: { capacity: 64, whenFull: "reject" },
    concurrency: 16,
  };
}
