// The books of sub-agents: what each may spend, and what it has spent, in the ledger of the session that it works for.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DurableEvents } from "../../events.ts";
import { committed, remaining } from "../../session/money.ts";
import { callOf, type SessionState } from "../../session/state.ts";
import { openStore, type Store } from "../store.ts";
import type { Work } from "./question.ts";

/** The part of what is left of the budget that one question may use. */
const share = 0.25;

type Outcome = DurableEvents["agent_ended"]["outcome"];

export interface AgentBooks {
  /**
   * Puts on record that an agent begins to work on a call, unless it is at work on it already. Returns what it may spend
   * in all its life, in US dollars; null: no limit; undefined: as it was told.
   */
  begin(about: { agentId: string; callId: string; label: string; model: string }): number | null | undefined;
  /** Puts on record that it has ended its work, and what that has cost. `own`: its session; null: it never had one. */
  end(agentId: string, callId: string, outcome: Outcome, own: Store | null, work: Work | undefined): void;
  /** Closes the accounts of agents whose calls ended in an earlier process, before their own end was on record. */
  closeOpen(): void;
}

/** Keeps the books of the agents of a session; their sessions lie in `folder`. */
export function agentBooks(parent: Store, folder: string): AgentBooks {
  const idle: Work = { calls: 0, toolCalls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };

  /** What of an agent's spending is not in the books yet. */
  function due(
    agentId: string,
    own: SessionState | null,
  ): Pick<DurableEvents["agent_ended"], "cost_usd" | "assumed_usd"> {
    if (own === null) return { cost_usd: 0 };
    const booked = parent.state.agents.get(agentId)?.booked ?? 0;
    const cost = Math.max(0, committed(own.money) - booked) / 1e6;
    return own.money.unbounded === 0 ? { cost_usd: cost } : { cost_usd: null, assumed_usd: cost };
  }

  const books: AgentBooks = {
    begin({ agentId, callId, label, model }) {
      const known = parent.state.agents.get(agentId);
      if (known?.isRunning === true && known.callId === callId) return undefined;
      const left = remaining(parent.state.money);
      const about = { agent_id: agentId, tool_call_id: callId, label, model };
      if (!Number.isFinite(left)) {
        parent.publish({ type: "agent_started", data: about }, true);
        return null;
      }
      const micro = Math.floor(left * share);
      parent.publish({ type: "agent_started", data: { ...about, reserved_micro_usd: micro } }, true);
      return ((known?.booked ?? 0) + micro) / 1e6;
    },
    end(agentId, callId, outcome, own, work = idle) {
      const data = {
        agent_id: agentId,
        tool_call_id: callId,
        outcome,
        ...due(agentId, own?.state ?? null),
        calls: work.calls,
        tool_calls: work.toolCalls,
        prompt_tokens: work.promptTokens,
        completion_tokens: work.completionTokens,
      };
      parent.publish({ type: "agent_ended", data }, true);
    },
    closeOpen() {
      for (const { id, callId, isRunning } of parent.state.agents.values()) {
        if (!isRunning || callOf(parent.state, callId)?.status === "running") continue;
        const dir = join(folder, id);
        if (!existsSync(dir)) {
          books.end(id, callId, "interrupted", null, idle);
          continue;
        }
        const own = openStore(dir);
        books.end(id, callId, "interrupted", own, idle);
        own.close();
      }
    },
  };
  return books;
}
