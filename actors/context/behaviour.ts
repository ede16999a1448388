// The context actor: makes conversations shorter on request. It holds nothing between requests.
import { readFileSync } from "node:fs";
import type { BehaviourFactory } from "../../runtime/index.ts";
import type { LlmProtocol } from "../llm/protocol.ts";
import { compact } from "./compact.ts";
import type { ContextArgs, ContextProtocol } from "./protocol.ts";

/** Makes the context actor. */
const context: BehaviourFactory<ContextProtocol, ContextArgs> = ({ spillDir }, { ref }) => {
  const prompt = readFileSync(new URL("../configs/prompts/summary.md", import.meta.url), "utf8").trim();
  const llm = ref<LlmProtocol>("llm");
  return {
    tells: {},
    asks: {
      compact: (request, { signal }) => compact(request, { llm, prompt, spillDir, signal }),
    },
  };
};

export default context;
