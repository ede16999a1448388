// What a session works with, put together from the house's actors: the main session's and those of sub-agents alike.
import { randomBytes } from "node:crypto";
import type { ActorRef, System } from "../../runtime/index.ts";
import type { Carried, ContextProtocol } from "../context/protocol.ts";
import type { Effort, LlmProtocol, Preamble } from "../llm/protocol.ts";
import { createCompactor } from "../session/effects/compaction.ts";
import { createModelCaller } from "../session/effects/model-call.ts";
import { judge } from "../session/policy/judge.ts";
import type { PolicyRules } from "../session/policy/types.ts";
import type { SessionOptions } from "../session/session.ts";
import type { SessionState } from "../session/state.ts";
import type { ToolsProtocol } from "../tools/protocol.ts";
import type { Store } from "./store.ts";
import type { StartOptions } from "./types.ts";

/** What one session has of its own. */
export interface SessionSetting {
  id: string;
  store: Store;
  /** What every request begins with; the tools of MCP servers may come and go between turns. */
  preamble: (state: SessionState) => Preamble;
  /** Characters of it without the tools of MCP servers. */
  overheadChars: number;
  tools: ActorRef<ToolsProtocol>;
  effort: Effort;
  maxIterations: number;
  approval: StartOptions["approval"];
  policy: PolicyRules;
  /** Where untrusted text came from that has reached this session, beside what it has read itself. */
  tainted: (state: SessionState) => string | null;
  /** Whether the user wrote an address, or a web search answered it. */
  isFound: (state: SessionState, address: string) => boolean;
  /** Commands that still run. */
  jobs: () => Promise<Carried["jobs"]>;
}

/** Makes what a session is started with; called at each of its starts, so that a later one folds its journal anew. */
export function sessionOptions(system: System, options: StartOptions, setting: SessionSetting): () => SessionOptions {
  const { id, store, preamble, effort, overheadChars } = setting;
  const llm = system.ref<LlmProtocol>("llm");
  const { summaryModel } = options.context;
  let starts = 0;
  return () => ({
    state: starts++ === 0 ? store.state : store.rebuild(),
    publish: store.publish,
    emit: store.emit,
    sessionId: id,
    effort,
    llm,
    summaryModel,
    model: createModelCaller({ llm, sessionId: id, preamble, stream: options.stream, effort, emit: store.emit }),
    compactor: createCompactor({
      context: system.ref<ContextProtocol>("context"),
      sessionId: id,
      model: summaryModel,
      effort,
      jobs: setting.jobs,
    }),
    tools: setting.tools,
    limits: {
      maxIterations: setting.maxIterations,
      parallelTools: options.limits.parallelTools,
      fallbackModel: options.fallbackModel,
      allowUnknownPrice: options.budget.allowUnknownPrice,
      context: { ...options.context, overheadChars },
    },
    approval: setting.approval,
    judge: (call, state) =>
      judge(call, {
        workspace: options.cwd,
        home: options.home,
        mode: options.mode,
        rules: { ...setting.policy, session: state.sessionRules },
        tainted: setting.tainted(state),
        isFound: (address) => setting.isFound(state, address),
      }),
    newId: () => randomBytes(6).toString("hex"),
  });
}
