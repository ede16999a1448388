// Sub-agents: who works for this session in a session of its own, on what, and what it has come to.
import { agentKey, reserve, settle } from "../../../actors/session/money.ts";
import { book } from "./books.ts";
import type { Draft } from "./draft.ts";
import type { SubAgent } from "./facts.ts";
import type { Handlers } from "./handlers.ts";

/** Sub-agents that are shown; the oldest give way. */
const mostAgents = 12;

function change(draft: Draft, id: string, changed: Partial<SubAgent>): void {
  draft.agents = draft.agents.map((agent) => (agent.id === id ? { ...agent, ...changed } : agent));
}

/** Handlers of the events of sub-agents. */
export const onAgents: Handlers<"agent_started" | "agent_progress" | "agent_ended"> = {
  agent_started(draft, { agent_id: id, tool_call_id: callId, label, reserved_micro_usd: micro }, at) {
    const begun = { doing: "", toolCalls: 0, tokens: 0, costUsd: 0, startedAt: at.ts, outcome: null };
    draft.agents = [...draft.agents.filter((agent) => agent.id !== id), { id, label, ...begun }].slice(-mostAgents);
    if (micro !== undefined) book(draft, (money) => reserve(money, agentKey(callId), micro));
  },
  agent_progress(draft, { agent_id: id, doing, tool_calls: toolCalls, tokens, cost_usd: costUsd }) {
    change(draft, id, { doing, toolCalls, tokens, costUsd });
  },
  agent_ended(draft, data) {
    const { agent_id: id, tool_call_id: callId, tool_calls: toolCalls, outcome, cost_usd, assumed_usd } = data;
    const tokens = data.prompt_tokens + data.completion_tokens;
    change(draft, id, { doing: "", toolCalls, tokens, costUsd: cost_usd, outcome });
    book(draft, (money) => settle(money, agentKey(callId), cost_usd, assumed_usd));
    const { totals } = draft.tokens;
    draft.tokens = {
      ...draft.tokens,
      totals: {
        ...totals,
        calls: totals.calls + data.calls,
        promptTokens: totals.promptTokens + data.prompt_tokens,
        completionTokens: totals.completionTokens + data.completion_tokens,
      },
    };
  },
};
