// The fold of sub-agents: what they cost is booked here, beside the session's own calls.
import { agentKey, microOf, reserve, settle } from "../money.ts";
import type { Handlers } from "./fold.ts";

export const foldAgents: Handlers<"agent_started" | "agent_ended"> = {
  agent_started(state, data) {
    const { agent_id: id, tool_call_id: callId, label } = data;
    state.agents.set(id, { id, label, callId, booked: state.agents.get(id)?.booked ?? 0, isRunning: true });
    if (data.reserved_micro_usd !== undefined) reserve(state.money, agentKey(callId), data.reserved_micro_usd);
  },
  agent_ended(state, data) {
    const agent = state.agents.get(data.agent_id);
    if (agent === undefined) return;
    agent.isRunning = false;
    agent.booked += microOf(data.cost_usd ?? 0) + microOf(data.assumed_usd ?? 0);
    settle(state.money, agentKey(data.tool_call_id), data.cost_usd, data.assumed_usd);
    const { totals } = state;
    totals.calls += data.calls;
    totals.promptTokens += data.prompt_tokens;
    totals.completionTokens += data.completion_tokens;
  },
};
